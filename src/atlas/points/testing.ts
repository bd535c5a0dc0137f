import {
  craftRules,
  employeeBands,
  positionQualities,
  sectors,
  type EstablishmentQuery,
  type Point,
} from '#registry/model'
import type { Filter } from './filter.ts'

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export const everything: EstablishmentQuery = {
  territory: null,
  sectors: [],
  metiers: [],
  employees: [],
  createdFrom: null,
  createdTo: null,
  q: '',
  layer: null,
  bbox: null,
  craft: 'all',
  state: 'all',
}

export const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)]!
const some = <T>(random: () => number, from: readonly T[], share: number, most = 3): T[] =>
  random() < share
    ? [...new Set(Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(random, from)))]
    : []
const bell = (random: () => number) => random() + random() + random() - 1.5
const degrees = (value: number) => Number(value.toFixed(6))

const metiers = Array.from({ length: 120 }, (_, n) => `metier-${n}`)

interface Town {
  commune: string
  lon: number
  lat: number
}

/** Made-up units: towns of unequal size over France, shared addresses, centres of communes, missing values. */
export function createPopulation(size: number, seed: number) {
  const random = createRandom(seed)
  const towns: Town[] = Array.from({ length: Math.max(20, size >> 6) }, (_, n) => ({
    commune: String(n).padStart(5, '0'),
    lon: degrees(-4.5 + 12 * random()),
    lat: degrees(42.5 + 8.3 * random()),
  }))
  const addresses: [number, number][] = []
  const place = (town: Town): [number, number] => {
    if (addresses.length > 0 && random() < 0.15) return addresses[Math.floor(random() ** 3 * addresses.length)]!
    const made: [number, number] = [degrees(town.lon + 0.06 * bell(random)), degrees(town.lat + 0.04 * bell(random))]
    addresses.push(made)
    return made
  }
  const row = (id: number): Point => {
    const town = towns[Math.floor(random() ** 2 * towns.length)]!
    const quality = random() < 0.03 ? 'none' : random() < 0.1 ? 'commune' : pick(random, positionQualities.slice(0, 2))
    const [lon, lat] = quality === 'none' ? [null, null] : quality === 'commune' ? [town.lon, town.lat] : place(town)
    const created =
      random() < 0.02 ? null : `${1950 + Math.floor(75 * Math.sqrt(random()))}-0${1 + Math.floor(9 * random())}-01`
    return {
      id,
      siret: String(10_000_000_000_000 + id * 13).padStart(14, '0'),
      name: random() < 0.4 ? null : `Atelier ${id}`,
      lon,
      lat,
      positionQuality: quality,
      sector: random() < 0.05 ? null : pick(random, sectors),
      metier: random() < 0.1 ? null : metiers[Math.floor(random() ** 2 * metiers.length)]!,
      commune: town.commune,
      employees: random() < 0.3 ? null : pick(random, employeeBands),
      createdOn: created,
      craftRule: pick(random, craftRules),
      state: random() < 0.3 ? 'closed' : 'open',
    }
  }
  return { rows: Array.from({ length: size }, (_, n) => row(n + 1)), communes: towns.map((town) => town.commune), row }
}

/** A random query, where it looks, and what its territory and text resolve to. */
export interface RandomQuery {
  query: EstablishmentQuery
  communes: ReadonlySet<string> | null
  ids: number[] | null
  zoom: number
  viewport: [number, number, number, number] | null
}

/** What a screen shows at a zoom: around one of the rows, else anywhere over France. */
function screen(random: () => number, rows: readonly Point[], zoom: number): [number, number, number, number] {
  const { lon, lat } = random() < 0.8 ? pick(random, rows) : { lon: null, lat: null }
  const width = (360 / 2 ** zoom) * (0.5 + 2 * random())
  const west = Math.max(-180, (lon ?? -4.5 + 12 * random()) - width * random())
  const south = Math.max(-90, (lat ?? 42.5 + 8.3 * random()) - (width / 1.5) * random())
  return [west, south, Math.min(180, west + width), Math.min(90, south + width / 1.5)]
}

/** A query of up to ten conditions on made-up units. */
export function randomQuery(
  random: () => number,
  { rows, communes }: { rows: readonly Point[]; communes: readonly string[] },
): RandomQuery {
  const zoom = Math.floor(random() * 20)
  const hasTerritory = random() < 0.3
  const hasText = random() < 0.15
  const from = random() < 0.25 ? 1950 + Math.floor(random() * 75) : null
  const ids = Array.from({ length: hasText ? Math.floor(random() * 2000) : 0 }, () => pick(random, rows).id)
  return {
    zoom,
    viewport: random() < 0.9 ? screen(random, rows, zoom) : null,
    communes: hasTerritory ? new Set(some(random, communes, 1, 400)) : null,
    ids: hasText ? [...new Set(ids)] : null,
    query: {
      territory: hasTerritory ? '82' : null,
      q: hasText ? 'atelier' : '',
      layer: null,
      sectors: some(random, sectors, 0.4),
      metiers: some(random, metiers, 0.4, 20),
      employees: some(random, employeeBands, 0.2, 6),
      createdFrom: from,
      createdTo: random() < 0.25 ? (from ?? 1950) + Math.floor(random() * 40) : null,
      bbox: random() < 0.2 ? screen(random, rows, 3 + random() * 10) : null,
      craft: random() < 0.7 ? 'craft' : 'all',
      state: pick(random, ['open', 'open', 'closed', 'all'] as const),
    },
  }
}

/** Whether a row fits a query: the SQL conditions of the registry, written again as plain comparisons. */
export function matches(
  row: Point,
  {
    query,
    communes,
    ids,
  }: Pick<Filter, 'query'> & { communes: ReadonlySet<string> | null; ids: ReadonlySet<number> | null },
): boolean {
  if (query.craft === 'craft' && row.craftRule === 'none') return false
  if (query.state !== 'all' && row.state !== query.state) return false
  if (communes && !(row.commune !== null && communes.has(row.commune))) return false
  if (query.sectors.length > 0 && !(row.sector !== null && query.sectors.includes(row.sector))) return false
  if (query.metiers.length > 0 && !(row.metier !== null && query.metiers.includes(row.metier))) return false
  if (query.employees.length > 0 && !(row.employees !== null && query.employees.includes(row.employees))) return false
  if (query.createdFrom !== null && !(row.createdOn !== null && row.createdOn >= `${query.createdFrom}-01-01`))
    return false
  if (query.createdTo !== null && !(row.createdOn !== null && row.createdOn < `${query.createdTo + 1}-01-01`))
    return false
  if (ids && !ids.has(row.id)) return false
  if (!query.bbox) return true
  const [west, south, east, north] = query.bbox
  if (row.lon === null || row.lat === null) return false
  return row.lon >= west && row.lon <= east && row.lat >= south && row.lat <= north
}

/** A row with its Mercator coordinates, from 0 to 1. */
export interface PlainPoint {
  row: Point
  x: number
  y: number
}

const mercator = (lon: number, lat: number): [number, number] => {
  const kept = Math.max(-85.0511287798066, Math.min(85.0511287798066, Number(lat.toFixed(9))))
  return [(lon + 180) / 360, 0.5 - Math.asinh(Math.tan((kept * Math.PI) / 180)) / (2 * Math.PI)]
}

export const plainPoints = (rows: readonly Point[]): PlainPoint[] =>
  rows.map((row) => {
    const [x, y] = row.lon === null || row.lat === null ? [Number.NaN, Number.NaN] : mercator(row.lon, row.lat)
    return { row, x, y }
  })

export interface PlainAnswer {
  count: number
  unplaced: number
  /** Per square: `count bounds`. */
  squares: string[]
}

/** The answer to a query, by a loop over plain objects grouped by the square of ⌊Mercator × 2ᵏ⌋. */
export function plainAnswer(
  points: readonly PlainPoint[],
  { query, communes, ids, zoom, viewport }: RandomQuery,
): PlainAnswer {
  const side = zoom >= 16 ? 2 ** 26 : 2 ** (zoom + 3)
  const cell = (part: number) => Math.max(0, Math.min(side - 1, Math.floor(part * side)))
  const seen =
    viewport && [mercator(viewport[0], viewport[3]), mercator(viewport[2], viewport[1])].map((one) => one.map(cell))
  const groups = new Map<number, { count: number; bounds: [number, number, number, number] }>()
  const wanted = ids && new Set(ids)
  const answer: PlainAnswer = { count: 0, unplaced: 0, squares: [] }
  for (const { row, x, y } of points) {
    if (!matches(row, { query, communes, ids: wanted })) continue
    answer.count++
    if (row.lon === null || row.lat === null) {
      answer.unplaced++
      continue
    }
    const [cx, cy] = [cell(x), cell(y)]
    if (seen && (cx < seen[0]![0]! || cx > seen[1]![0]! || cy < seen[0]![1]! || cy > seen[1]![1]!)) continue
    const group = groups.get(cx * side + cy) ?? { count: 0, bounds: [row.lon, row.lat, row.lon, row.lat] }
    const [west, south, east, north] = group.bounds
    group.count++
    group.bounds = [
      Math.min(west, row.lon),
      Math.min(south, row.lat),
      Math.max(east, row.lon),
      Math.max(north, row.lat),
    ]
    groups.set(cx * side + cy, group)
  }
  answer.squares = Array.from(groups.values(), (group) => `${group.count} ${group.bounds.join(',')}`).sort()
  return answer
}
