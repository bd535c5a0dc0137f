import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  craftRules,
  employeeBands,
  positionQualities,
  sectors,
  type EmployeeBand,
  type EstablishmentQuery,
  type Point,
} from '#registry/model'
import { facetNames, type FacetName } from './columns.ts'
import { filterOf } from './filter.ts'
import { PointIndex } from './point-index.ts'
import {
  createPopulation,
  createRandom,
  everything,
  matches,
  plainAnswer,
  plainPoints,
  randomQuery,
  type RandomQuery,
} from './testing.ts'

const maybe = <T>(values: readonly T[]) => fc.constantFrom<T | null>(null, ...values)
const communes = ['82121', '82001', '2A004']
const metiers = ['boulanger', 'potier']
const halvings = fc.tuple(fc.integer({ min: 0, max: 4096 }), fc.constantFrom(8, 64, 4096))
const borderLon = halvings.map(([n, side]) => (Math.min(n, side) / side) * 360 - 180)
const borderLat = halvings.map(
  ([n, side]) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * Math.min(n, side)) / side))) * 180) / Math.PI,
)
const lon = fc.oneof(
  fc.constantFrom(-180, 180, 0, -0, 1.35, 1.350001, 1.35000000001),
  borderLon,
  fc.double({ min: -180, max: 180, noNaN: true }),
)
const lat = fc.oneof(
  fc.constantFrom(-90, 90, 85.0511287798066, 85.06, -85.06, 0, 44.01, 44.010001, 44.01000000001),
  borderLat,
  fc.double({ min: -90, max: 90, noNaN: true }),
)

const row: fc.Arbitrary<Point> = fc.record({
  id: fc.integer({ min: 1, max: 80 }),
  siret: fc.integer({ min: 0, max: 99_999_999_999_999 }).map((n) => String(n).padStart(14, '0')),
  name: maybe(['Fournil', 'L’Étameur']),
  lon: fc.option(lon, { freq: 12 }),
  lat: fc.option(lat, { freq: 12 }),
  positionQuality: fc.constantFrom(...positionQualities),
  sector: maybe(sectors),
  metier: maybe(metiers),
  commune: maybe(communes),
  employees: maybe(employeeBands),
  createdOn: maybe(['1899-12-31', '1900-01-01', '2015-06-30', '2015-12-31', '2016-01-01']),
  craftRule: fc.constantFrom(...craftRules),
  state: fc.constantFrom('open', 'closed'),
})
const rows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 60 })

const box = fc
  .tuple(lon, lat, lon, lat)
  .map(([a, b, c, d]): [number, number, number, number] => [
    Math.min(a, c),
    Math.min(b, d),
    Math.max(a, c),
    Math.max(b, d),
  ])
const query: fc.Arbitrary<EstablishmentQuery> = fc.record({
  territory: fc.constantFrom(null, null, '82'),
  sectors: fc.subarray([...sectors], { maxLength: 2 }),
  metiers: fc.oneof(fc.constant<string[]>([]), fc.subarray([...metiers, 'inconnu'])),
  employees: fc.oneof(fc.constant<EmployeeBand[]>([]), fc.subarray([...employeeBands])),
  createdFrom: fc.constantFrom(null, null, 1900, 2015, 2016),
  createdTo: fc.constantFrom(null, null, 1899, 2015, 2099),
  q: fc.constantFrom('', '', 'fournil'),
  layer: fc.constant(null),
  bbox: fc.option(box, { freq: 1 }),
  craft: fc.constantFrom('craft', 'all'),
  state: fc.constantFrom('open', 'closed', 'all', 'all'),
})
const question: fc.Arbitrary<RandomQuery> = fc
  .record({
    query,
    communes: fc.subarray([...communes, '99999']),
    ids: fc.uniqueArray(fc.integer({ min: 0, max: 90 })),
    zoom: fc.integer({ min: 0, max: 22 }),
    viewport: fc.option(box),
  })
  .map((one) => ({
    ...one,
    communes: one.query.territory ? new Set(one.communes) : null,
    ids: one.query.q ? one.ids : null,
  }))

const everyone = filterOf(everything)
const indexOf = (list: Point[]) => PointIndex.fromRows([list])

function answerOf(index: PointIndex, asked: RandomQuery) {
  const filter = filterOf(asked.query, asked)
  const squares = index
    .clusters(filter, asked.zoom, asked.viewport)
    .map((one) => `${one.count} ${one.bounds.join(',')}`)
  const unplaced = index.countUnplaced(filter)
  return { count: index.count(filter), unplaced, squares: squares.sort() }
}

test('counts, clusters and bounds are those of a plain loop', async () => {
  await fc.assert(
    fc.asyncProperty(rows, question, async (list, asked) => {
      expect(answerOf(await indexOf(list), asked)).toEqual(plainAnswer(plainPoints(list), asked))
    }),
    { numRuns: 500 },
  )
})

test('no point is dropped: clusters and unplaced rows add up to the count at every zoom', async () => {
  await fc.assert(
    fc.asyncProperty(rows, question, async (list, asked) => {
      const index = await indexOf(list)
      const filter = filterOf(asked.query, asked)
      for (const zoom of [0, 7, 15, 16, 22]) {
        const shown = index.clusters(filter, zoom).reduce((sum, one) => sum + one.count, 0)
        expect(shown + index.countUnplaced(filter)).toBe(index.count(filter))
      }
    }),
  )
})

test('the list of a cluster’s bounds holds its members alone', async () => {
  await fc.assert(
    fc.asyncProperty(rows, question, async (list, asked) => {
      const index = await indexOf(list)
      for (const cluster of index.clusters(filterOf(asked.query, asked), asked.zoom)) {
        const inBounds = { ...asked.query, bbox: cluster.bounds }
        const listed = list.filter((one) =>
          matches(one, { ...asked, query: inBounds, ids: asked.ids && new Set(asked.ids) }),
        )
        expect(listed.length).toBe(cluster.count)
        expect(index.count(filterOf(inBounds, asked))).toBe(cluster.count)
      }
    }),
    { numRuns: 200 },
  )
})

test('a cluster stands at the mean of its members, inside their bounds', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 0, max: 22 }), async (list, zoom) => {
      for (const {
        bounds: [west, south, east, north],
        ...cluster
      } of (await indexOf(list)).clusters(everyone, zoom)) {
        const members = list.filter(
          (one) =>
            one.lon !== null &&
            one.lat !== null &&
            one.lon >= west &&
            one.lon <= east &&
            one.lat >= south &&
            one.lat <= north,
        )
        const mean = (of: (one: Point) => number) => members.reduce((sum, one) => sum + of(one), 0) / members.length
        expect(cluster.lon).toBeCloseTo(
          mean((one) => one.lon!),
          6,
        )
        expect(cluster.lat).toBeCloseTo(
          mean((one) => one.lat!),
          6,
        )
        expect(cluster.lon >= west && cluster.lon <= east && cluster.lat >= south && cluster.lat <= north).toBe(true)
        expect(cluster.approximate).toBe(members.filter((one) => one.positionQuality === 'commune').length)
        if (members.length > 1) expect(cluster.unit).toBe(null)
        else {
          const { id, siret, name, sector, metier, positionQuality } = members[0]!
          expect(cluster.unit).toEqual({ id, siret, name, sector, metier, positionQuality })
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('units of one place stay one cluster at any zoom; others stand alone from the zoom of single units on', async () => {
  const [one] = createPopulation(1, 1).rows
  const at = (id: number, lon: number, lat: number): Point => ({ ...one!, id, lon, lat })
  const index = await indexOf([at(1, 1.35, 44.01), at(2, 1.35, 44.01), at(3, 1.35001, 44.01)])
  expect(index.clusters(everyone, 15).map(({ count }) => count)).toEqual([3])
  for (const zoom of [16, 19, 22]) expect(index.clusters(everyone, zoom).map(({ count }) => count)).toEqual([2, 1])
})

test('the counts by facet are those of a plain loop, null included', async () => {
  const valueOf = (one: Point, name: FacetName) => (name === 'year' ? (one.createdOn?.slice(0, 4) ?? null) : one[name])
  await fc.assert(
    fc.asyncProperty(rows, question, fc.constantFrom(...facetNames), async (list, asked, name) => {
      const expected = new Map<string | null, number>()
      for (const one of list) {
        if (!matches(one, { ...asked, ids: asked.ids && new Set(asked.ids) })) continue
        expected.set(valueOf(one, name), (expected.get(valueOf(one, name)) ?? 0) + 1)
      }
      expect((await indexOf(list)).countBy(filterOf(asked.query, asked), name)).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

test('after any changes the answers are those of the rows that remain, before and after sorting them again', async () => {
  const change = fc.record({ rows, removed: fc.array(fc.integer({ min: 0, max: 90 }), { maxLength: 10 }) })
  await fc.assert(
    fc.asyncProperty(
      rows,
      fc.array(change, { maxLength: 4 }),
      question,
      fc.boolean(),
      async (list, changes, asked, midway) => {
        const index = await indexOf(list)
        const left = new Map(list.map((one) => [one.id, one]))
        for (const [n, { rows: changed, removed }] of changes.entries()) {
          answerOf(index, asked)
          index.apply(changed, removed)
          for (const id of removed) left.delete(id)
          for (const one of changed) left.set(one.id, one)
          if (midway && n === 1) index.compact()
        }
        const filter = filterOf(asked.query, asked)
        const full = () => ({
          ...answerOf(index, asked),
          size: index.size,
          clusters: index.clusters(filter, asked.zoom, asked.viewport),
          facets: facetNames.map((name) => [...index.countBy(filter, name)].sort()),
        })
        const before = full()
        expect(before).toMatchObject({ ...plainAnswer(plainPoints([...left.values()]), asked), size: left.size })
        index.compact()
        expect(full()).toEqual(before)
      },
    ),
    { numRuns: 300 },
  )
})

test('a selection kept for the same words is not used for another territory or text', async () => {
  const { rows: list } = createPopulation(50, 3)
  const index = await indexOf(list)
  const inCommunes = (communes: string[]) =>
    index.count(filterOf({ ...everything, territory: '82' }, { communes: new Set(communes), ids: null }))
  const all = list.map((one) => one.commune!)
  const elsewhere = Array.from(new Set(all), (code) => `not ${code}`)
  expect([inCommunes(all), inCommunes(elsewhere), inCommunes([]), inCommunes(all)]).toEqual([50, 0, 0, 50])
  const withIds = (ids: number[]) => index.count(filterOf({ ...everything, q: 'atelier' }, { communes: null, ids }))
  expect([withIds([1, 2]), withIds([1, 999]), withIds([])]).toEqual([2, 1, 0])
})

test('too many changes are sorted in at once, and a facet may have more values than a byte holds', async () => {
  const { rows: list, row: makeRow } = createPopulation(3000, 5)
  const index = await indexOf(list)
  index.apply(list.slice(0, 490), [501])
  expect(index.unsorted).toBe(981)
  index.apply(Array.from({ length: 70_000 }, (_, n) => ({ ...makeRow(n + 1), commune: `c${n}` })))
  expect([index.size, index.unsorted]).toEqual([70_000, 0])
  const counts = index.countBy(everyone, 'commune')
  expect(counts.size).toBe(70_000)
  expect(counts.get('c69999')).toBe(1)
  index.apply(
    [],
    list.map((one) => one.id),
  )
  expect(index.count(everyone)).toBe(67_000)
})

test('20,000 points answer 300 queries as a plain loop does, with rows changing in between', async () => {
  const population = createPopulation(20_000, 11)
  const { rows: list, row: makeRow } = population
  const random = createRandom(12)
  const index = await indexOf(list)
  const left = new Map(list.map((one) => [one.id, one]))
  let points = plainPoints(list)
  const differing: RandomQuery[] = []
  for (let n = 0; n < 300; n++) {
    if (n % 50 === 49) {
      const changed = Array.from({ length: 400 }, () => makeRow(1 + Math.floor(random() * 21_000)))
      const removed = Array.from({ length: 50 }, () => 1 + Math.floor(random() * 21_000))
      index.apply(changed, removed)
      for (const id of removed) left.delete(id)
      for (const one of changed) left.set(one.id, one)
      points = plainPoints([...left.values()])
    }
    const asked = randomQuery(random, population)
    if (JSON.stringify(answerOf(index, asked)) !== JSON.stringify(plainAnswer(points, asked))) differing.push(asked)
  }
  expect(differing).toEqual([])
})
