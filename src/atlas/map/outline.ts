import type { Position } from 'geojson'
import type { Contour } from '#territory/model'

/** About 10 m: what a line two pixels wide hides at the scale of a town. */
const closest = 1e-4

const round = (value: number) => Math.round(value * 1e5) / 1e5

function thinRing(ring: Position[]): Position[] {
  let last: Position | null = null
  return ring.flatMap((point, index): Position[] => {
    const [x, y] = point as [number, number]
    const isEnd = index === 0 || index === ring.length - 1
    if (!isEnd && last && Math.abs(x - last[0]!) + Math.abs(y - last[1]!) < closest) return []
    last = point
    return [[round(x), round(y)]]
  })
}

/** A contour light enough to go with a page: rounded to 10⁻⁵ degree, without the points that are 10 m apart. */
export function lightOutline(contour: Contour): Contour {
  return contour.type === 'Polygon'
    ? { type: 'Polygon', coordinates: contour.coordinates.map(thinRing) }
    : { type: 'MultiPolygon', coordinates: contour.coordinates.map((rings) => rings.map(thinRing)) }
}
