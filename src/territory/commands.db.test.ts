import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '#platform'
import { createTestApp, type TestApp } from '../platform/testing/application.ts'
import { importCustomTerritories, importTerritory } from './commands.ts'
import { findContour, findTerritory, listCommuneCodes, listOpenTerritories, listUnopened } from './queries.ts'

let own: TestApp
beforeAll(async () => {
  own = await createTestApp()
})
afterAll(() => own.close())
beforeEach(async () => {
  await sql`update territory.territory set imported_at = null, contour = null, center = null, box = null
    where imported_at is not null or contour is not null`.execute(own.app.db.kysely)
})

const square = (west: number, south: number) => ({
  type: 'Polygon',
  coordinates: [
    [
      [west, south],
      [west + 0.1, south],
      [west + 0.1, south + 0.1],
      [west, south + 0.1],
      [west, south],
    ],
  ],
})
const collection = (...features: [code: string, west: number, south: number, key?: string][]) => ({
  text: JSON.stringify({
    type: 'FeatureCollection',
    features: features.map(([code, west, south, key = 'code']) => ({
      type: 'Feature',
      properties: { [key]: code },
      geometry: square(west, south),
    })),
  }),
  file: 'contours.geojson',
  source: 'contours.geojson',
})

test('an import opens a département, with what its file lacks and what it has in excess', async () => {
  const contours = collection(['82121', 1.3, 44], ['82112', 1.1, 44, 'INSEE_COM'], ['31555', 1.4, 43.6])
  const done = await importTerritory(own.app, 'operator', { departement: '82', contours })
  expect(done).toMatchObject({ communes: 195, withContour: 2, ignored: ['31555'] })
  expect(done.missing).toHaveLength(193)
  expect((await listOpenTerritories(own.app.db)).map((one) => one.code)).toEqual(['82'])
  expect((await findTerritory(own.app.db, '82121'))?.lon).toBeCloseTo(1.35, 3)
  expect((await findContour(own.app.db, '82'))?.type).toBe('MultiPolygon')
  expect(await listUnopened(own.app.db, 'region-76')).not.toContainEqual({ code: '82', name: 'Tarn-et-Garonne' })
})

test('a merged commune follows its successor', async () => {
  const former = await sql<{ code: string; successor: string; departement: string }>`
    select f.code, f.successor, t.departement from territory.former_commune f
    join territory.territory t on t.code = f.successor where t.departement = '36' limit 1`.execute(own.app.db.kysely)
  const { code, successor, departement } = former.rows[0]!
  const contours = collection([successor, 1.5, 46.8], [code, 1.6, 46.8])
  await importTerritory(own.app, 'operator', { departement, contours })
  const contour = await findContour(own.app.db, successor)
  expect(contour?.type, 'the two squares are one').toBe('Polygon')
  expect((await findTerritory(own.app.db, code))?.code).toBe(successor)
})

test('an EPCI across two départements is whole once both are imported', async () => {
  const shared = await sql<{ epci: string; a: string; b: string; da: string; db: string }>`
    select x.epci, x.code as a, y.code as b, x.departement as da, y.departement as db
    from territory.territory x join territory.territory y on y.epci = x.epci and y.departement > x.departement
    where x.kind = 'commune' and y.kind = 'commune' and x.epci is not null order by x.code, y.code limit 1`.execute(
    own.app.db.kysely,
  )
  const { epci, a, b, da, db } = shared.rows[0]!
  await importTerritory(own.app, 'operator', { departement: da, contours: collection([a, 1, 45]) })
  await importTerritory(own.app, 'operator', { departement: db, contours: collection([b, 1.1, 45]) })
  const contour = await findContour(own.app.db, epci)
  expect(contour).toMatchObject({ type: 'Polygon', coordinates: [{ length: 7 }] })
})

test.each([
  ['99', collection(['82121', 1, 44]), 'n’existe pas'],
  ['82', { ...collection(), text: 'pas du json' }, 'ce n’est pas du JSON'],
  ['82', { ...collection(), text: '{"type":"Feature"}' }, 'FeatureCollection'],
  ['82', collection(['31555', 1.4, 43.6]), 'Aucun contour'],
  ['82', collection(['82121', 600000, 6300000]), 'longitudes et latitudes'],
])('département %s: a wrong input is refused and nothing is changed', async (departement, contours, why) => {
  await expect(importTerritory(own.app, 'operator', { departement, contours })).rejects.toThrow(why)
  expect(await listOpenTerritories(own.app.db)).toEqual([])
})

test('nobody but an administrator imports', async () => {
  await expect(importTerritory(own.app, null, { departement: '82', contours: null })).rejects.toMatchObject({
    status: 401,
  })
  expect(await listOpenTerritories(own.app.db)).toEqual([])
})

test('custom territories come from a list of communes, with their dates, and are replaced as a whole', async () => {
  const text =
    'code;nom;type;commune;debut\npays-test;Pays Test;pays;82121;2020-01-01\npays-test;Pays Test;pays;82112;2020-01-01\npays-test;Pays Test;pays;82112;2020-01-01\n'
  await importCustomTerritories(own.app, 'operator', { text, name: 'pays.csv' })
  const territory = await findTerritory(own.app.db, 'pays-test')
  expect(territory).toMatchObject({ kind: 'custom', name: 'Pays Test', validFrom: '2020-01-01', validTo: null })
  expect((await listCommuneCodes(own.app.db, 'pays-test')).sort()).toEqual(['82112', '82121'])
  await importCustomTerritories(own.app, 'operator', {
    text: 'code,nom,type,commune\npays-test,Pays Test,pays,82121\n',
    name: 'pays.csv',
  })
  expect(await listCommuneCodes(own.app.db, 'pays-test')).toEqual(['82121'])
})

test.each([
  ['code;nom;type\nx-y;X;pays\n', 'commune » manque'],
  ['code;nom;type;commune\nPAYS;X;pays;82121\n', 'ligne 2'],
  ['code;nom;type;commune\npays-x;X;pays;82121\npays-x;X;pays;82999\n', 'Communes inconnues'],
  ['code;nom;type;commune;debut\npays-x;X;pays;82121;2020\n', 'AAAA-MM-JJ'],
  ['code;nom;type;commune\n', 'aucune ligne'],
])('a wrong list is refused with its line: %j', async (text, why) => {
  await expect(importCustomTerritories(own.app, 'operator', { text, name: 'pays.csv' })).rejects.toThrow(why)
  expect(await findTerritory(own.app.db, 'pays-x')).toBeNull()
})
