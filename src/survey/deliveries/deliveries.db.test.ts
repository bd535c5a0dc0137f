import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cookieOf, signIn } from '../../accounts/people/testing.ts'
import { giveConsent } from '#consent'
import { createServer, newId, sql, UserError, type User } from '#platform'
import { sayStatement, settle } from '#statements'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { createBody, join, person, plainItems } from '../contributions/testing.ts'
import { latestGuide } from '../guide/guides.ts'
import { carryOutAcceptance } from './accept.ts'
import { acceptDelivery, decideRow, readDelivery, removeDelivery, setColumns, undoDelivery } from './commands.ts'
import { deliveriesPage, deliveryPage } from './page.ts'
import { importScene, needExport, rowsOf, settled } from './testing/bench.ts'
import { faults, partnerFile, type Fault, type PartnerRow } from './testing/partner-file.ts'
import { changedTables, snapshot } from './testing/snapshot.ts'

let own: TestApp
let server: FastifyInstance
let rows: PartnerRow[]
let partner: User
let body: string

const db = () => own.app.db.kysely
const number = latestGuide().items.find(({ kind, ceiling }) => kind === 'number' && ceiling === undefined)
const answers = [
  { header: plainItems[0]!.label.fr, cell: (i: number) => ['oui', 'non', 'en partie', 'ne sait pas'][i % 4]! },
  { header: plainItems[1]!.label.fr, cell: (i: number) => (i % 5 === 0 ? 'peut-être bien' : 'Oui') },
  ...(number ? [{ header: number.label.fr, cell: (i: number) => `${i},5` }] : []),
]

beforeAll(async () => {
  own = await createTestApp()
  rows = await importScene(own.app, 20_261_125)
  await own.app.events.start(own.app)
  await own.app.jobs.start(own.app)
  server = await createServer({ app: own.app, pages: 'none' })
  partner = person('Odile')
  body = (await createBody(db(), 'Fédération des brasseurs')).id
  await join(db(), body, partner)
})
afterAll(async () => {
  await server.close()
  await own.app.jobs.stop()
  await own.app.events.stop()
  await own.close()
})

const deliver = (bytes: Buffer | string, more: { actor?: User; body?: string; fileName?: string } = {}) =>
  readDelivery(own.app, more.actor ?? partner, {
    body: more.body ?? body,
    title: 'Adhérents',
    fileName: more.fileName ?? 'adherents.csv',
    bytes: Buffer.from(bytes),
  })

const isCandidate = (fault: Fault) => fault === 'closed' || fault === 'taken_over'

test('500 rows of a partner against the real export: what is matched is right, and what is closed is asked', async (context) => {
  needExport(context)
  const start = performance.now()
  const id = await deliver(partnerFile(rows, answers))
  const seconds = (performance.now() - start) / 1000
  const kept = await rowsOf(own.app, id)
  expect(kept).toHaveLength(500)
  const judged = kept.map(({ line, siret, decision }) => ({ row: rows[line - 2]!, siret, decision }))
  const matched = judged.filter(({ decision }) => decision === 'matched')
  const right = matched.filter(({ row, siret }) => row.truth === siret)
  const wanted = judged.filter(({ row }) => row.truth !== null)
  const doubtful = judged.filter(({ decision }) => decision === 'doubtful')
  const [precision, recall] = [right.length / matched.length, right.length / wanted.length]
  for (const fault of faults) {
    const of = judged.filter(({ row }) => row.fault === fault)
    const count = (decision: string) => of.filter((one) => one.decision === decision).length
    console.log(
      `  ${fault}: ${of.length} matched=${count('matched')} doubtful=${count('doubtful')} unknown=${count('unknown')}`,
    )
  }
  console.log(
    `delivery rows=${kept.length} precision=${precision.toFixed(3)} recall=${recall.toFixed(3)} doubtful=${doubtful.length} seconds=${seconds.toFixed(1)}`,
  )
  expect(precision).toBeGreaterThanOrEqual(0.97)
  expect(recall).toBeGreaterThanOrEqual(0.85)
  // Nobody speaks of a closed enterprise without having chosen it.
  expect(judged.filter(({ row, decision }) => isCandidate(row.fault) && decision === 'matched')).toEqual([])
  await removeDelivery(own.app, partner, id)
})

/** What others say meanwhile of enterprises that the file speaks of: they agree, and they do not. */
async function speakOfSome(name: string, sirets: readonly string[]) {
  const other = person('Zoé')
  const { id } = await createBody(db(), name, [{}, { action: 'validate' }])
  await join(db(), id, other, 'manager')
  for (const [i, siret] of sirets.entries())
    for (const item of [plainItems[0]!.id, plainItems[1]!.id])
      await sayStatement(own.app.db, other, {
        subject: { kind: 'enterprise', id: siret },
        item,
        value: { kind: 'answer', answer: i % 2 ? 'yes' : 'no' },
        as: 'right',
        body: id,
        method: 'on_site',
        asked: 'public',
      })
  return other
}

test('undoing a delivery gives back the former state, byte for byte', { timeout: 300_000 }, async (context) => {
  needExport(context)
  const sirets = rows.flatMap(({ fault, truth }) => (fault === 'siret_right' ? [truth!] : [])).slice(0, 40)
  await speakOfSome('Chambre de métiers', sirets)
  const before = await snapshot(own.app, server, sirets)

  const id = await deliver(partnerFile(rows, answers.slice(0, 1)))
  const doubtful = (await rowsOf(own.app, id)).find(({ decision }) => decision === 'doubtful')!
  await decideRow(own.app, partner, { delivery: id, line: doubtful.line, siret: doubtful.candidates[0]!.siret })
  await acceptDelivery(own.app, partner, id)
  expect(await settled(own.app, id)).toBe('accepted')
  const during = await snapshot(own.app, server, sirets)
  const said = await sql<{ visits: number; answers: number }>`select
      (select count(*)::int from survey.contribution where delivery = ${id}::uuid) as visits,
      (select count(*)::int from statements.statement s where s.body = ${body}) as answers`.execute(db())
  console.log(`  accepted visits=${said.rows[0]!.visits} answers=${said.rows[0]!.answers}`)
  expect(said.rows[0]!.visits).toBeGreaterThan(350)
  // Bodies have values that they had not; nobody else sees any of it without the artisan's agreement.
  expect(during.agreed.length).toBeGreaterThan(before.agreed.length + 300)
  expect(during.answers).toEqual(before.answers)

  await undoDelivery(own.app, partner, id, { confirmed: true })
  expect(await settled(own.app, id)).toBe('undone')
  const after = await snapshot(own.app, server, sirets)
  expect(after.answers).toEqual(before.answers)
  expect(after.agreed).toEqual(before.agreed)
  expect(after.coverage).toEqual(before.coverage)
  // What stays: the delivery, the acts in the journal, ids of agreements as erased, and how it was worked off.
  expect(changedTables(before, after)).toEqual([
    'accounts.audit',
    'consent.record',
    'platform.job_progress',
    'platform.outbox',
    'statements.agreed',
    'survey.delivery',
  ])
  const left = await sql<{ n: number }>`select count(*)::int as n from consent.record where status <> 'erased'
    and (body = ${body} or author = ${partner.id})`.execute(db())
  expect(left.rows[0]!.n).toBe(0)
})

/** A short file about enterprises that exist. */
const shortFile = (count: number, from = 0) =>
  partnerFile(rows.filter(({ fault }) => fault === 'siret_right').slice(from, from + count), [
    { header: plainItems[0]!.id, cell: () => 'oui' },
  ])

const countVisits = async (id: string) =>
  (
    await sql<{ n: number }>`select count(*)::int as n from survey.contribution where delivery = ${id}::uuid`.execute(
      db(),
    )
  ).rows[0]!.n

test('an acceptance that is cut off and starts again says everything once', async (context) => {
  needExport(context)
  const id = await deliver(shortFile(60))
  await sql`update survey.delivery set state = 'accepting', accepted_by = ${partner.id} where id = ${id}::uuid`.execute(
    db(),
  )
  const cut = new Error('cut')
  await expect(
    carryOutAcceptance(own.app, id, async () => {
      throw cut
    }),
  ).rejects.toBe(cut)
  const halfway = await countVisits(id)
  expect(halfway).toBeGreaterThan(0)
  expect(halfway).toBeLessThan(60)
  await carryOutAcceptance(own.app, id)
  await carryOutAcceptance(own.app, id)
  expect(await countVisits(id)).toBe(60)
  const said = await sql<{
    n: number
    distinct: number
  }>`select count(*)::int as n, count(distinct subject_id)::int as distinct
    from statements.statement where body = ${body}`.execute(db())
  expect(said.rows[0]).toEqual({ n: 60, distinct: 60 })
  await undoDelivery(own.app, partner, id, { confirmed: true })
  expect(await settled(own.app, id)).toBe('undone')
})

test('what an artisan agreed to is retired with the delivery, and a choice made for it falls', async (context) => {
  needExport(context)
  const siret = rows.filter(({ fault }) => fault === 'siret_right')[130]!.truth!
  const other = await speakOfSome('Commune des Brasseurs', [siret])
  const [validator, artisan] = [other, person('Artisan')]
  await sql`insert into accounts.enterprise_holder (person, siret) values (${artisan.id}, ${siret})`.execute(db())
  const read = async () => (await server.inject(`/api/statements?subject=enterprise:${siret}`)).body
  const before = await read()
  const id = await deliver(shortFile(1, 130))
  await acceptDelivery(own.app, partner, id)
  await settled(own.app, id)
  const [visit] = (
    await sql<{ id: string }>`select id from survey.contribution where delivery = ${id}::uuid`.execute(db())
  ).rows
  await giveConsent(own.app.db, artisan, {
    kind: 'contribution',
    id: visit!.id,
    scope: { audience: 'public', uses: ['atlas', 'publication'], until: null },
    way: 'screen',
    by: 'holder',
    ageClass: 'adult',
    textVersion: 'know-how-1',
    textLang: 'fr',
  })
  await own.app.events.settle()
  const statements = await sql<{ id: string; own: boolean }>`select id, body = ${body} as own from statements.statement
    where subject_id = ${siret} and item = ${plainItems[0]!.id}`.execute(db())
  const chosen = statements.rows.find((one) => one.own)!.id
  await settle(own.app.db, validator, { chosen, over: statements.rows.map((one) => one.id), reason: 'Vu sur place' })
  await own.app.events.settle()
  expect(await read()).toContain(chosen)
  await undoDelivery(own.app, partner, id, { confirmed: true })
  await settled(own.app, id)
  await own.app.events.settle()
  const versionless = (text: string) => text.replace(/"version":\d+/g, '')
  expect(versionless(await read())).toBe(versionless(before))
  expect((await server.inject('/api/retired')).body).toContain(chosen)
})

test('a file that cannot be taken is refused in words, whatever is in it', async () => {
  const refused = async (bytes: Buffer | string, fileName?: string) => {
    const error: unknown = await deliver(bytes, fileName ? { fileName } : {}).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UserError)
    expect((error as UserError).status).toBe(400)
    return (error as UserError).message
  }
  expect(await refused('')).toMatch(/vide/)
  expect(await refused('SIRET;Nom;Ville\n')).toMatch(/en-tête/)
  expect(await refused('SIRET;Nom;Ville\n;;\n  ; ;\n')).toMatch(/en-tête/)
  expect(await refused('1;2\n3;4\n')).toMatch(/nommer les colonnes/)
  const long = `SIRET;Nom\n${'73282932000074;Forge\n'.repeat(20_001)}`
  expect(await refused(long)).toMatch(/20.000 lignes/)
  expect(await refused(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]), 'a.xlsx')).not.toBe('')
  await expect(deliver('SIRET\n1', { body: '' })).rejects.toMatchObject({ fields: [{ field: 'body' }] })
})

test('formulas, doubled headers, titles above and other encodings are read for what they are', async () => {
  const { fr } = plainItems[0]!.label
  const file = [
    'Enquête 2026;;;;',
    '',
    `Nom;Nom;SIRET;SIRET;${fr}`,
    "=cmd|' /C calc'!A1;Forge;;;oui",
    '@SUM(1);"Brasserie d’Élodie";;;"=1+1"',
  ].join('\n')
  const latin = Buffer.from(file.replaceAll('’', "'"), 'latin1')
  for (const bytes of [Buffer.from(file), latin, Buffer.from(`\u{feff}${file}`, 'utf16le')]) {
    const id = await deliver(bytes)
    const page = await deliveryPage(own.app, partner, id, { lang: 'fr', show: 'all', after: 0 })
    expect(page.columns.map(({ meaning }) => meaning)).toEqual([
      'name',
      'name',
      'siret',
      'ignored',
      `item:${plainItems[0]!.id}`,
    ])
    expect(page.rows.map(({ line, answers: count }) => [line, count])).toEqual([
      [4, 1],
      [5, 0],
    ])
    expect(page.rows[1]!.name).toContain('Élodie')
    expect(page.rows[1]!.problems[0]!.message).toContain('oui, non, en partie')
    await removeDelivery(own.app, partner, id)
  }
})

test('the people of the body alone see a delivery, and act under a convention that reaches the enterprise', async (context) => {
  needExport(context)
  const stranger = person('Inconnu')
  const id = await deliver(shortFile(2))
  await expect(deliveryPage(own.app, stranger, id, { lang: 'fr', show: null, after: 0 })).rejects.toMatchObject({
    status: 403,
  })
  await expect(deliver(shortFile(1), { actor: stranger })).rejects.toMatchObject({ code: 'survey.may_not_deliver' })
  await expect(acceptDelivery(own.app, stranger, id)).rejects.toMatchObject({ status: 403 })
  const colleague = person('Collègue')
  await join(db(), body, colleague)
  await expect(undoDelivery(own.app, colleague, id, { confirmed: true })).rejects.toMatchObject({ status: 403 })
  await expect(undoDelivery(own.app, partner, id, { confirmed: false })).rejects.toMatchObject({ status: 400 })
  await expect(undoDelivery(own.app, partner, id, { confirmed: true })).rejects.toMatchObject({ status: 409 })

  const local = person('Local')
  const { id: commune } = await createBody(db(), 'Commune', [{ territory: '82' }])
  await join(db(), commune, local)
  const away = await deliver(shortFile(3), { actor: local, body: commune })
  const page = await deliveryPage(own.app, local, away, { lang: 'fr', show: 'refused', after: 0 })
  expect(page.counts.refused).toBe(3)
  expect(page.rows[0]!.problems[0]!.message).toMatch(/ne couvre pas cette commune/)
  await expect(acceptDelivery(own.app, local, away)).rejects.toMatchObject({ fields: [{ field: 'accept' }] })
})

test('what is personal is never kept, and correcting a column reads the rows again', async (context) => {
  needExport(context)
  const id = await deliver(shortFile(3))
  const kept = async () =>
    JSON.stringify((await sql`select * from survey.delivery_row where delivery = ${id}::uuid`.execute(db())).rows)
  expect(await kept()).not.toMatch(/05 63|exemple\.fr/)
  const page = () => deliveryPage(own.app, partner, id, { lang: 'fr', show: 'all', after: 0 })
  const { columns, rows: shown } = await page()
  expect(columns.filter(({ meaning }) => meaning === 'personal')).toHaveLength(2)
  const meanings = columns.map(({ meaning }) => meaning as string)
  await expect(setColumns(own.app, partner, id, meanings.with(1, 'siret'))).rejects.toMatchObject({
    fields: [{ field: 'column-0' }, { field: 'column-1' }],
  })
  await expect(setColumns(own.app, partner, id, meanings.with(1, 'item:licorne'))).rejects.toMatchObject({
    status: 400,
  })
  await decideRow(own.app, partner, { delivery: id, line: 2, siret: null })
  await setColumns(own.app, partner, id, meanings.with(2, 'personal').with(7, `item:${plainItems[2]!.id}`))
  const again = await page()
  expect(again.columns[7]).toMatchObject({ meaning: `item:${plainItems[2]!.id}`, confidence: null })
  expect(again.rows.map(({ decision }) => decision)).toEqual(['skipped', 'matched', 'matched'])
  expect(await kept()).not.toContain(shown[1]!.cells[2])
  await expect(
    decideRow(own.app, partner, { delivery: id, line: 3, siret: '732 829 320 00075' }),
  ).rejects.toMatchObject({
    fields: [{ field: 'siret-3' }],
  })
  await removeDelivery(own.app, partner, id)
  expect(await kept()).toBe('[]')
})

test('a file is sent by a form, and a refusal comes back to its field', async () => {
  const { id, session } = await signIn(own.app, 'odile@exemple.fr')
  await join(db(), body, { id })
  const actor: User = { ...partner, id }
  const send = (file: string) => {
    const form = new FormData()
    form.set('body', body)
    form.set('title', 'Vague 1')
    form.set('file', new File([file], 'vague.csv'))
    return postForm(form, session)
  }
  const refused = await send('SIRET;Nom\n')
  expect(refused.statusCode).toBe(303)
  const refusal = /refus=([^#]+)/.exec(String(refused.headers.location))![1]!
  const page = await deliveriesPage(own.app, actor, { refusal, before: null })
  expect(page.refused).toMatchObject({ field: 'file', title: 'Vague 1', body })
  expect(page.deliveries.map((one) => one.id)).not.toContain(refusal)
  const taken = await send(`Nom;Ville;${plainItems[0]!.id}\nForge;Montauban;oui\n`)
  const path = String(taken.headers.location)
  expect(path).toMatch(/^\/espace\/livraisons\/[0-9a-f-]{36}$/)
  const report = await server.inject({ url: `${path}/rapport.csv`, headers: { cookie: cookieOf(session) } })
  expect(report.statusCode).toBe(200)
  expect(report.body).toMatch(/^\u{feff}ligne;décision;SIRET/u)
  expect((await server.inject(`${path}/rapport.csv`)).statusCode).toBe(401)
  expect(await sql`select 1 from survey.delivery where id = ${refusal}::uuid`.execute(db())).toMatchObject({ rows: [] })
})

async function postForm(form: FormData, session: string) {
  const request = new Request('http://127.0.0.1:3000/', { method: 'POST', body: form })
  return server.inject({
    method: 'POST',
    url: '/espace/livraisons/fichier',
    headers: {
      'content-type': request.headers.get('content-type')!,
      cookie: cookieOf(session),
      origin: 'http://127.0.0.1:3000',
      host: '127.0.0.1:3000',
      'sec-fetch-site': 'same-origin',
    },
    payload: Buffer.from(await request.arrayBuffer()),
  })
}

test('a delivery of 5,000 rows is matched by a job, and read page after page', async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => `Forge ${i};Montauban;oui`)
  const id = await deliver(`Nom;Ville;${plainItems[0]!.id}\n${lines.join('\n')}\n`)
  expect(await settled(own.app, id)).toBe('read')
  let [after, seen, pages] = [0, 0, 0]
  for (;;) {
    const page = await deliveryPage(own.app, partner, id, { lang: 'fr', show: 'all', after })
    seen += page.rows.length
    pages++
    if (page.next === null) break
    after = page.next
  }
  expect([seen, pages]).toEqual([5000, 100])
  await expect(acceptDelivery(own.app, partner, id)).rejects.toMatchObject({ status: 400 })
  await expect(deliveryPage(own.app, partner, newId(), { lang: 'fr', show: null, after: 0 })).rejects.toMatchObject({
    status: 404,
  })
})
