import { geoMercator, geoPath } from 'd3-geo'
import type { FeatureCollection } from 'geojson'
import type { Outline } from '#territory/model'

/** Size of the drawn map, in the units of its view box. */
export const coverageMapSize = { width: 540, height: 460 }
const margin = 8
/** What the eye cannot tell apart, in those units. */
const closest = 0.7

export interface CommuneShape {
  code: string
  /** SVG path. */
  path: string
}

/** A path without the points that lie closer to the one before than the eye can tell. */
function thin(path: string): string {
  let last: [number, number] = [Number.NaN, Number.NaN]
  return path.replace(/([ML])(-?[\d.]+),(-?[\d.]+)/g, (_, command: string, x: string, y: string) => {
    const [px, py] = [Number(x), Number(y)]
    if (command === 'L' && Math.abs(px - last[0]) + Math.abs(py - last[1]) < closest) return ''
    last = [px, py]
    return `${command}${px.toFixed(1)} ${py.toFixed(1)}`
  })
}

/** The communes of a territory as shapes of one map, in the projection of web maps (EPSG:3857). */
export function drawCommunes(outlines: readonly Outline[]): CommuneShape[] {
  if (outlines.length === 0) return []
  const collection: FeatureCollection = {
    type: 'FeatureCollection',
    features: outlines.map(({ contour }) => ({
      type: 'Feature',
      properties: null,
      geometry: contour,
    })),
  }
  const { width, height } = coverageMapSize
  const projection = geoMercator().fitExtent(
    [
      [margin, margin],
      [width - margin, height - margin],
    ],
    collection,
  )
  const path = geoPath(projection)
  return outlines.map(({ code, contour }) => ({
    code,
    path: thin(path(contour) ?? ''),
  }))
}
