import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDemonstration, newId, sql } from '#platform'
import { importTerritory } from '#territory'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { personOf } from '../contributions/rows.ts'
import { coverageOf, listContributions, listProspects } from '../coverage/queries.ts'
import { listAsked } from '../coverage/asked.ts'
import { planMeeting } from '../meetings/commands.ts'
import { getMeeting, pageMeetings } from '../meetings/queries.ts'
import { readDemonstrationIds, readDemonstrationSurvey } from './data.ts'
import { removeDemonstrationSurvey } from './load.ts'

let running: TestApp
const survey = readDemonstrationSurvey()
const { bodies, people } = readDemonstrationIds()
const surveyor = personOf(survey.visits.find(({ body }) => body === bodies[0])!.author)

beforeAll(async () => {
  running = await createTestApp()
  const start = performance.now()
  expect(await loadDemonstration(running.app)).toBe(true)
  console.info(`the demonstration was loaded in ${Math.round(performance.now() - start)} ms`)
}, 120_000)
afterAll(() => running.close())

const db = () => running.app.db
const rowsOf = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(db().kysely)).rows

test('every entry counts, in the name of its body and under a clause', async () => {
  const [found] = await rowsOf(sql<Record<string, number>>`select
    (select count(*)::int from survey.contribution) as visits,
    (select count(distinct body)::int from survey.contribution) as bodies,
    (select count(*)::int from survey.contribution where clause is null and siret is not null) as own,
    (select count(*)::int from survey.contribution where held) as held,
    (select count(*)::int from statements.statement s join survey.entry e on e.id = s.id) as answers`)
  expect(found).toEqual({
    visits: 82,
    bodies: 6,
    own: survey.visits.filter(({ body }) => body === null).length,
    held: 2,
    answers: survey.visits.reduce((sum, { answers }) => sum + answers.length, 0),
  })
})

test('the public reads what was agreed to, settled and contested, and nothing of a refusal', async () => {
  const states = await rowsOf(sql<{ state: string; n: number }>`
    select state, count(*)::int as n from statements.public_agreed a
    where subject_id = any(${survey.visits.map(({ siret }) => siret)}) group by state`)
  const count = Object.fromEntries(states.map(({ state, n }) => [state, n]))
  expect(count['settled']).toBe(2)
  expect(count['contested']).toBe(1)
  expect(count['tied']).toBeGreaterThan(1)
  expect(count['agreed']).toBeGreaterThan(100)
  const closed = survey.visits.filter(({ consent }) => consent !== 'public')
  const alone = closed.filter(({ siret }) => survey.visits.filter((one) => one.siret === siret).length === 1)
  const seen = await rowsOf(sql`select subject_id from statements.public_agreed
    where subject_id = any(${alone.map(({ siret }) => siret)})`)
  expect(alone.length).toBeGreaterThan(5)
  expect(seen).toEqual([])
})

test('the desk shows coverage, visits, what waits, and meetings', async () => {
  const { communes } = await coverageOf(db(), { territory: 'ZZ' })
  expect(communes.reduce((sum, { surveyed }) => sum + surveyed, 0)).toBe(
    new Set(survey.visits.map(({ siret }) => siret)).size,
  )
  const [season, before] = [
    await listAsked(db(), { territory: 'ZZ', season: true }),
    await listAsked(db(), { territory: 'ZZ', season: false }),
  ]
  expect(season.enterprises.length).toBeGreaterThan(20)
  expect(before.enterprises.length).toBeGreaterThan(5)
  expect(season.enterprises.filter(({ asked }) => asked === null)).toEqual([])
  const mine = await listContributions(db(), surveyor, { whose: 'mine' })
  expect(mine.contributions.length).toBeGreaterThan(3)
  expect((await listProspects(db(), surveyor)).map(({ name }) => name)).toEqual([survey.prospects[0]!.name])
  const { meetings } = await pageMeetings(db(), surveyor, { past: true, after: null })
  const { people: came } = await getMeeting(db(), surveyor, meetings[0]!.id)
  expect(came!.length).toBeGreaterThan(2)
})

test('a page of those asked begins where the last one ended', async () => {
  const all: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listAsked>> = await listAsked(db(), { territory: 'ZZ', season: true, after })
    all.push(...page.enterprises.map(({ siret }) => siret))
    after = page.next
  } while (after)
  expect(new Set(all).size).toBe(all.length)
})

test('the first import of a real territory leaves nothing of it', async () => {
  // What real people added while they tried the demonstration goes too.
  const input = {
    kind: 'meeting',
    title: 'Essai',
    day: '2030-01-01',
    from: '10:00',
    lastDay: '',
    until: '',
    place: 'Ici',
  }
  await planMeeting(db(), surveyor, { ...input, body: bodies[0]!, agenda: '' })
  // A real body's agenda stays, without the fictional people.
  const [real, meeting, delivery] = [newId(), newId(), newId()]
  await sql`insert into survey.meeting (id, body, author, kind, title, starts_at, place)
    values (${meeting}, ${real}, 'x', 'meeting', 'Vraie', now(), 'Là')`.execute(db().kysely)
  await sql`insert into survey.attendance (id, meeting, name, person)
    values (${newId()}, ${meeting}, 'Fictive', ${people[0]!})`.execute(db().kysely)
  await sql`insert into survey.delivery (id, body, author, title, file_name, state, guide)
    values (${delivery}, ${real}, 'x', 'Essai', 'a.csv', 'accepted', 1)`.execute(db().kysely)
  await sql`insert into survey.delivery_row (delivery, line, cells, siret, decision)
    values (${delivery}, 2, '{}', ${survey.visits[0]!.siret}, 'matched')`.execute(db().kysely)
  await importTerritory(running.app, 'operator', { departement: '82', contours: null })
  const [left] = await rowsOf(sql<Record<string, number>>`select
    (select count(*)::int from survey.contribution) as visits, (select count(*)::int from survey.entry) as entries,
    (select count(*)::int from survey.prospect) as prospects,
    (select count(*)::int from survey.meeting where body <> ${real}) as meetings,
    (select count(*)::int from survey.delivery) as deliveries,
    (select count(*)::int from survey.attendance) as attendance,
    (select count(*)::int from statements.statement) as statements, (select count(*)::int from statements.agreed) as agreed,
    (select count(*)::int from consent.record where status <> 'erased') as records,
    (select count(*)::int from consent.event) as events,
    (select count(*)::int from accounts.public_body) as bodies,
    (select count(*)::int from accounts.person where id = any(${people})) as people,
    (select count(*)::int from accounts.convention) as conventions,
    (select count(*)::int from accounts.membership) as memberships`)
  expect(Object.entries(left!).filter(([, count]) => count !== 0)).toEqual([])
})

test('removed again, it changes nothing', async () => {
  await db()
    .kysely.transaction()
    .execute((trx) => removeDemonstrationSurvey(trx))
  expect(await loadDemonstration(running.app)).toBe(false)
})
