import { afterAll, beforeAll, expect, test } from 'vitest'
import { createJobs, loadDemonstration, sql, type User } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { createBody, join, person, plainItems } from '../contributions/testing.ts'
import { latestGuide } from '../guide/guides.ts'
import { guideToXlsform, workbookOf } from '../guide/xlsform/write.ts'
import { collectJobs, takeCollection } from './accept.ts'
import { findCollection, getCollection, passTo } from './collections.ts'
import { acceptCollection, readCollection, removeCollection } from './commands.ts'
import { countsOf, type CollectReport, type FormReport } from './model.ts'
import { collectionPage, collectPage } from './page.ts'
import { eraseCollections, exportCollections } from './personal.ts'

let own: TestApp
let body: string
let near: string
/** Units of two communes of the demonstration. */
let units: { siret: string; commune: string }[]
const ada = person()
const [first, second] = plainItems.map(({ id }) => id) as [string, string]

beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  const db = own.app.db.kysely
  const found = await sql<{ siret: string; commune: string }>`select distinct on (commune) siret, commune
    from registry.public_establishment where commune is not null order by commune, siret limit 2`.execute(db)
  units = found.rows
  body = (await createBody(db, 'Chambre')).id
  near = (await createBody(db, 'Voisins', [{ territory: units[0]!.commune }])).id
  await join(db, body, ada)
  await join(db, near, ada)
})
afterAll(() => own.close())

const columns = [
  'KEY',
  'end',
  'guide_version',
  'enterprise-siret',
  'enterprise-enterprise_name',
  'enterprise-enterprise_commune',
  first,
  second,
  'work-radius',
  'humeur',
]
type Row = Partial<Record<'key' | 'end' | 'siret' | 'name' | 'commune' | 'first' | 'second' | 'radius', string>>

const csvOf = (...rows: Row[]) =>
  Buffer.from(
    [
      columns,
      ...rows.map((row) => [
        `uuid:${row.key}`,
        row.end ?? '2026-11-20T10:00:00.000Z',
        '1',
        row.siret ?? '',
        row.name ?? '',
        row.commune ?? '',
        row.first ?? '',
        row.second ?? '',
        row.radius ?? '',
        'bonne',
      ]),
    ]
      .map((cells) => cells.join(','))
      .join('\n'),
  )

const read = (bytes: Uint8Array, user: User = ada, name = body, fileName = 'export.csv') =>
  readCollection(own.app, user, { body: name, fileName, bytes })

const reportOf = async (id: string) => (await findCollection(own.app.db.kysely, id))!.report as CollectReport
const countedIn = async (id: string) => countsOf(await reportOf(id))

/** Takes the answers of a file as the job does once it is accepted. */
async function take(id: string) {
  await passTo(own.app.db.kysely, id, 'read', 'accepting')
  await takeCollection(own.app, id)
  return countedIn(id)
}

const kept = async () =>
  (
    await sql<{
      type: string
      state: string
      count: number
    }>`select type, state, count(*)::int as count from survey.entry
      where contribution in (select id from survey.contribution where channel = 'collect')
      group by type, state order by type, state`.execute(own.app.db.kysely)
  ).rows.map(({ type, state, count }) => `${count} ${type} ${state}`)

// A valid number that no unit of the demonstration has.
const absent = '41817685900019'

const visits = (): Row[] => [
  { key: 'a', siret: units[0]!.siret, first: 'yes', second: 'no', radius: '30' },
  { key: 'b', siret: absent, first: 'partly' },
  { key: 'c', name: 'Atelier du Pont', commune: units[1]!.commune, first: 'yes' },
  { key: 'd', siret: units[1]!.siret, first: 'peut-être', second: 'yes' },
  { key: 'e', siret: '123', first: 'yes' },
]

test('nothing counts before it is accepted; then all that is sound does, and the file is gone', async () => {
  const id = await read(csvOf(...visits()))
  const before = await reportOf(id)
  expect(countsOf(before)).toEqual({ rows: 5, taken: 6, known: 0, refused: 2 })
  expect(before.unknown).toEqual(['humeur'])
  expect(before.problems.map(({ sheet, row, column }) => [sheet, row, column])).toEqual([
    ['export', 5, first],
    ['export', 6, null],
  ])
  expect(before.rows.map(({ registered }) => registered)).toEqual([true, false, false, true, false])
  expect(before.rows.map(({ siret }) => siret)).toEqual([units[0]!.siret, absent, null, units[1]!.siret, '123'])
  expect(await kept()).toEqual([])

  expect(await take(id)).toEqual({ rows: 5, taken: 6, known: 0, refused: 2 })
  expect(await kept()).toEqual(['2 answer held', '4 answer taken', '2 open held', '2 open taken', '1 prospect taken'])
  expect(await findCollection(own.app.db.kysely, id)).toMatchObject({ state: 'accepted', tables: null })
  const channels =
    await sql`select distinct channel, body, author from survey.contribution where author = ${ada.id}`.execute(
      own.app.db.kysely,
    )
  expect(channels.rows).toEqual([{ channel: 'collect', body, author: ada.id }])
})

test('the same file again changes nothing, whoever of the body gives it; a corrected answer is taken', async () => {
  const before = await kept()
  const again = await read(csvOf(...visits()))
  expect(await countedIn(again)).toEqual({ rows: 5, taken: 0, known: 6, refused: 2 })
  await expect(acceptCollection(own.app, ada, again)).rejects.toMatchObject({ code: 'survey.collection_empty' })
  await removeCollection(own.app, ada, again)

  const bob = person('Bob')
  await join(own.app.db.kysely, body, bob)
  expect(await countedIn(await read(csvOf(...visits()), bob))).toMatchObject({ taken: 0, known: 6 })

  const [one, ...others] = visits()
  const corrected = await read(csvOf({ ...one!, first: 'no', end: '2026-11-21T08:00:00.000Z' }, ...others))
  expect(await take(corrected)).toMatchObject({ taken: 1, known: 5 })
  expect(await kept()).toEqual(before.map((line) => (line === '4 answer taken' ? '5 answer taken' : line)))
})

test('a correction that kept the moment of its visit counts, whatever its number', async () => {
  const rows = Array.from({ length: 6 }, (_, at): Row => ({ key: `tie${at}`, siret: units[0]!.siret, first: 'yes' }))
  await take(await read(csvOf(...rows)))
  expect(await take(await read(csvOf(...rows.map((row): Row => ({ ...row, first: 'no' })))))).toMatchObject({
    taken: 6,
  })
  const last = await sql<{ answer: string }>`
    select distinct on (e.contribution) e.payload->'value'->>'answer' as answer from survey.entry e
    join survey.contribution c on c.id = e.contribution and c.channel = 'collect'
    where e.type = 'answer' and e.payload->>'item' = ${first}
      and exists (select from survey.entry o where o.contribution = e.contribution and o.said_at <> e.said_at and o.type = 'answer')
    order by e.contribution, e.said_at desc, e.id desc`.execute(own.app.db.kysely)
  expect(last.rows.filter(({ answer }) => answer === 'no').length).toBeGreaterThanOrEqual(6)
  const tied = await sql`select contribution from survey.entry where type = 'answer'
    group by contribution, payload->>'item', said_at having count(*) > 1`.execute(own.app.db.kysely)
  expect(tied.rows).toEqual([])
})

test('a job that was cut off starts again, and takes nothing twice', async () => {
  const rows: Row[] = ['k1', 'k2', 'k3'].map((key) => ({ key, siret: units[0]!.siret, second: 'partly' }))
  const id = await read(csvOf(...rows))
  const half = await read(csvOf(rows[0]!))
  expect(await take(half)).toMatchObject({ taken: 1 })
  expect(await take(id)).toEqual({ rows: 3, taken: 2, known: 1, refused: 0 })
  // The job again, once it has ended.
  const before = await kept()
  await takeCollection(own.app, id)
  expect(await kept()).toEqual(before)
})

test('a person accepts by the queue', async () => {
  const jobs = createJobs(own.app.db, collectJobs, own.app.log)
  const app = { ...own.app, jobs }
  await jobs.start(app)
  const id = await read(csvOf({ key: 'q', siret: units[1]!.siret, second: 'no' }))
  await acceptCollection(app, ada, id)
  await expect.poll(async () => (await collectionPage(app, ada, id)).state, { timeout: 30_000 }).toBe('accepted')
  expect(await countedIn(id)).toMatchObject({ taken: 1 })
  await expect(acceptCollection(app, ada, id)).rejects.toMatchObject({ status: 409 })
  await jobs.stop()
})

test('rights are those of surveyors: by territory, by body, for oneself', async () => {
  const rows: Row[] = units.map(({ siret }, at) => ({ key: `r${at}`, siret, first: 'yes' }))
  const id = await read(csvOf(...rows), ada, near)
  expect(await countedIn(id)).toMatchObject({ taken: 1, refused: 1 })
  const { problems } = await reportOf(id)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatchObject({ row: 3, column: null })
  expect(problems[0]!.reason).toMatch(/territoire/)

  const stranger = person('Eve')
  await expect(read(csvOf(...rows), stranger)).rejects.toMatchObject({ status: 403 })
  await expect(read(csvOf(...rows), stranger, '')).rejects.toMatchObject({ status: 400, fields: [{ field: 'body' }] })
  await expect(readCollection(own.app, null, { body, fileName: 'a.csv', bytes: csvOf() })).rejects.toMatchObject({
    status: 401,
  })
  await expect(collectionPage(own.app, stranger, id)).rejects.toMatchObject({ status: 404 })
  expect(await collectPage(own.app, stranger, 'nimporte')).toMatchObject({ bodies: [], own: false, refusal: null })
  expect((await collectPage(own.app, ada, 'body')).bodies.map(({ name }) => name).toSorted()).toEqual([
    'Chambre',
    'Voisins',
  ])
})

test('a commune is known by its name, and told when it is none', async () => {
  const named = await sql<{
    name: string
  }>`select name from territory.public_territory where code = ${units[1]!.commune}`.execute(own.app.db.kysely)
  const id = await read(
    csvOf(
      { key: 'n1', name: 'Forge', commune: named.rows[0]!.name.toUpperCase(), first: 'yes' },
      { key: 'n2', name: 'Forge', commune: 'Nullepart-sur-Rien', first: 'yes' },
    ),
  )
  expect(await countedIn(id)).toMatchObject({ taken: 1, refused: 1 })
  expect((await reportOf(id)).problems[0]!.reason).toContain('Nullepart-sur-Rien')
})

test('the form itself is told from its answers; what is neither is refused in words, until the next file', async () => {
  const form = await workbookOf(
    guideToXlsform(latestGuide(), {
      sectors: new Map([['food', { fr: 'Métiers de bouche', en: 'Food' }]]),
      metiers: new Map(),
    }),
  )
  const one = await getCollection(own.app.db.kysely, ada, await read(form, ada, body, 'guide.xlsx'))
  expect(one.state).toBe('form')
  expect(one.report as FormReport).toMatchObject({ known: latestGuide().items.length, problems: [] })

  const noGuide = await read(Buffer.from('nom;prix\nBois;3'), ada, body, 'prix.csv')
  const page = await collectionPage(own.app, ada, noGuide)
  expect(page).toMatchObject({ state: 'refused', report: null })
  expect(page.problem).toContain('« prix »')
  expect(await findCollection(own.app.db.kysely, one.id)).toBeNull()

  const broken = await read(Buffer.from('%PDF-1.7'), ada, body, 'scan.pdf')
  expect((await collectionPage(own.app, ada, broken)).problem).toMatch(/PDF/)
  await expect(read(Buffer.alloc(0), ada, body, '')).rejects.toMatchObject({ fields: [{ field: 'file' }] })
})

test('an erasure takes the files of a person, and those that name an enterprise', async () => {
  const db = own.app.db.kysely
  const id = await read(csvOf({ key: 'z', siret: units[0]!.siret, first: 'unknown' }))
  expect(await exportCollections(db, { kind: 'person', id: ada.id })).toHaveProperty('collections')
  await eraseCollections(db, { kind: 'enterprise', id: units[0]!.siret })
  expect(await findCollection(db, id)).toBeNull()
  await eraseCollections(db, { kind: 'person', id: ada.id })
  const left = await sql<{
    count: number
  }>`select count(*)::int as count from survey.collection where author = ${ada.id}`.execute(db)
  expect(left.rows[0]!.count).toBe(0)
})
