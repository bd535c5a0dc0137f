import type { MapView } from '../model.ts'

/** Side of the world at zoom 0, in pixels: MapLibre's own convention, so that both maps show the same. */
export const worldSize = 512
const maximumLatitude = 85.0511287798066

/** Longitude and latitude to the unit square of Web Mercator, y downwards (EPSG:3857). */
export function project(lon: number, lat: number): [number, number] {
  const clamped = Math.max(-maximumLatitude, Math.min(maximumLatitude, lat))
  const sine = Math.sin((clamped * Math.PI) / 180)
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)]
}

/** The inverse of `project`, in degrees. */
export function unproject(x: number, y: number): [number, number] {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI
  return [(x - 0.5) * 360, lat]
}

const round = (value: number, digits: number) => Number(value.toFixed(digits))

/** The view that shows bounds [west, south, east, north] whole in a frame of pixels, with a margin. */
export function fit(bounds: [number, number, number, number], width: number, height: number, margin = 24): MapView {
  const [left, bottom] = project(bounds[0], bounds[1])
  const [right, top] = project(bounds[2], bounds[3])
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-9),
    (height - 2 * margin) / Math.max(bottom - top, 1e-9),
  )
  const [lon, lat] = unproject((left + right) / 2, (top + bottom) / 2)
  const zoom = Math.max(0, Math.min(16, Math.log2(scale / worldSize)))
  return { zoom: round(zoom, 2), lat: round(lat, 5), lon: round(lon, 5) }
}

export interface Frame {
  width: number
  height: number
  /** Pixels from the frame's left and top for a place in degrees. */
  toPixel(lon: number, lat: number): [number, number]
  /** West, south, east, north of what the frame shows. */
  bounds: [number, number, number, number]
}

/** A view as a frame of pixels. */
export function frameOf(view: MapView, width: number, height: number): Frame {
  const scale = worldSize * 2 ** view.zoom
  const [x, y] = project(view.lon, view.lat)
  const left = x * scale - width / 2
  const top = y * scale - height / 2
  const [west, north] = unproject(left / scale, top / scale)
  const [east, south] = unproject((left + width) / scale, (top + height) / scale)
  return {
    width,
    height,
    toPixel(lon, lat) {
      const [px, py] = project(lon, lat)
      return [px * scale - left, py * scale - top]
    },
    bounds: [Math.max(-180, west), south, Math.min(180, east), north],
  }
}

/** The view a quarter of the frame further, or one zoom nearer or farther. */
export function move(
  view: MapView,
  step: { dx?: number; dy?: number; zoom?: number },
  width: number,
  height: number,
): MapView {
  const scale = worldSize * 2 ** view.zoom
  const [x, y] = project(view.lon, view.lat)
  const [lon, lat] = unproject(x + ((step.dx ?? 0) * width) / 3 / scale, y + ((step.dy ?? 0) * height) / 3 / scale)
  const zoom = Math.max(2, Math.min(18, view.zoom + (step.zoom ?? 0)))
  return { zoom: round(zoom, 2), lat: round(lat, 5), lon: round(lon, 5) }
}
