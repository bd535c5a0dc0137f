import { geoArea, geoCentroid } from 'd3-geo'
import type { Feature, FeatureCollection, GeoJsonProperties } from 'geojson'
import { merge } from 'topojson-client'
import { topology } from 'topojson-server'
import { presimplify, simplify } from 'topojson-simplify'
import type {
  GeometryCollection,
  MultiPolygon as TopoMultiPolygon,
  Polygon as TopoPolygon,
  Topology,
} from 'topojson-specification'
import { unreadableContours } from './errors.ts'
import type { Contour } from './model.ts'

export interface CommuneContour {
  code: string
  contour: Contour
}

/** Past this number of points a contour says nothing more on a screen. */
const maximumPoints = 400_000

const codeKeys = ['code', 'INSEE_COM', 'insee_com', 'insee', 'codgeo', 'code_insee']

function codeOf(properties: GeoJsonProperties): string | null {
  for (const key of codeKeys) {
    const value: unknown = properties?.[key]
    if (typeof value === 'string' && /^[0-9A-Z]{5}$/.test(value)) return value
  }
  return null
}

function countPoints(value: unknown): number {
  if (!Array.isArray(value)) return 0
  return typeof value[0] === 'number'
    ? 1
    : (value as unknown[]).reduce<number>((sum, part) => sum + countPoints(part), 0)
}

function isLonLat(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  if (typeof value[0] !== 'number') return (value as unknown[]).every(isLonLat)
  const [lon, lat] = value as [number, number]
  return Number.isFinite(lon) && Number.isFinite(lat) && Math.abs(lon) <= 180 && Math.abs(lat) <= 90
}

/**
 * Reads a GeoJSON of communes' contours, in longitude and latitude.
 * @throws {UserError} when it is not such a file
 */
export function parseContours(text: string, file: string): CommuneContour[] {
  let collection: FeatureCollection
  try {
    collection = JSON.parse(text) as FeatureCollection
  } catch {
    throw unreadableContours(file, 'ce n’est pas du JSON')
  }
  if (collection?.type !== 'FeatureCollection' || !Array.isArray(collection.features))
    throw unreadableContours(file, 'ce n’est pas une FeatureCollection')
  const contours: CommuneContour[] = []
  for (const [index, feature] of collection.features.entries()) {
    const code = codeOf(feature?.properties ?? null)
    if (!code) throw unreadableContours(file, `l’objet n° ${index + 1} n’a pas de code Insee de commune`)
    const geometry = feature.geometry
    if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon')
      throw unreadableContours(file, `la commune ${code} n’a pas de polygone`)
    if (countPoints(geometry.coordinates) < 4 || !isLonLat(geometry.coordinates))
      throw unreadableContours(file, `les coordonnées de la commune ${code} ne sont pas des longitudes et latitudes`)
    contours.push({ code, contour: { type: geometry.type, coordinates: geometry.coordinates } as Contour })
  }
  if (contours.length === 0) throw unreadableContours(file, 'il ne contient aucune commune')
  return contours
}

type Shape = TopoPolygon<{ code: string }> | TopoMultiPolygon<{ code: string }>

/**
 * Unites contours by group, along the borders that they share; a commune that was merged follows its successor.
 * @param groupOf the code of the union that a contour belongs to, or null to leave it out
 */
export function dissolve(contours: CommuneContour[], groupOf: (code: string) => string | null): Map<string, Contour> {
  const features = contours.map(({ code, contour }): Feature => ({
    type: 'Feature',
    properties: { code },
    geometry: rewind(contour),
  }))
  const communes: FeatureCollection = { type: 'FeatureCollection', features }
  const total = contours.reduce((sum, one) => sum + countPoints(one.contour.coordinates), 0)
  let topo: Topology = topology({ communes })
  if (total > maximumPoints) topo = simplify(presimplify(topo as never), 1e-7)
  const groups = new Map<string, Shape[]>()
  for (const shape of (topo.objects.communes as GeometryCollection<{ code: string }>).geometries as Shape[]) {
    const group = groupOf(shape.properties!.code)
    if (group) groups.set(group, [...(groups.get(group) ?? []), shape])
  }
  return new Map(
    [...groups].map(([group, shapes]) => {
      const united = merge(topo, shapes as never)
      const contour: Contour =
        united.coordinates.length === 1 ? { type: 'Polygon', coordinates: united.coordinates[0]! } : united
      return [group, rewind(contour)]
    }),
  )
}

// Borders are stitched along one direction, and d3-geo measures on the sphere, where a ring wound the other way is the
// rest of the world.
function rewind(contour: Contour): Contour {
  const polygons = contour.type === 'Polygon' ? [contour.coordinates] : contour.coordinates
  const wound = polygons.map((rings) =>
    rings.map((ring, index) => {
      const isBig = geoArea({ type: 'Polygon', coordinates: [ring] }) > 2 * Math.PI
      return isBig === (index === 0) ? ring.toReversed() : ring
    }),
  )
  return contour.type === 'Polygon'
    ? { type: 'Polygon', coordinates: wound[0]! }
    : { type: 'MultiPolygon', coordinates: wound }
}

/** Centroid on the sphere, in degrees rounded to 10⁻⁵. */
export function centerOf(contour: Contour): [number, number] {
  const [lon, lat] = geoCentroid(contour)
  return [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5]
}

/** West, south, east, north. */
export function boundsOf(contour: Contour): [number, number, number, number] {
  const bounds: [number, number, number, number] = [180, 90, -180, -90]
  const visit = (value: unknown) => {
    const list = value as unknown[]
    if (typeof list[0] !== 'number') return list.forEach(visit)
    const [lon, lat] = list as [number, number]
    bounds[0] = Math.min(bounds[0], lon)
    bounds[1] = Math.min(bounds[1], lat)
    bounds[2] = Math.max(bounds[2], lon)
    bounds[3] = Math.max(bounds[3], lat)
  }
  visit(contour.coordinates)
  return bounds
}
