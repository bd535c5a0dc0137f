// Time to make one vector tile of 500,000 points, each with a filter that was not seen before.
import { filterOf } from '../src/atlas/points/filter.ts'
import { mercatorX, mercatorY } from '../src/atlas/points/grid.ts'
import { PointIndex } from '../src/atlas/points/point-index.ts'
import { createPopulation, createRandom, pick, randomQuery } from '../src/atlas/points/testing.ts'
import { encodeTile } from '../src/atlas/tiles/tile.ts'
import { median, quantile, report, timed } from './lib/measure.ts'

const points = 500_000
const population = createPopulation(points, 20_261_124)
const { rows } = population
const placed = rows.filter((row) => row.lon !== null && row.lat !== null)
const index = await PointIndex.fromRows([rows])
const random = createRandom(7)
const times: number[] = []
let bytes = 0
for (let n = -50; n < 2000; n++) {
  const asked = randomQuery(random, population)
  const filter = filterOf(asked.query, asked)
  const z = 5 + Math.floor(random() * 12)
  const { lon, lat } = pick(random, placed)
  const [x, y] = [mercatorX(lon!), mercatorY(lat!)].map((part) => Math.floor(part * 2 ** z)) as [number, number]
  index.apply([]) // no selection is kept
  const time = timed(() => (bytes += encodeTile(index, filter, z, x, y).length))
  if (n >= 0) times.push(time)
}
const ms = (value: number) => Math.round(value * 100) / 100
console.log(
  `median ${ms(median(times))} ms, worst ${ms(Math.max(...times))} ms, ${Math.round(bytes / 2050)} bytes a tile`,
)
report('tiles', { p95_ms: ms(quantile(times, 0.95)), points })
