import { spotRadius, type Spot } from '../model.ts'
import { filterOf, type Filter } from '../points/filter.ts'
import type { PointIndex } from '../points/point-index.ts'
import { everyCraft } from '../register-index.ts'
import { project, type Frame } from './view.ts'

type Bounds = [number, number, number, number]

/** What a circle stands for: a group, or one unit. */
export interface Grouped {
  count: number
  /** Degrees. */
  lon: number
  lat: number
  bounds: Bounds
  unit: { siret: string | null; sector: Spot['sector']; name: string | null } | null
}

/** Distance on the unit square of Web Mercator, squared. */
function distance(one: [number, number], lon: number, lat: number): number {
  const [x, y] = project(lon, lat)
  return (one[0] - x) ** 2 + (one[1] - y) ** 2
}

/** Finds the nearest named place. */
function nearest(cluster: Grouped, centers: { name: string; lon: number; lat: number }[]): string {
  const here = project(cluster.lon, cluster.lat)
  let best = ''
  let least = Infinity
  for (const { name, lon, lat } of centers) {
    const far = distance(here, lon, lat)
    if (far < least) [least, best] = [far, name]
  }
  return best
}

/** What a finger covers, in pixels of a frame that a narrow phone shows at two thirds: 22 pixels of the screen. */
const fingerReach = 33

/** How far from its centre each circle may be touched, without covering a neighbour. */
function withReach(spots: Omit<Spot, 'reach'>[]): Spot[] {
  return spots.map((spot) => {
    const free = spots.reduce(
      (least, other) =>
        other === spot ? least : Math.min(least, Math.hypot(other.x - spot.x, other.y - spot.y) - other.radius),
      fingerReach,
    )
    return { ...spot, reach: Math.round(Math.max(spot.radius, free) * 10) / 10 }
  })
}

/**
 * The circles of a map, in pixels of its frame, largest first so that the small ones stay reachable; each has the
 * place it is nearest to, so that the map can be read as a table.
 */
export function drawSpots(
  clusters: readonly Grouped[],
  frame: Frame,
  centers: { name: string; lon: number; lat: number }[],
): Spot[] {
  const [west, south, east, north] = frame.bounds
  const near = centers.filter(
    ({ lon, lat }) => lon >= west - 1 && lon <= east + 1 && lat >= south - 1 && lat <= north + 1,
  )
  const spots = clusters
    .map((cluster): Omit<Spot, 'reach'> => {
      const [x, y] = frame.toPixel(cluster.lon, cluster.lat)
      return {
        count: cluster.count,
        x: Math.round(x * 10) / 10,
        y: Math.round(y * 10) / 10,
        radius: Math.round(spotRadius(cluster.count) * 10) / 10,
        lon: cluster.lon,
        lat: cluster.lat,
        bounds: cluster.bounds,
        siret: cluster.unit?.siret ?? null,
        sector: cluster.unit?.sector ?? null,
        label: cluster.unit?.name ?? nearest(cluster, near),
      }
    })
    .sort((a, b) => b.count - a.count)
  return withReach(spots)
}

/** The circles of what a filter keeps of the register. */
export const spotsOf = (
  points: PointIndex,
  filter: Filter,
  zoom: number,
  frame: Frame,
  centers: { name: string; lon: number; lat: number }[],
): Spot[] => drawSpots(points.clusters(filter, zoom, frame.bounds), frame, centers)

function boundsOfAll(points: PointIndex, filter: Filter): Bounds | null {
  const clusters = points.clusters(filter, 0)
  if (clusters.length === 0) return null
  return clusters
    .map((one) => one.bounds)
    .reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])])
}

/**
 * Bounds of everything that a filter keeps, and of everything known of its territory, which a filter that keeps
 * nothing does not change.
 */
export function boundsOfPoints(points: PointIndex, filter: Filter): { kept: Bounds | null; known: Bounds | null } {
  const kept = boundsOfAll(points, filter)
  const every = { ...everyCraft(), craft: 'all' as const, state: 'all' as const, territory: filter.query.territory }
  return { kept, known: kept ?? boundsOfAll(points, filterOf(every, filter)) }
}
