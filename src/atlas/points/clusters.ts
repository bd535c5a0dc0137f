import { nextBit } from './bits.ts'
import { noPlace, type Columns, type Unit } from './columns.ts'
import { finestLevel, mortonOf, squareOfMorton, type SquareRange } from './grid.ts'
import type { Selection } from './selection.ts'

/** The units of one square of the grid. */
export interface Cluster {
  count: number
  /** Mean of the members, in degrees (from coordinates rounded to 1e-7°, 1 cm). */
  lon: number
  lat: number
  /** West, south, east, north of the members, exact: a query with this `bbox` finds the members and nobody else. */
  bounds: [west: number, south: number, east: number, north: number]
  /** How many members stand at the centre of their commune, which is not an address. */
  approximate: number
  /** The member, when it is alone. */
  unit: Unit | null
}

/** Rows that are searched: `sorted` slots in Morton order, of which the first `placed` have coordinates, then the others. */
export interface Searched {
  columns: Columns
  sorted: number
  placed: number
  selection: Selection
}

/** Coordinates are added as whole numbers of this many per degree, so that a sum does not depend on its order. */
const perDegree = 1e7

class Sum {
  count = 0
  approximate = 0
  lon = 0
  lat = 0
  west = Infinity
  south = Infinity
  east = -Infinity
  north = -Infinity
  slot = 0

  add(lon: number, lat: number, approximate: boolean, slot: number): void {
    this.count++
    if (approximate) this.approximate++
    this.lon += Math.round(lon * perDegree)
    this.lat += Math.round(lat * perDegree)
    if (lon < this.west) this.west = lon
    if (lon > this.east) this.east = lon
    if (lat < this.south) this.south = lat
    if (lat > this.north) this.north = lat
    this.slot = slot
  }

  cluster(columns: Columns): Cluster {
    const { count, west, south, east, north } = this
    return {
      count,
      lon: Math.min(east, Math.max(west, this.lon / count / perDegree)),
      lat: Math.min(north, Math.max(south, this.lat / count / perDegree)),
      bounds: [west, south, east, north],
      approximate: this.approximate,
      unit: count === 1 ? columns.unit(this.slot) : null,
    }
  }
}

/** First slot of [from, to) whose code is at least `code`. */
function lowerBound(codes: Float64Array, code: number, from: number, to: number): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (codes[middle]! < code) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * The slots of a rectangle of squares, as ranges in increasing order: goes down the quadtree of the grid, leaving out
 * the squares outside and the empty ones, keeping whole those inside.
 */
function rangesOf(codes: Float64Array, placed: number, level: number, range: SquareRange): [number, number][] {
  const out: [number, number][] = []
  const visit = (depth: number, x: number, y: number, from: number, to: number): void => {
    const size = 2 ** (level - depth)
    const [west, north] = [x * size, y * size]
    const [east, south] = [west + size - 1, north + size - 1]
    if (from === to || west > range.east || east < range.west || north > range.south || south < range.north) return
    const inside = west >= range.west && east <= range.east && north >= range.north && south <= range.south
    if (inside) return void out.push([from, to])
    const quarter = 4 ** (finestLevel - depth - 1)
    const start = mortonOf(x, y) * quarter * 4
    const ends = [1, 2, 3].map((n) => lowerBound(codes, start + n * quarter, from, to))
    visit(depth + 1, 2 * x, 2 * y, from, ends[0]!)
    visit(depth + 1, 2 * x + 1, 2 * y, ends[0]!, ends[1]!)
    visit(depth + 1, 2 * x, 2 * y + 1, ends[1]!, ends[2]!)
    visit(depth + 1, 2 * x + 1, 2 * y + 1, ends[2]!, to)
  }
  visit(0, 0, 0, 0, placed)
  return out
}

/** Adds the sorted rows, square after square. */
function addSorted(
  { columns, placed, selection }: Searched,
  level: number,
  range: SquareRange,
  sums: Map<number, Sum>,
): void {
  const { morton, lon, lat, facets } = columns
  const quality = facets.positionQuality
  const commune = quality.numberOf('commune') ?? -1
  const size = 4 ** (finestLevel - level)
  for (const [from, to] of rangesOf(morton, placed, level, range)) {
    const bits = selection.between(from, to)
    let end = -1
    let sum = new Sum()
    for (let slot = nextBit(bits, from, to); slot < to; slot = nextBit(bits, slot + 1, to)) {
      if (morton[slot]! >= end) {
        const square = Math.floor(morton[slot]! / size)
        end = (square + 1) * size
        sum = new Sum()
        sums.set(square, sum)
      }
      sum.add(lon[slot]!, lat[slot]!, quality.codes[slot] === commune, slot)
    }
  }
}

const isInside = ([x, y]: [number, number], shift: number, { west, north, east, south }: SquareRange) =>
  x >>> shift >= west && x >>> shift <= east && y >>> shift >= north && y >>> shift <= south

/** Adds the rows that came since the last sort; tells whether there was one. */
function addRecent(
  { columns, sorted, selection }: Searched,
  level: number,
  range: SquareRange,
  sums: Map<number, Sum>,
): boolean {
  const { morton, lon, lat, facets, length } = columns
  const bits = selection.between(sorted, length)
  const shift = finestLevel - level
  let any = false
  for (let slot = nextBit(bits, sorted, length); slot < length; slot = nextBit(bits, slot + 1, length)) {
    const code = morton[slot]!
    if (code === noPlace || !isInside(squareOfMorton(code), shift, range)) continue
    const square = Math.floor(code / 4 ** shift)
    const sum = sums.get(square) ?? new Sum()
    sum.add(lon[slot]!, lat[slot]!, facets.positionQuality.valueAt(slot) === 'commune', slot)
    sums.set(square, sum)
    any = true
  }
  return any
}

/** The selected rows of a rectangle of squares of one level, by square, in Morton order. */
export function clustersOf(rows: Searched, level: number, range: SquareRange): Cluster[] {
  const sums = new Map<number, Sum>()
  addSorted(rows, level, range, sums)
  const recent = addRecent(rows, level, range, sums)
  const ordered = recent ? [...sums].sort(([one], [other]) => one - other).map(([, sum]) => sum) : [...sums.values()]
  return ordered.map((sum) => sum.cluster(rows.columns))
}
