import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDemonstration, sql, type User } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { takeForPerson } from '../contributions/commands.ts'
import { createBody, join, Journal, person } from '../contributions/testing.ts'
import type { Entry } from '../model.ts'
import { coverageOf, lastAsked, listContributions, listProspects, listUnsurveyed, pageSize } from './queries.ts'

interface Unit {
  siret: string
  commune: string
  metier: string | null
}

let own: TestApp
let territory: string
let units: Unit[]
let body: string
let surveyor: User
const journal = new Journal()
const visited: Unit[] = []

const send = (actor: User, entries: Entry[], channel: 'device' | 'delivery' = 'device') =>
  takeForPerson(own.app, actor, journal.request(...entries), { channel })
const open = ({ siret }: Unit) => journal.open({ siret }, body)

beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  const db = own.app.db.kysely
  // Only the visits of the test count.
  await sql`delete from survey.contribution`.execute(db)
  const where = await sql<{ departement: string }>`select departement from registry.public_establishment
    where departement is not null group by 1 order by count(*) desc limit 1`.execute(db)
  territory = where.rows[0]!.departement
  const found = await sql<Unit>`select siret, commune, metier from registry.public_establishment
    where departement = ${territory} and state = 'open' and craft_rule <> 'none' order by siret`.execute(db)
  units = found.rows
  body = (await createBody(db, 'Chambre de métiers')).id
  surveyor = person()
  await join(db, body, surveyor)
  visited.push(...units.filter((_, i) => i % 9 === 0))
  for (const one of visited) {
    const visit = open(one)
    await send(surveyor, [visit, journal.answer(visit)])
  }
  // Long before this season.
  await sql`update survey.contribution set opened_at = opened_at - interval '1 year' where siret = ${visited[0]!.siret}`.execute(
    db,
  )
})
afterAll(() => own.close())

const countOf = (condition: (unit: Unit) => boolean) => ({
  units: units.filter(condition).length,
  surveyed: visited.filter(condition).length,
  season: visited.slice(1).filter(condition).length,
})

test('what is surveyed is counted by commune and by craft, and adds up', async () => {
  const { communes, metiers } = await coverageOf(own.app.db, { territory })
  expect(communes.length).toBeGreaterThan(1)
  for (const { code, name, ...count } of communes) {
    expect(name).not.toBe(code)
    expect(count).toEqual(countOf(({ commune }) => commune === code))
  }
  for (const { slug, label: _, sector: __, ...count } of metiers)
    expect(count).toEqual(countOf(({ metier }) => metier === slug))
  for (const rows of [communes, metiers]) expect(rows.reduce((sum, one) => sum + one.units, 0)).toBe(units.length)
  expect((await coverageOf(own.app.db, { territory: communes[0]!.code })).communes).toEqual([communes[0]])
})

test('who was last asked, when and by whom; a file asks nobody', async () => {
  const alone = units.find((one) => !visited.includes(one))!
  const visit = open(alone)
  await send(surveyor, [visit, journal.answer(visit)], 'delivery')
  const [asked] = visited.slice(1)
  const found = await lastAsked(own.app.db, [asked!.siret, alone.siret])
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' })
  expect([...found]).toEqual([[asked!.siret, { on: today, body: 'Chambre de métiers' }]])
  await sql`delete from survey.contribution where id = ${visit.contribution}`.execute(own.app.db.kysely)
})

test('the list of those not visited misses nobody and repeats nobody', async () => {
  const expected = units.filter((one) => !visited.includes(one)).map(({ siret }) => siret)
  const seen: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listUnsurveyed>> = await listUnsurveyed(own.app.db, { territory, after })
    expect(page.enterprises.length).toBeLessThanOrEqual(pageSize)
    seen.push(...page.enterprises.map(({ siret }) => siret))
    after = page.next
  } while (after !== null)
  expect(seen.toSorted()).toEqual(expected)
  const { commune } = units.find((one) => !visited.includes(one))!
  const there = await listUnsurveyed(own.app.db, { territory, commune, after: 'nonsense' })
  expect(new Set(there.enterprises.map((one) => one.commune))).toEqual(new Set([commune]))
})

test('visits are listed to their author and to his body, those that wait said so', async () => {
  const prospect = journal.prospect(units[0]!.commune, body)
  const visit = journal.open({ prospect: prospect.id }, body)
  await send(surveyor, [prospect, visit, journal.answer(visit)])
  const mine = await listContributions(own.app.db, surveyor, { whose: 'mine' })
  expect(mine.contributions[0]).toMatchObject({
    id: visit.contribution,
    name: 'Atelier du Pont',
    siret: null,
    body: { id: body },
    mine: true,
    answers: 1,
    waiting: 1,
    agreement: null,
  })
  const colleague = person('Bea')
  await join(own.app.db.kysely, body, colleague, 'reader')
  const ids: string[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listContributions>> = await listContributions(own.app.db, colleague, {
      whose: 'bodies',
      after,
    })
    ids.push(...page.contributions.map(({ id }) => id))
    after = page.next
  } while (after !== null)
  expect(new Set(ids).size).toBe(visited.length + 1)
  expect(ids).toHaveLength(visited.length + 1)
  expect((await listContributions(own.app.db, colleague, { whose: 'mine' })).contributions).toEqual([])
  expect((await listContributions(own.app.db, person(), { whose: 'bodies' })).contributions).toEqual([])
  expect(await listProspects(own.app.db, colleague)).toMatchObject([{ id: prospect.id, visits: 1, mine: false }])
  expect(await listProspects(own.app.db, person())).toEqual([])
})
