import { createRandom } from './random.ts'
import { distance, type Point, type Side } from './voronoi.ts'

/** Sides shorter than this are not broken again, in kilometres. */
const grain = 0.4

/** Midpoint displacement: a straight side becomes a line as use and water draw them. The end is left out. */
function drawSide(from: Point, to: Point, seed: string): Point[] {
  const random = createRandom(seed)
  const points: Point[] = []
  const divide = ([ax, ay]: Point, [bx, by]: Point) => {
    if (Math.hypot(bx - ax, by - ay) < grain) return void points.push([ax, ay])
    const shift = random.between(-0.16, 0.16)
    const middle: Point = [(ax + bx) / 2 - (by - ay) * shift, (ay + by) / 2 + (bx - ax) * shift]
    divide([ax, ay], middle)
    divide(middle, [bx, by])
  }
  divide(from, to)
  return points
}

interface Step {
  from: Side
  to: Side
}

/**
 * Outlines of the unions of cells that belong to the same group: closed rings, counter-clockwise. Both neighbours of a
 * border get exactly the same points.
 * @param groupOf the group of each cell, or null outside
 * @throws when a union is not in one piece without a hole
 */
export function traceGroups(
  cells: readonly (Side[] | null)[],
  groupOf: readonly (number | null)[],
  seed: string,
): Point[][] {
  const steps = new Map<number, Map<string, Step>>()
  for (const [index, sides] of cells.entries()) {
    const group = groupOf[index] ?? null
    if (group === null || !sides) continue
    for (const [i, from] of sides.entries()) {
      if (groupOf[from.across] === group) continue
      const list = steps.get(group) ?? new Map<string, Step>()
      steps.set(group, list.set(from.corner, { from, to: sides[(i + 1) % sides.length]! }))
    }
  }
  return [...steps].sort(([a], [b]) => a - b).map(([group, list]) => trace(group, list, seed))
}

function trace(group: number, steps: Map<string, Step>, seed: string): Point[] {
  const ring: Point[] = []
  const first = steps.values().next().value!
  let step = first
  do {
    const { from, to } = step
    if (from.corner < to.corner) ring.push(...drawSide(from.from, to.from, `${seed} ${from.corner} ${to.corner}`))
    else {
      const back = drawSide(to.from, from.from, `${seed} ${to.corner} ${from.corner}`)
      ring.push(from.from, ...back.slice(1).reverse())
    }
    steps.delete(from.corner)
    step = steps.get(to.corner) ?? first
  } while (step !== first)
  if (steps.size > 0) throw new Error(`The group ${group} is not in one piece without a hole`)
  return [...ring, ring[0]!]
}

/** Whether a point is inside a closed ring (crossing number). */
export function isInside([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false
  for (let i = 1; i < ring.length; i++) {
    const [[ax, ay], [bx, by]] = [ring[i - 1]!, ring[i]!]
    if (ay > y !== by > y && x < ax + ((bx - ax) * (y - ay)) / (by - ay)) inside = !inside
  }
  return inside
}

/** Distance from a point to the nearest point of a ring, in kilometres. */
export const distanceToBorder = (point: Point, ring: readonly Point[]): number =>
  Math.min(...ring.map((corner) => distance(corner, point)))
