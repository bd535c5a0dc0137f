import { geoArea, geoMercator, geoPath, type GeoProjection } from 'd3-geo'
import type { Position } from 'geojson'
import type { Contour } from '#territory/model'
import type { Pack, PackEnterprise } from '../../model.ts'

/** The side of the drawing, in its own units. */
export const sketchSize = { width: 360, height: 320 }

/** A territory drawn from its pack, without network. */
export interface Sketch {
  /** Outlines of the communes, as SVG paths. */
  towns: { code: string; name: string; path: string; x: number; y: number }[]
  points: { enterprise: PackEnterprise; x: number; y: number }[]
  /** Enterprises whose place is not known: they are in the list only. */
  withoutPlace: number
  /** Degrees of a point of the drawing. */
  placeAt(x: number, y: number): { lon: number; lat: number } | null
  /** Point of the drawing of a place. */
  pointOf(place: { lon: number; lat: number }): { x: number; y: number } | null
}

const isContour = (one: unknown): one is Contour =>
  typeof one === 'object' && one !== null && 'type' in one && (one.type === 'Polygon' || one.type === 'MultiPolygon')

/** On the sphere a ring wound the other way is the rest of the world; files wind them either way. */
function wound(rings: Position[][]): Position[][] {
  return rings.map((ring, index) => {
    const isBig = geoArea({ type: 'Polygon', coordinates: [ring] }) > 2 * Math.PI
    return isBig === (index === 0) ? ring.toReversed() : ring
  })
}
const drawn = (contour: Contour): Contour =>
  contour.type === 'Polygon'
    ? { type: 'Polygon', coordinates: wound(contour.coordinates) }
    : { type: 'MultiPolygon', coordinates: contour.coordinates.map(wound) }

const round = (one: number) => Math.round(one * 1e6) / 1e6

/** What the drawing must hold: the communes; where none has a contour, the enterprises. */
function projectionOf(contours: Contour[], places: [number, number][]): GeoProjection | null {
  const held =
    contours.length > 0
      ? { type: 'GeometryCollection' as const, geometries: contours }
      : { type: 'MultiPoint' as const, coordinates: places }
  if (contours.length === 0 && places.length < 2) return null
  const margin = 12
  const far: [number, number] = [sketchSize.width - margin, sketchSize.height - margin]
  return geoMercator().fitExtent([[margin, margin], far], held)
}

/** Draws a pack; null when it holds no place at all. */
export function sketchOf(pack: Pack): Sketch | null {
  const shaped = pack.communes.flatMap(({ code, name, contour }) =>
    isContour(contour) ? [{ code, name, contour: drawn(contour) }] : [],
  )
  const placed = pack.enterprises.flatMap((one) =>
    one.lon === null || one.lat === null ? [] : [{ enterprise: one, place: [one.lon, one.lat] as [number, number] }],
  )
  const projection = projectionOf(
    shaped.map(({ contour }) => contour),
    placed.map(({ place }) => place),
  )
  if (!projection) return null
  const path = geoPath(projection)
  path.digits(1)
  return {
    towns: shaped.map(({ code, name, contour }) => {
      const [x, y] = path.centroid(contour)
      return { code, name, path: path(contour) ?? '', x, y }
    }),
    points: placed.flatMap(({ enterprise, place }) => {
      const at = projection(place)
      return at ? [{ enterprise, x: at[0], y: at[1] }] : []
    }),
    withoutPlace: pack.enterprises.length - placed.length,
    placeAt(x, y) {
      const place = projection.invert?.([x, y])
      return place ? { lon: round(place[0]), lat: round(place[1]) } : null
    },
    pointOf({ lon, lat }) {
      const at = projection([lon, lat])
      return at ? { x: at[0], y: at[1] } : null
    },
  }
}

/** Enterprises within a distance of a point of the drawing, in its units, the nearest first. */
export function reachOf(sketch: Sketch, x: number, y: number, distance: number): PackEnterprise[] {
  return sketch.points
    .map((point) => ({ enterprise: point.enterprise, far: Math.hypot(point.x - x, point.y - y) }))
    .filter(({ far }) => far <= distance)
    .toSorted((a, b) => a.far - b.far)
    .map(({ enterprise }) => enterprise)
}

const lettersWide = 5.6
const lineHigh = 14

/** Names of communes that can be written without covering each other, those with most enterprises first. */
export function namesWithRoom(sketch: Sketch): Sketch['towns'] {
  const weight = new Map<string, number>()
  for (const { enterprise } of sketch.points) weight.set(enterprise.commune, (weight.get(enterprise.commune) ?? 0) + 1)
  const written: Sketch['towns'] = []
  const covers = (a: Sketch['towns'][number], b: Sketch['towns'][number]) =>
    Math.abs(a.y - b.y) < lineHigh && Math.abs(a.x - b.x) < ((a.name.length + b.name.length) / 2) * lettersWide + 4
  const inside = ({ name, x }: Sketch['towns'][number]) => {
    const half = (name.length / 2) * lettersWide
    return x - half > 0 && x + half < sketchSize.width
  }
  for (const town of sketch.towns.toSorted((a, b) => (weight.get(b.code) ?? 0) - (weight.get(a.code) ?? 0)))
    if (inside(town) && written.length < 12 && !written.some((other) => covers(town, other))) written.push(town)
  return written
}
