import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import pino from 'pino'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  deleteMail,
  forgetMailsTo,
  listWaitingMails,
  markMailHanded,
  queueMail,
  retryMail,
  sql,
  transaction,
  type App,
  type User,
} from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { mailJob, purgeMailJob } from './deliver.ts'

const administrator: User = { id: 'a', name: 'A', email: 'a@exemple.fr', kind: 'person', administrator: true }
let testApp: TestApp
let app: App
/** What the server answers to a recipient, in order; then it takes all. */
let refusals: number[]
let received: { to: string[]; raw: string }[]
let server: SMTPServer
let smtpUrl: string

beforeAll(async () => {
  testApp = await createTestApp()
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo(_address, _session, done) {
      const responseCode = refusals.shift()
      done(responseCode ? Object.assign(new Error('no such box: refus@exemple.fr'), { responseCode }) : undefined)
    },
    onData(stream: SMTPServerDataStream, session, done) {
      const keep = async () => {
        const raw = (await buffer(stream)).toString()
        received.push({ to: session.envelope.rcptTo.map(({ address }) => address), raw })
        done()
      }
      void keep()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise<void>((done) => void server.close(() => done()))
  await testApp.close()
})
beforeEach(() => {
  refusals = []
  received = []
  app = withSmtp(smtpUrl)
})
afterEach(() => sql`delete from platform.mail`.execute(testApp.app.db.kysely))

const withSmtp = (url: string | null): App => ({
  ...testApp.app,
  config: { ...testApp.app.config, smtpUrl: url, mailFrom: 'Artisans <artisans@exemple.fr>' },
})
const send = (id: string, on = app) => mailJob.work({ app: on, id: '', progress: async () => undefined }, { id })
const rowOf = async (id: string) =>
  (await sql`select * from platform.mail where id = ${id}`.execute(app.db.kysely)).rows[0]
const letter = {
  to: 'marie@exemple.fr',
  subject: 'Votre lien d’accès',
  text: 'Bonjour,\n\nhttps://x.fr/a?jeton=abc\n.\nFin',
}

/** The text of a raw mail whose body is one part. */
function textOf(raw: string): string {
  const [head = '', ...body] = raw.split('\r\n\r\n')
  const encoded = body.join('\r\n\r\n')
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(encoded, 'base64').toString()
  if (!/quoted-printable/i.test(head)) return encoded
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}

test('a mail is delivered as it was written, once, and what it says is forgotten', async () => {
  const id = await queueMail(app.db.kysely, letter)
  await send(id)
  await send(id)
  expect(received).toHaveLength(1)
  const { to, raw } = received[0]!
  expect(to).toEqual(['marie@exemple.fr'])
  expect(raw).toMatch(/^From: Artisans <artisans@exemple\.fr>\r$/m)
  expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m)
  expect(raw).toContain(`Message-ID: <${id}@localhost>`)
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/im)
  expect(textOf(raw).replaceAll('\r\n', '\n').trimEnd()).toBe(letter.text)
  expect(await rowOf(id)).toMatchObject({
    recipient: null,
    subject: null,
    body: null,
    failure: null,
    sent_at: expect.any(Date),
  })
})

test('what is queued in a transaction is sent by the running program, after its commit alone', async () => {
  const own = await createTestApp({ smtpUrl, mailFrom: 'artisans@exemple.fr' })
  const { events, jobs, db } = own.app
  const early = await queueMail(db.kysely, { ...letter, to: 'avant@exemple.fr' })
  await jobs.start(own.app)
  await events.start(own.app)
  try {
    await expect(
      transaction(db, async (trx) => {
        await queueMail(trx, { ...letter, to: 'jamais@exemple.fr' })
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    await transaction(db, (trx) => queueMail(trx, letter))
    await expect.poll(async () => (await listWaitingMails(db)).total, { timeout: 30_000 }).toBe(0)
    expect(received.flatMap(({ to }) => to).sort()).toEqual(['avant@exemple.fr', 'marie@exemple.fr'])
    expect(early).toMatch(/-7/)
  } finally {
    await jobs.stop()
    await events.stop()
    await own.close()
  }
})

test('a refusal for good is kept with what the server said, and not tried again until somebody asks', async () => {
  refusals = [550, 550]
  const id = await queueMail(app.db.kysely, letter)
  await send(id)
  await send(id)
  expect(refusals).toEqual([550])
  const { mails } = await listWaitingMails(app.db)
  expect(mails).toMatchObject([
    { id, to: letter.to, text: letter.text, refused: true, failure: expect.stringContaining('550') },
  ])
  refusals = []
  await retryMail(app.db, administrator, id)
  await send(id)
  expect(received).toHaveLength(1)
  expect((await listWaitingMails(app.db)).total).toBe(0)
})

test('a passing refusal is tried again, and then delivered', async () => {
  refusals = [451]
  const id = await queueMail(app.db.kysely, letter)
  await expect(send(id)).rejects.toThrow('The mail server did not take a mail (451)')
  expect((await listWaitingMails(app.db)).mails).toMatchObject([
    { refused: false, failure: expect.stringContaining('451') },
  ])
  await send(id)
  expect(received).toHaveLength(1)
  expect(await rowOf(id)).toMatchObject({ attempts: 2, body: null })
  expect(mailJob.retryLimit).toBeGreaterThan(20)
})

test('a server that is absent loses no mail', async () => {
  const id = await queueMail(app.db.kysely, letter)
  await expect(send(id, withSmtp('smtp://127.0.0.1:1'))).rejects.toThrow('(ESOCKET)')
  await expect(send(id, withSmtp('smtp://absent.invalid:25'))).rejects.toThrow('(EDNS)')
  expect((await listWaitingMails(app.db)).mails).toMatchObject([{ id, refused: false }])
  await send(id)
  expect(received).toHaveLength(1)
})

test('a mail that one process sends is not sent by another', async () => {
  const id = await queueMail(app.db.kysely, letter)
  await Promise.all([send(id), send(id), send(id)])
  expect(received).toHaveLength(1)
})

test('a password does not travel in clear', async () => {
  const id = await queueMail(app.db.kysely, letter)
  const remote = smtpUrl.replace('smtp://127.0.0.1', 'smtp://moi:mot%2Fde%20passe@0.0.0.0')
  await expect(send(id, withSmtp(remote))).rejects.toThrow(/did not take/)
  expect(received).toEqual([])
})

test('nothing personal nor secret is in the journal nor in the error of a job', async () => {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  refusals = [451, 550]
  const id = await queueMail(app.db.kysely, letter)
  const error = await send(id, { ...app, log }).catch((thrown: Error) => thrown)
  await send(id, { ...app, log })
  expect(lines).toHaveLength(2)
  const told = lines.join('') + String(error) + String((error as Error).stack)
  for (const secret of ['exemple.fr', 'jeton', 'Bonjour', 'accès', 'no such box']) expect(told).not.toContain(secret)
})

test.each(['', 'marie', 'a@b@c', 'a b@c.fr', 'a@c.fr,d@e.fr', '<a@c.fr>', 'a@c.fr\nBcc: d@e.fr', 'a\0@c.fr'])(
  'no mail goes to « %s »',
  async (to) => {
    await expect(queueMail(app.db.kysely, { ...letter, to })).rejects.toMatchObject({ code: 'bad_input' })
  },
)

test.each(['', 'a\nBcc: d@e.fr', 'a\r\n\r\nb', 'a\u2028b', 'a\0'])('« %s » is no subject', async (subject) => {
  await expect(queueMail(app.db.kysely, { ...letter, subject })).rejects.toThrow('Not a mail subject')
})

test('no text makes a header, another recipient or another part', async () => {
  const awkward = fc.string({
    unit: fc.constantFrom('\r', '\n', '.', ' ', '\t', 'é', '𝕏', ':', '-', 'Bcc: x@y.fr', '--', '<b>'),
  })
  const kept = (text: string) => text.replace(/\r\n|\r/g, '\n').trimEnd()
  await fc.assert(
    fc.asyncProperty(awkward, awkward, async (subjectPart, textPart) => {
      const text = `x${textPart}`
      received = []
      const subject = `é ${subjectPart.replace(/[\r\n\t]/g, '')}`
      await send(await queueMail(app.db.kysely, { ...letter, subject, text }))
      const { to, raw } = received[0]!
      expect(to).toEqual([letter.to])
      const names = raw
        .slice(0, raw.indexOf('\r\n\r\n'))
        .split('\r\n')
        .filter((line) => /^\S/.test(line))
      expect(names.map((line) => line.split(':')[0]!.toLowerCase()).sort()).toEqual([
        'auto-submitted',
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
      ])
      expect(kept(textOf(raw))).toBe(kept(text))
    }),
    { numRuns: 60 },
  )
})

test('without a server, an administrator hands mails over, or deletes them; nobody else may', async () => {
  const off = withSmtp(null)
  const ids: string[] = []
  for (let i = 0; i < 3; i++) ids.push(await queueMail(off.db.kysely, { ...letter, subject: `Courriel ${i}` }))
  await send(ids[0]!, off)
  expect(received).toEqual([])
  const { mails, total } = await listWaitingMails(off.db, 2)
  expect(mails.map(({ id }) => id)).toEqual([ids[2], ids[1]])
  expect(total).toBe(3)
  for (const actor of [null, { ...administrator, administrator: false }, { ...administrator, kind: 'guest' as const }])
    for (const command of [markMailHanded, deleteMail, retryMail])
      await expect(command(off.db, actor, ids[0]!)).rejects.toMatchObject({
        status: actor?.kind === 'person' ? 403 : 401,
      })
  await markMailHanded(off.db, administrator, ids[0]!)
  expect(await rowOf(ids[0]!)).toMatchObject({ recipient: null, body: null })
  await deleteMail(off.db, administrator, ids[1]!)
  await deleteMail(off.db, administrator, 'x')
  expect((await listWaitingMails(off.db)).mails.map(({ id }) => id)).toEqual([ids[2]])
})

test('mails leave after thirty days, and those to an erased person at once', async () => {
  const { kysely } = app.db
  const [old, recent, other] = [
    await queueMail(kysely, letter),
    await queueMail(kysely, { ...letter, to: 'Marie@Exemple.fr' }),
    await queueMail(kysely, { ...letter, to: 'paul@exemple.fr' }),
  ]
  await sql`update platform.mail set created_at = now() - interval '31 days' where id = ${old}`.execute(kysely)
  await purgeMailJob.work({ app, id: '', progress: async () => undefined }, {})
  expect((await listWaitingMails(app.db)).mails.map(({ id }) => id)).toEqual([other, recent])
  await transaction(app.db, (trx) => forgetMailsTo(trx, letter.to))
  expect((await listWaitingMails(app.db)).mails.map(({ id }) => id)).toEqual([other])
})
