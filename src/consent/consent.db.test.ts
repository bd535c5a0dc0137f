import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { disclosures } from '#accounts/model'
import { newId, sql, transaction, UserError } from '#platform'
import { createTestApp, type TestApp } from '../platform/testing/application.ts'
import { askConsent, declareRecord, giveConsent, narrowConsent, refuseConsent, withdrawConsent } from './commands.ts'
import { expiryJob } from './jobs.ts'
import { effectiveDisclosure, transition, undeclared, type ConsentEvent, type Scope } from './machine.ts'
import { findDisclosure, listDisclosures } from './queries.ts'
import { agreement, personOf, surveyorOf } from './testing.ts'
import { getText, prepareTexts, readTexts } from './texts.ts'

let testApp: TestApp
beforeAll(async () => {
  testApp = await createTestApp()
})
afterAll(() => testApp.close())

const [anna, basile] = [personOf('anna'), personOf('basile')]
const holder = { kind: 'person', id: 'anna' }

/** A record that waits for Anna's agreement. */
async function declared(changes: Partial<Parameters<typeof declareRecord>[2]> = {}) {
  const record = { kind: 'statement', id: newId() }
  await declareRecord(testApp.app.db, anna, { ...record, asked: 'public', body: null, holder, ...changes })
  return record
}
async function isPublic({ id }: { id: string }) {
  const { kysely } = testApp.app.db
  return (await sql`select 1 from consent.public_record where id = ${id}`.execute(kysely)).rows.length === 1
}
async function retired({ id }: { id: string }) {
  const { kysely } = testApp.app.db
  return (await sql`select 1 from platform.retired where id = ${id}`.execute(kysely)).rows.length
}
const versionOf = async ({ id }: { id: string }) =>
  (await sql<{ version: number }>`select version from consent.record where id = ${id}`.execute(testApp.app.db.kysely))
    .rows[0]!.version

test('what concerns somebody is public from his agreement to his withdrawal, at the commits', async () => {
  const { db } = testApp.app
  const record = await declared()
  expect(await findDisclosure(db, record.kind, record.id)).toBe('secret')
  expect(await giveConsent(db, anna, { ...record, ...agreement })).toBe('public')
  expect(await isPublic(record)).toBe(true)
  const version = await versionOf(record)
  await transaction(db, async (trx) => {
    expect(await withdrawConsent(trx, anna, record)).toBe('secret')
    throw new Error('undone')
  }).catch(() => undefined)
  expect(await isPublic(record)).toBe(true)
  await withdrawConsent(db, anna, record)
  expect([await isPublic(record), await retired(record)]).toEqual([false, 1])
  expect(await versionOf(record)).toBeGreaterThan(version)
  expect(await withdrawConsent(db, anna, record)).toBe('secret')
  expect(await retired(record)).toBe(1)
  const told = await sql<{ count: number }>`select count(*)::int as count from platform.outbox
    where kind = 'consent.changed' and payload->>'id' = ${record.id}`.execute(db.kysely)
  expect(told.rows[0]!.count).toBe(4)
})

test('what concerns nobody is as its author asks, and he alone takes it back', async () => {
  const { db } = testApp.app
  const record = await declared({ holder: null })
  expect(await isPublic(record)).toBe(true)
  await expect(withdrawConsent(db, basile, record)).rejects.toMatchObject({ status: 403 })
  await withdrawConsent(db, anna, record)
  expect(await isPublic(record)).toBe(false)
  expect(await declareRecord(db, anna, { ...record, asked: 'public', body: null, holder: null })).toBe('secret')
})

test('a term ends the publication by itself, then as an event', async () => {
  const { app } = testApp
  const record = await declared()
  const until = new Date(Date.now() + 60_000).toISOString()
  await giveConsent(app.db, anna, { ...record, ...agreement, scope: { ...agreement.scope, until } })
  expect(await isPublic(record)).toBe(true)
  // The clock cannot be moved: the term is.
  await transaction(app.db, async (trx) => {
    await sql`select set_config('consent.erasing', 'on', true)`.execute(trx)
    await sql`update consent.event set until = now() where record = ${record.id} and until is not null`.execute(trx)
  })
  await sql`update consent.record set until = now() where id = ${record.id}`.execute(app.db.kysely)
  expect([await isPublic(record), await retired(record)]).toEqual([false, 0])
  expect(await findDisclosure(app.db, record.kind, record.id)).toBe('secret')
  expect((await listDisclosures(app.db, record.kind, [record.id, 'x'])).get(record.id)).toBe('secret')
  await expiryJob.work({ app, id: '', progress: async () => undefined }, {})
  expect(await retired(record)).toBe(1)
  const kept = await sql`select status, effective from consent.record where id = ${record.id}`.execute(app.db.kysely)
  expect(kept.rows).toEqual([{ status: 'expired', effective: 'secret' }])
})

test('a term of the past, an unknown text, a paper without its scan and a guardian without a name are refused', async () => {
  const { db } = testApp.app
  const record = { ...(await declared()), ...agreement }
  const code = (changes: Partial<Parameters<typeof giveConsent>[2]>) =>
    giveConsent(db, anna, { ...record, ...changes }).then(
      () => 'given',
      (error: unknown) => (error instanceof UserError ? (error.fields[0]?.field ?? error.code) : String(error)),
    )
  expect(await code({ scope: { ...record.scope, until: '2020-01-01' } })).toBe('until')
  expect(await code({ scope: { ...record.scope, until: 'demain' } })).toBe('until')
  expect(await code({ textVersion: 'know-how-999' })).toBe('consent.text_unknown')
  expect(await code({ way: 'paper' })).toBe('evidence')
  expect(await code({ by: 'guardian', ageClass: 'minor' })).toBe('guardian')
  expect(await code({ by: 'guardian', ageClass: 'adult', guardian: 'X' })).toBe('by')
  expect(await code({})).toBe('given')
})

test('a minor needs both signatures, and is never shown to all with what tells who he is', async () => {
  const { db } = testApp.app
  const minor = { ...agreement, ageClass: 'minor' as const, textVersion: 'minor-1' }
  const guardian = { ...minor, by: 'guardian' as const, guardian: 'Une mère' }
  const [named, hands] = [await declared(), await declared({ identifying: false })]
  for (const record of [named, hands]) {
    expect(await giveConsent(db, anna, { ...record, ...minor })).toBe('secret')
    await giveConsent(db, anna, { ...record, ...guardian })
  }
  expect(await findDisclosure(db, named.kind, named.id)).toBe('partners')
  expect(await findDisclosure(db, hands.kind, hands.id)).toBe('public')
  await expect(giveConsent(db, anna, { ...named, ...agreement })).rejects.toMatchObject({ status: 409 })
})

test('who collected writes the agreement down under a clause; others, and the administrator, cannot', async () => {
  const { db } = testApp.app
  const { body, surveyor } = await surveyorOf(db)
  const { surveyor: stranger } = await surveyorOf(db)
  const record = await declared({ body, author: surveyor.id })
  await askConsent(db, surveyor, record)
  const paper = { ...record, ...agreement, way: 'paper' as const }
  await expect(giveConsent(db, surveyor, paper)).rejects.toMatchObject({ status: 400 })
  for (const actor of [stranger, basile, personOf('admin', true)])
    await expect(giveConsent(db, actor, { ...paper, evidence: newId() })).rejects.toMatchObject({ status: 403 })
  await expect(giveConsent(db, null, paper)).rejects.toMatchObject({ status: 401 })
  expect(await giveConsent(db, surveyor, { ...paper, evidence: newId() })).toBe('public')
  const traces = await sql<{ allowed_by: string }>`select allowed_by from accounts.audit
    where person = ${surveyor.id} and subject_id = 'anna' order by id`.execute(db.kysely)
  expect(traces.rows.map((row) => row.allowed_by)).toEqual(['clause', 'clause'])
  await expect(withdrawConsent(db, stranger, record)).rejects.toMatchObject({ status: 403 })
  expect(await withdrawConsent(db, personOf('admin', true), record)).toBe('secret')
})

test('whoever holds the enterprise agrees for it, and a guest for himself', async () => {
  const { db } = testApp.app
  const siret = '73282932000074'
  const record = await declared({ holder: { kind: 'enterprise', id: siret }, author: 'somebody' })
  await expect(giveConsent(db, basile, { ...record, ...agreement })).rejects.toMatchObject({ status: 403 })
  await sql`insert into accounts.enterprise_holder (person, siret) values ('basile', ${siret})`.execute(db.kysely)
  expect(await giveConsent(db, basile, { ...record, ...agreement })).toBe('public')
  const guest = { ...personOf('g1'), kind: 'guest' as const, email: null }
  const film = await declared({ holder: { kind: 'guest', id: 'g1' }, author: 'somebody' })
  expect(await giveConsent(db, guest, { ...film, ...agreement, textVersion: 'image-1' })).toBe('public')
})

test('events are only ever added to, and texts never change', async () => {
  const { db } = testApp.app
  await declared()
  await expect(sql`update consent.event set actor = 'x'`.execute(db.kysely)).rejects.toThrow('append-only')
  await expect(sql`delete from consent.event`.execute(db.kysely)).rejects.toThrow('append-only')
  await expect(sql`update consent.text set body = 'x'`.execute(db.kysely)).rejects.toThrow('append-only')
  const texts = await readTexts()
  expect(new Set(texts.map(({ version }) => version)).size * 2).toBe(texts.length)
  await prepareTexts(db, texts)
  await expect(prepareTexts(db, [{ ...texts[0]!, hash: 'other' }])).rejects.toThrow('was changed')
  await prepareTexts(db, [{ ...texts[0]!, topic: 'image', lang: 'fr', version: 'image-10', title: 'Nouveau' }])
  expect((await getText(db, 'fr', { topic: 'image' }))?.version).toBe('image-10')
  expect((await getText(db, 'fr', { version: 'image-1' }))?.title).toContain('image')
  expect(await getText(db, 'fr', { version: 'image-2' })).toBeNull()
})

const scope = fc.record({
  audience: fc.constantFrom(...disclosures),
  uses: fc.constantFrom<Scope['uses']>([], ['atlas'], ['teaching', 'publication']),
  until: fc.constantFrom(null, '2031-01-01T00:00:00.000Z', '2032-01-01T00:00:00.000Z'),
})
const step: fc.Arbitrary<ConsentEvent> = fc.oneof(
  fc.record({
    type: fc.constant('declare' as const),
    asked: fc.constantFrom(...disclosures),
    holder: fc.constantFrom(null, 'person:anna', 'person:basile'),
    identifying: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('give' as const),
    by: fc.constantFrom('holder' as const, 'guardian' as const),
    ageClass: fc.constantFrom('adult' as const, 'minor' as const),
    scope,
  }),
  fc.record({ type: fc.constant('narrow' as const), scope }),
  fc.constantFrom<ConsentEvent>({ type: 'ask' }, { type: 'refuse' }, { type: 'withdraw' }),
)

/** The command of an event, done by the operator. */
function run(record: { kind: string; id: string }, event: ConsentEvent): Promise<unknown> {
  const { db } = testApp.app
  switch (event.type) {
    case 'declare': {
      const [kind, id] = event.holder?.split(':') ?? []
      const who = kind && id ? { kind, id } : null
      return declareRecord(db, 'operator', { ...record, ...event, body: null, holder: who })
    }
    case 'give':
      return giveConsent(db, 'operator', { ...record, ...agreement, ...event, guardian: 'Un père' })
    case 'narrow':
      return narrowConsent(db, 'operator', { ...record, scope: event.scope })
    case 'ask':
      return askConsent(db, 'operator', record)
    case 'refuse':
      return refuseConsent(db, 'operator', record)
    default:
      return withdrawConsent(db, 'operator', record)
  }
}

test('whatever happens, the database shows what the pure rule says', async () => {
  const { db } = testApp.app
  let steps = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (events) => {
      const record = { kind: 'statement', id: newId() }
      let state = undeclared
      for (const event of [
        { type: 'declare', asked: 'public', holder: 'person:anna', identifying: false },
        ...events,
      ] as ConsentEvent[]) {
        const next = transition(state, event)
        const done = await run(record, event).then(
          () => true,
          (error: unknown) => {
            if (error instanceof UserError) return false
            throw error
          },
        )
        expect(done).toBe(next !== null)
        state = next ?? state
        const seen = effectiveDisclosure(state, new Date().toISOString())
        expect(await findDisclosure(db, record.kind, record.id)).toBe(seen)
        expect(await isPublic(record)).toBe(seen === 'public')
        steps++
      }
    }),
    { numRuns: 60 },
  )
  process.stdout.write(`consent commands: ${steps} steps as the machine says\n`)
}, 240_000)

test('nobody proves an agreement by the file of another, which an erasure would take along', async () => {
  const { db } = testApp.app
  const scan = { kind: 'media', id: newId() }
  await declareRecord(db, basile, { ...scan, asked: 'public', body: null, holder: { kind: 'person', id: 'basile' } })
  const record = await declared()
  const proved = { ...record, ...agreement, way: 'paper' as const, evidence: scan.id }
  await expect(giveConsent(db, anna, proved)).rejects.toMatchObject({ status: 403 })
  const own = { kind: 'media', id: newId() }
  await declareRecord(db, anna, { ...own, asked: 'secret', body: null, holder })
  expect(await giveConsent(db, anna, { ...proved, evidence: own.id })).toBe('public')
})
