import { afterAll, beforeAll, expect, test } from 'vitest'
import { isDemonstration, loadDemonstration, sql } from '#platform'
import { demonstrationTerritory, importTerritory } from '#territory'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { readDemonstrationRecords } from './load.ts'

let testApp: TestApp
beforeAll(async () => {
  testApp = await createTestApp()
  expect(await loadDemonstration(testApp.app)).toBe(true)
})
afterAll(() => testApp.close())

async function rowsOf<Row>(query: ReturnType<typeof sql<Row>>): Promise<Row[]> {
  return (await query.execute(testApp.app.db.kysely)).rows
}

const countStaged = () =>
  rowsOf(sql<{ n: number }>`
    select ((select count(*) from registry.staged_establishment) + (select count(*) from registry.staged_enterprise)
      + (select count(*) from registry.staged_sign) + (select count(*) from registry.staged_position))::int as n`)

test('every record is in the register, marked, in its sector and its commune', async () => {
  const bySector = await rowsOf(sql<{ sector: string; n: number }>`
    select coalesce(sector, 'none') as sector, count(*)::int as n from registry.public_establishment where demonstration group by 1`)
  expect(Object.fromEntries(bySector.map(({ sector, n }) => [sector, n]))).toEqual({
    building: 211,
    services: 159,
    making: 79,
    food: 79,
    none: 72,
  })
  const [inside] = await rowsOf(sql<{ n: number }>`
    select count(*)::int as n from registry.public_establishment where departement = ${demonstrationTerritory.departement.code}`)
  expect(inside!.n).toBe(596)
  expect(await countStaged()).toEqual([{ n: 0 }])
})

test('what has no place of its own is at the centre of its commune, and says so', async () => {
  const byQuality = await rowsOf(sql<{ quality: string; n: number; placed: number }>`
    select position_quality as quality, count(*)::int as n, count(position)::int as placed from registry.public_establishment group by 1`)
  const found = Object.fromEntries(byQuality.map(({ quality, n, placed }) => [quality, [n, placed]]))
  const precise = Map.groupBy(readDemonstrationRecords(), ({ positionQuality }) => positionQuality)
  const [atAddress, inStreet, unknown] = (['address', 'street', 'none'] as const).map(
    (quality) => precise.get(quality)!.length,
  )
  expect(found).toEqual({
    address: [atAddress, atAddress],
    street: [inStreet, inStreet],
    commune: [unknown! - 4, unknown! - 4],
    none: [4, 0],
  })
})

test('a name and a craft are found by words', async () => {
  const found = await rowsOf(sql<{ name: string; search: string }>`
    select name, search from registry.public_establishment where name = 'La Mie Rêveuse'`)
  expect(found).toHaveLength(1)
  expect(found[0]!.search).toMatch(/^la mie reveuse boulanger/)
})

test('a refused or dry import of a real territory removes nothing', async () => {
  const { app } = testApp
  await importTerritory(app, 'operator', { departement: '82', contours: null, dryRun: true })
  await expect(
    importTerritory(app, 'operator', { departement: demonstrationTerritory.departement.code, contours: null }),
  ).rejects.toThrow('n’existe pas')
  expect(await isDemonstration(app.db)).toBe(true)
  expect(await rowsOf(sql`select count(*)::int as n from registry.public_establishment`)).toEqual([{ n: 600 }])
})

test('the first import of a real territory leaves nothing of it but the news that it is gone', async () => {
  const { app } = testApp
  const before = await rowsOf(
    sql<{ id: number; siret: string }>`select id, siret from registry.establishment order by id`,
  )
  await sql`
    insert into registry.establishment_history (siret, recorded_at, record) values (${before[0]!.siret}, now(), '{}')`.execute(
    app.db.kysely,
  )
  await importTerritory(app, 'operator', { departement: '82', contours: null })
  const [left] = await rowsOf(sql`
    select (select count(*) from registry.establishment)::int as establishments,
      (select count(*) from registry.establishment_history)::int as history,
      (select count(*) from territory.public_territory where demonstration)::int as territories`)
  expect(left).toEqual({ establishments: 0, history: 0, territories: 0 })
  expect(await isDemonstration(app.db)).toBe(false)
  expect(await rowsOf(sql`select id, siret from registry.public_retired order by id`)).toEqual(before)
  const told = await rowsOf(
    sql<{ id: string }>`select id from platform.retired where kind = 'establishment' order by id`,
  )
  expect(told.map(({ id }) => id)).toEqual(before.map(({ siret }) => siret).sort())
  const [revision] = await rowsOf(sql<{ value: number; last: number }>`
    select value, (select max(version) from registry.public_retired) as last from registry.public_revision`)
  expect(revision!.value).toBe(revision!.last)
})

test('once removed, it does not come back', async () => {
  expect(await loadDemonstration(testApp.app)).toBe(false)
  expect(await rowsOf(sql`select count(*)::int as n from registry.public_establishment`)).toEqual([{ n: 0 }])
})
