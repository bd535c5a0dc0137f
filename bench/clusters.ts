// The map's index against a plain loop (exactness) and against supercluster, which filters and loads again (speed).
import type { Feature, Point } from 'geojson'
import type { Point as PointRow } from '../src/registry/model.ts'
import { filterOf } from '../src/atlas/points/filter.ts'
import { PointIndex } from '../src/atlas/points/point-index.ts'
import {
  createPopulation,
  createRandom,
  matches,
  plainAnswer,
  plainPoints,
  randomQuery,
  type RandomQuery,
} from '../src/atlas/points/testing.ts'
import { median, report, timed } from './lib/measure.ts'

type PointFeature = Feature<Point, PointRow>

/** What is used of supercluster 9; its own types are not installed where only the product is. */
interface Supercluster {
  load(features: PointFeature[]): Supercluster
  getClusters(box: [number, number, number, number], zoom: number): unknown[]
}

const peer: string = 'supercluster'
const { default: Supercluster } = (await import(peer)) as { default: new () => Supercluster }

const world: [number, number, number, number] = [-180, -85, 180, 85]
const seed = 20_261_124

function differs(index: PointIndex, points: ReturnType<typeof plainPoints>, asked: RandomQuery): boolean {
  const filter = filterOf(asked.query, asked)
  const squares = index
    .clusters(filter, asked.zoom, asked.viewport)
    .map((one) => `${one.count} ${one.bounds.join(',')}`)
  const ours = { count: index.count(filter), unplaced: index.countUnplaced(filter), squares: squares.sort() }
  return JSON.stringify(ours) !== JSON.stringify(plainAnswer(points, asked))
}

/** Random queries whose answers differ from the plain loop's, while 1 row in 500 changes every tenth of the way. */
async function countMismatches(size: number, queries: number): Promise<number> {
  const population = createPopulation(size, seed)
  const { rows, row: makeRow } = population
  const random = createRandom(seed + 1)
  const index = await PointIndex.fromRows([rows])
  const left = new Map(rows.map((row) => [row.id, row]))
  let points = plainPoints(rows)
  let mismatches = 0
  for (let n = 0; n < queries; n++) {
    if (n % (queries / 10) === queries / 20) {
      const someId = () => 1 + Math.floor(random() * size)
      const changed = Array.from({ length: size / 500 }, () => makeRow(someId()))
      const removed = Array.from({ length: size / 5000 }, someId)
      index.apply(changed, removed)
      for (const id of removed) left.delete(id)
      for (const row of changed) left.set(row.id, row)
      points = plainPoints([...left.values()])
    }
    if (differs(index, points, randomQuery(random, population))) mismatches++
  }
  console.log(`${size} points: ${queries} queries, ${mismatches} mismatches`)
  return mismatches
}

const featureOf = (row: PointRow): PointFeature[] =>
  row.lon === null || row.lat === null
    ? []
    : [{ type: 'Feature', properties: row, geometry: { type: 'Point', coordinates: [row.lon, row.lat] } }]

/** How many times faster than supercluster, median against median, on the same random queries in turn. */
async function measureSpeedup(size: number, queries: number): Promise<number> {
  const population = createPopulation(size, seed)
  const { rows } = population
  const features = rows.flatMap(featureOf)
  const index = await PointIndex.fromRows([rows])
  const random = createRandom(seed + 2)
  const ours: number[] = []
  const theirs: number[] = []
  for (let n = -3; n < queries; n++) {
    const asked = randomQuery(random, population)
    const filter = filterOf(asked.query, asked)
    const wanted = { ...asked, ids: asked.ids && new Set(asked.ids) }
    index.apply([]) // no selection is kept: each query is the first with its filter
    const own = timed(() => index.clusters(filter, asked.zoom, asked.viewport))
    const peers = timed(() => {
      const kept = features.filter((feature) => matches(feature.properties, wanted))
      new Supercluster().load(kept).getClusters(asked.viewport ?? world, asked.zoom)
    })
    if (n < 0) continue
    ours.push(own)
    theirs.push(peers)
  }
  const speedup = median(theirs) / median(ours)
  console.log(
    `${size} points: ${median(ours).toFixed(2)} ms, supercluster ${median(theirs).toFixed(1)} ms, ${speedup.toFixed(1)} times`,
  )
  return Math.round(speedup * 10) / 10
}

const mismatches = (await countMismatches(50_000, 10_000)) + (await countMismatches(500_000, 200))
const speedup_50k = await measureSpeedup(50_000, 201)
const speedup_500k = await measureSpeedup(500_000, 101)
report('clusters', { mismatches, queries: 10_200, speedup_50k, speedup_500k })
