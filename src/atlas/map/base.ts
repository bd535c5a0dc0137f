import type { Position } from 'geojson'
import type { Outline } from '#territory/model'
import type { Frame } from './view.ts'

const closest = 0.7

/** A ring as an SVG path in the frame, without the points that the eye cannot tell apart. */
function ringPath(ring: Position[], frame: Frame): string {
  let path = ''
  let lastX = Number.NaN
  let lastY = Number.NaN
  for (const [index, point] of ring.entries()) {
    const [x, y] = frame.toPixel(point[0]!, point[1]!)
    if (index > 0 && index < ring.length - 1 && Math.abs(x - lastX) + Math.abs(y - lastY) < closest) continue
    path += `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`
    lastX = x
    lastY = y
  }
  return `${path}Z`
}

/** An outline as an SVG path in the frame; empty when it lies outside. */
export function outlinePath({ contour }: Pick<Outline, 'contour'>, frame: Frame): string {
  const polygons = contour.type === 'Polygon' ? [contour.coordinates] : contour.coordinates
  return polygons
    .filter((rings) => isVisible(rings[0]!, frame))
    .flatMap((rings) => rings.map((ring) => ringPath(ring, frame)))
    .join('')
}

function isVisible(ring: Position[], { bounds: [west, south, east, north] }: Frame): boolean {
  let [minX, minY, maxX, maxY] = [180, 90, -180, -90]
  for (const [x, y] of ring as [number, number][]) {
    minX = Math.min(minX, x)
    maxX = Math.max(maxX, x)
    minY = Math.min(minY, y)
    maxY = Math.max(maxY, y)
  }
  return minX <= east && maxX >= west && minY <= north && maxY >= south
}

const style = `
svg{--paper:#f3ecdf;--land:#fffdf8;--line:#d3c4ac;--edge:#a8977f}
@media (prefers-color-scheme:dark){svg{--paper:#191613;--land:#2a2521;--line:#473e35;--edge:#85786a}}
.land{fill:var(--land);stroke:var(--line);stroke-width:.8}.edge{fill:none;stroke:var(--edge);stroke-width:1.6}`

/** The ground of a map as a whole SVG file: communes and the border of the territory. The page writes the names. */
export function drawGround(communes: Outline[], borders: Pick<Outline, 'contour'>[], frame: Frame): string {
  const { width, height } = frame
  const land = communes.map((outline) => outlinePath(outline, frame)).join('')
  const edge = borders.map((outline) => outlinePath(outline, frame)).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${style}</style><rect width="100%" height="100%" fill="var(--paper)"/><path class="land" d="${land}"/><path class="edge" d="${edge}"/></svg>`
}
