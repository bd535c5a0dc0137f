import fc from 'fast-check'
import { parse } from 'csv-parse/sync'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, loadDemonstration, sql } from '#platform'
import { establishmentsDataset, parseQuery } from '#registry'
import { createTestApp, type TestApp } from '../platform/testing/application.ts'
import { mapPage } from './map/page.ts'
import { viewOf } from './register-index.ts'

let own: TestApp
let server: FastifyInstance
beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  server = await createServer({ app: own.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await own.close()
})

const oneOf = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })

/** Filters as an address writes them. */
const filters = fc
  .record({
    territory: oneOf('ZZ', 'ZZ001', 'ZZ012', '000000002', 'pays-des-trois-fours', '82'),
    sector: oneOf('food', 'building', 'making,services', 'food,building'),
    metier: oneOf('boulanger-patissier', 'macon', 'coiffeur,macon'),
    employees: oneOf('NN', '01', '01,02,03'),
    createdFrom: oneOf('1990', '2015', '2020'),
    createdTo: oneOf('1999', '2016', '2026'),
    layer: oneOf('practices', 'practices-social'),
    q: oneOf('boul', 'atelier', 'maçon LAVANDELLE', 'rien de tel', "d'"),
    bbox: oneOf('-5.3,45.7,-5.1,46', '-5.2,45.9,-5.0,46.1'),
    craft: oneOf('all'),
    state: oneOf('open', 'closed', 'all'),
  })
  .map(
    (record) =>
      new URLSearchParams(Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  )

/** Counts and numbers of the rows of a tile. */
function tileCount(bytes: Buffer): number {
  if (bytes.length === 0) return 0
  const { layers } = new VectorTile(new PbfReader(bytes))
  let count = layers.points?.length ?? 0
  for (let i = 0; i < (layers.clusters?.length ?? 0); i++) count += Number(layers.clusters!.feature(i).properties.count)
  return count
}

test('list, map, table of points, API, CSV, GeoJSON and tiles say the same number under any filter', async () => {
  await fc.assert(
    fc.asyncProperty(filters, async (parameters) => {
      const query = parseQuery(parameters)
      const [{ points, filter }, count] = await Promise.all([
        viewOf(own.app, query),
        establishmentsDataset(own.app.db).count(query),
      ])
      expect(points.count(filter), 'index').toBe(count)
      const page = (await server.inject({ url: `/api/establishments?${parameters}&limit=1000` })).json<{
        numberMatched: number
        numberReturned: number
        features: { id: string }[]
      }>()
      expect([page.numberMatched, page.numberReturned, page.features.length], 'API').toEqual([count, count, count])
      const csv = await server.inject({ url: `/api/establishments.csv?${parameters}` })
      const rows = parse(csv.body, { columns: true }) as { siret: string }[]
      expect(
        rows.map((row) => row.siret),
        'CSV',
      ).toEqual(page.features.map((one) => one.id))
      const geojson = (await server.inject({ url: `/api/establishments.geojson?${parameters}` })).json<{
        features: unknown[]
      }>()
      expect(geojson.features, 'GeoJSON').toEqual(page.features)
      const tile = await server.inject({ url: `/tiles/atlas/0/0/0.mvt?${parameters}` })
      expect(tileCount(tile.rawPayload) + points.countUnplaced(filter), 'tile').toBe(count)
      const map = await mapPage(own.app, parameters)
      expect(map.count, 'list').toBe(count)
    }),
    { numRuns: 60 },
  )
})

test('a group of the map opens a list of exactly its members', async () => {
  const map = await mapPage(own.app, new URLSearchParams({ territory: 'ZZ' }))
  expect(map.spots.length).toBeGreaterThan(5)
  for (const spot of map.spots) {
    const opened = await mapPage(own.app, new URLSearchParams({ territory: 'ZZ', bbox: spot.bounds.join(',') }))
    expect(opened.count).toBe(spot.count)
  }
})

test('pages of the API follow one another without a hole or a repetition', async () => {
  const all = (await server.inject({ url: '/api/establishments?craft=all&limit=1000' })).json<{
    features: { id: string }[]
    numberMatched: number
  }>()
  const seen: string[] = []
  let url: string | undefined = '/api/establishments?craft=all&limit=37'
  while (url) {
    const page: { features: { id: string }[]; links: { rel: string; href: string }[] } = (
      await server.inject({ url })
    ).json()
    seen.push(...page.features.map((one) => one.id))
    url = page.links.find((link) => link.rel === 'next')?.href
  }
  expect(seen).toEqual(all.features.map((one) => one.id))
  expect(new Set(seen).size).toBe(all.numberMatched)
})

test('every order holds the same units, dates in their direction, unknown ones last', async () => {
  const lists = new Map<string, string[]>()
  for (const sort of ['name', 'newest', 'oldest']) {
    const dates: (string | null)[] = []
    const ids: string[] = []
    let url: string | undefined = `/api/establishments?craft=all&limit=83&sort=${sort}`
    while (url) {
      const page: {
        features: { id: string; properties: { createdOn: string | null } }[]
        links: { rel: string; href: string }[]
      } = (await server.inject({ url })).json()
      ids.push(...page.features.map((one) => one.id))
      dates.push(...page.features.map((one) => one.properties.createdOn))
      url = page.links.find((link) => link.rel === 'next')?.href
    }
    lists.set(sort, ids.toSorted())
    const known = dates.filter((date) => date !== null)
    expect(dates.slice(0, known.length).includes(null) && sort !== 'name').toBe(false)
    if (sort === 'oldest') expect(known).toEqual(known.toSorted())
    if (sort === 'newest') expect(known).toEqual(known.toSorted().reverse())
  }
  expect(lists.get('newest')).toEqual(lists.get('name'))
  expect(lists.get('oldest')).toEqual(lists.get('name'))
})

test('an unchanged register answers 304, a changed one does not', async () => {
  const url = '/tiles/atlas/6/31/22.mvt?sector=food'
  const first = await server.inject({ url })
  const headers = { 'if-none-match': String(first.headers.etag) }
  expect((await server.inject({ url, headers })).statusCode).toBe(304)
  const list = await server.inject({ url: '/api/establishments' })
  expect(
    (await server.inject({ url: '/api/establishments', headers: { 'if-none-match': String(list.headers.etag) } }))
      .statusCode,
  ).toBe(304)
  await sql`with gone as (delete from registry.establishment where siret = (select min(siret) from registry.establishment where sector = 'food') returning id, siret)
    insert into registry.retired (id, siret, version) select id, siret, nextval('registry.version') from gone`.execute(
    own.app.db.kysely,
  )
  await sql`update registry.revision set value = (select max(version) from registry.retired)`.execute(own.app.db.kysely)
  const query = parseQuery(new URLSearchParams({ craft: 'all' }))
  const [{ points, filter }, count] = await Promise.all([
    viewOf(own.app, query),
    establishmentsDataset(own.app.db).count(query),
  ])
  expect(points.count(filter)).toBe(count)
  expect(count).toBe(599)
  expect((await server.inject({ url, headers })).statusCode).toBe(200)
})

test('wrong filters are refused with the name of each', async () => {
  const answer = await server.inject({ url: '/api/establishments?sector=cooking&createdFrom=12&bbox=1,2,3&limit=5' })
  expect(answer.statusCode).toBe(400)
  expect(answer.headers['content-type']).toContain('application/problem+json')
  const { errors, code } = answer.json<{ errors: { field: string }[]; code: string }>()
  expect(code).toBe('bad_input')
  expect(errors.map((one) => one.field).sort()).toEqual(['bbox', 'createdFrom', 'sector'])
  for (const url of [
    '/api/establishments?limit=0',
    '/api/establishments?cursor=zzz',
    ...['2026-99-99', '2026-02-30', '0000-01-01'].map((day) => {
      const cursor = Buffer.from(JSON.stringify(['newest', day, '00000000000000'])).toString('base64url')
      return `/api/establishments?sort=newest&cursor=${cursor}`
    }),
    '/tiles/atlas/3/9/0.mvt',
    '/api/establishments.csv?separator=x',
    '/api/establishments?territory=nowhere',
  ])
    expect((await server.inject({ url })).statusCode, url).toBe(400)
  expect((await server.inject({ url: '/api/territories/99999' })).statusCode).toBe(404)
})

test('a layer loses at once what its enterprises withdraw, and copies of it are no longer fresh', async () => {
  const urls = ['/api/establishments?layer=practices', '/tiles/atlas/6/30/22.mvt?layer=practices']
  const countOf = async () => (await server.inject({ url: urls[0]! })).json<{ numberMatched: number }>().numberMatched
  expect(await countOf()).toBeGreaterThan(10)
  const etags = await Promise.all(urls.map(async (url) => String((await server.inject({ url })).headers.etag)))
  const again = (url: string, etag: string) => server.inject({ url, headers: { 'if-none-match': etag } })
  for (const [i, url] of urls.entries()) expect((await again(url, etags[i]!)).statusCode, url).toBe(304)
  await sql`update consent.record set effective = 'secret' where kind = 'statement'`.execute(own.app.db.kysely)
  for (const [i, url] of urls.entries()) expect((await again(url, etags[i]!)).statusCode, url).toBe(200)
  expect(await countOf()).toBe(0)
  const { points, filter } = await viewOf(own.app, parseQuery(new URLSearchParams({ layer: 'practices' })))
  expect(points.count(filter)).toBe(0)
})
