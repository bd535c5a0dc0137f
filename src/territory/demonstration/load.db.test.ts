import { geoContains } from 'd3-geo'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql, transaction } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import {
  findContour,
  getTerritory,
  listCommunes,
  listOpenTerritories,
  listOutlines,
  listTerritoriesOf,
  searchTerritories,
} from '../queries.ts'
import { loadDemonstrationTerritory, removeDemonstrationTerritory } from './load.ts'
import { demonstrationTerritory } from './territory.ts'

const { departement, epcis, pays, vintage } = demonstrationTerritory

let testApp: TestApp
let real: { n: number }[]
beforeAll(async () => {
  testApp = await createTestApp()
  real = await countTerritories()
  await transaction(testApp.app.db, loadDemonstrationTerritory)
})
afterAll(() => testApp.close())

const countTerritories = async () =>
  (await sql<{ n: number }>`select count(*)::int as n from territory.territory`.execute(testApp.app.db.kysely)).rows

test('the département and the Pays are open and say that they are fictional', async () => {
  const open = await listOpenTerritories(testApp.app.db)
  expect(open.map(({ code }) => code).sort()).toEqual([departement.code, pays.code])
  for (const territory of open) expect(territory).toMatchObject({ demonstration: true, hasContour: true, vintage })
})

test('every territory has a contour and a centre, and populations add up', async () => {
  const { db } = testApp.app
  const communes = await listCommunes(db, departement.code)
  expect(communes).toHaveLength(40)
  const sum = communes.reduce((total, { population }) => total + population!, 0)
  expect((await getTerritory(db, departement.code)).population).toBe(sum)
  const members = await Promise.all(epcis.map(({ code }) => getTerritory(db, code)))
  expect(members.reduce((total, { population }) => total + population!, 0)).toBe(sum)
  expect(await listOutlines(db, departement.code)).toHaveLength(40)
  expect((await listOutlines(db, pays.code)).length).toBe((await listCommunes(db, pays.code)).length)
  expect((await listTerritoriesOf(db, departement.code)).filter(({ kind }) => kind === 'epci')).toHaveLength(3)
  const whole = (await findContour(db, departement.code))!
  for (const { code } of communes) {
    const { lon, lat } = await getTerritory(db, code)
    expect(geoContains(whole, [lon!, lat!]), code).toBe(true)
  }
})

test('its communes are found by name', async () => {
  const [first] = await searchTerritories(testApp.app.db, 'maistrance', 3)
  expect(first).toMatchObject({ name: 'Maistrance-sur-Ouvre', demonstration: true })
})

test('removing it leaves the real territories alone', async () => {
  const { db } = testApp.app
  await transaction(db, removeDemonstrationTerritory)
  expect(await countTerritories()).toEqual(real)
  expect(real[0]!.n).toBeGreaterThan(35_000)
  expect((await sql`select 1 from territory.membership`.execute(db.kysely)).rows).toEqual([])
  expect(await listOpenTerritories(db)).toEqual([])
})
