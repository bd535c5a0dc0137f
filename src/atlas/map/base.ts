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

export interface TownLabel {
  name: string
  lon: number
  lat: number
}

const escape = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

/** Names of towns, the most populous first, where they do not cover one another. */
function labelTexts(towns: TownLabel[], frame: Frame): string {
  const taken: [number, number, number][] = []
  let text = ''
  for (const town of towns) {
    const [x, y] = frame.toPixel(town.lon, town.lat)
    const half = town.name.length * 3.1 + 5
    if (x < half || x > frame.width - half || y < 8 || y > frame.height - 34) continue
    if (taken.some(([tx, ty, thalf]) => Math.abs(tx - x) < thalf + half && Math.abs(ty - y) < 20)) continue
    taken.push([x, y, half])
    text += `<text x="${x.toFixed(0)}" y="${(y + 26).toFixed(0)}">${escape(town.name)}</text>`
    if (taken.length >= 14) break
  }
  return text
}

const style = `
svg{--paper:#f3ecdf;--land:#fffdf8;--line:#d3c4ac;--edge:#a8977f;--text:#5f544a}
@media (prefers-color-scheme:dark){svg{--paper:#191613;--land:#2a2521;--line:#473e35;--edge:#85786a;--text:#c2b5a5}}
.land{fill:var(--land);stroke:var(--line);stroke-width:.8}.edge{fill:none;stroke:var(--edge);stroke-width:1.6}
text{font:600 11.5px "Source Sans 3","Segoe UI",sans-serif;fill:var(--text);text-anchor:middle;paint-order:stroke;stroke:var(--land);stroke-width:3px}`

/** The ground of a map as a whole SVG file: communes, the border of the territory, names of towns. */
export function drawGround(
  communes: Outline[],
  borders: Pick<Outline, 'contour'>[],
  towns: TownLabel[],
  frame: Frame,
): string {
  const { width, height } = frame
  const land = communes.map((outline) => outlinePath(outline, frame)).join('')
  const edge = borders.map((outline) => outlinePath(outline, frame)).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><style>${style}</style><rect width="100%" height="100%" fill="var(--paper)"/><path class="land" d="${land}"/><path class="edge" d="${edge}"/>${labelTexts(towns, frame)}</svg>`
}
