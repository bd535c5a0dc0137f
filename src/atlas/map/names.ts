import type { Spot, TownName } from '../model.ts'
import type { Frame } from './view.ts'

export interface Place {
  name: string
  lon: number
  lat: number
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

type Disc = Pick<Spot, 'x' | 'y' | 'radius'>

/** Mean width of a letter, in font sizes, a little more than Source Sans 3 in semi-bold draws. */
const letterWidth = 0.55
/** Pixels between a name and what it must not touch. */
const gap = 3

const overlap = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom

function touches({ x, y, radius }: Disc, box: Box): boolean {
  const dx = Math.max(box.left - x, 0, x - box.right)
  const dy = Math.max(box.top - y, 0, y - box.bottom)
  return dx * dx + dy * dy < (radius + 1) ** 2
}

interface Candidate {
  box: Box
  anchor: TownName['anchor']
}

/** Where a name may stand: on its own point when that is free, else below, above, right or left of the disc there. */
function candidates(x: number, y: number, disc: Disc | undefined, width: number, height: number): Candidate[] {
  const at = (left: number, top: number, anchor: TownName['anchor']): Candidate => ({
    box: { left, top, right: left + width, bottom: top + height },
    anchor,
  })
  const center = disc ?? { x, y, radius: height / 2 }
  const away = center.radius + gap
  const around = [
    at(center.x - width / 2, center.y + away, 'middle'),
    at(center.x - width / 2, center.y - away - height, 'middle'),
    at(center.x + away, center.y - height / 2, 'start'),
    at(center.x - away - width, center.y - height / 2, 'end'),
  ]
  return disc ? around : [at(x - width / 2, y - height / 2, 'middle'), ...around]
}

const round = (value: number) => Math.round(value * 10) / 10

function nameAt(name: string, { box, anchor }: Candidate, size: number): TownName {
  const x = { start: box.left, middle: (box.left + box.right) / 2, end: box.right }[anchor]
  // The baseline: what is left below it is the depth of a « p ».
  return { name, x: round(x), y: round(box.bottom - size * 0.28), anchor }
}

/**
 * Places the names of towns, the first ones first, where neither the circles nor the names already placed are; a name
 * without such a place is left out.
 * @param size height of the letters, in pixels of the frame
 * @param most how many names are enough
 */
export function placeNames(places: Place[], spots: Disc[], frame: Frame, size: number, most: number): TownName[] {
  const taken: Box[] = []
  const names: TownName[] = []
  const isFree = (box: Box) =>
    box.left >= 2 &&
    box.top >= 2 &&
    box.right <= frame.width - 2 &&
    box.bottom <= frame.height - 2 &&
    !taken.some((other) => overlap(box, other)) &&
    !spots.some((spot) => touches(spot, box))
  for (const { name, lon, lat } of places) {
    if (names.length >= most) break
    const [x, y] = frame.toPixel(lon, lat)
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue
    const disc = spots.find((spot) => Math.hypot(spot.x - x, spot.y - y) < spot.radius + size / 2)
    const found = candidates(x, y, disc, name.length * size * letterWidth, size * 1.15).find(({ box }) => isFree(box))
    if (!found) continue
    const { left, top, right, bottom } = found.box
    taken.push({ left: left - 2 * gap, top: top - gap, right: right + 2 * gap, bottom: bottom + gap })
    names.push(nameAt(name, found, size))
  }
  return names
}
