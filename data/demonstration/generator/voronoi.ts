/** Kilometres east and north of the territory's middle. */
export type Point = readonly [x: number, y: number]

export const distance = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(bx - ax, by - ay)

/** One side of a cell, counter-clockwise. */
export interface Side {
  /** Name and place of the corner where it starts: the same in the three cells that meet there. */
  corner: string
  from: Point
  /** The site on the other side. */
  across: number
}

interface Cut {
  x: number
  y: number
  /** The site across the side that starts here; −1 for none. */
  across: number
}

/** Cuts the square around a site by half planes, one near site after the other. */
function clip(index: number, sites: readonly Point[], horizon: number): Cut[] {
  const [sx, sy] = sites[index]!
  let cuts: Cut[] = [
    { x: sx - horizon, y: sy - horizon, across: -1 },
    { x: sx + horizon, y: sy - horizon, across: -1 },
    { x: sx + horizon, y: sy + horizon, across: -1 },
    { x: sx - horizon, y: sy + horizon, across: -1 },
  ]
  for (const [other, [ox, oy]] of sites.entries()) {
    if (other === index || Math.abs(ox - sx) > horizon || Math.abs(oy - sy) > horizon) continue
    const beyond = cuts.map(({ x, y }) => (x - (sx + ox) / 2) * (ox - sx) + (y - (sy + oy) / 2) * (oy - sy))
    cuts = cuts.flatMap((from, i) => {
      const next = (i + 1) % cuts.length
      const [a, b, to] = [beyond[i]!, beyond[next]!, cuts[next]!]
      const at = { x: from.x + ((to.x - from.x) * a) / (a - b), y: from.y + ((to.y - from.y) * a) / (a - b) }
      if (a <= 0) return b > 0 ? [from, { ...at, across: other }] : [from]
      return b <= 0 ? [{ ...at, across: from.across }] : []
    })
  }
  return cuts
}

function circumcentre([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): Point {
  const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by))
  const [a, b, c] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy]
  return [(a * (by - cy) + b * (cy - ay) + c * (ay - by)) / d, (a * (cx - bx) + b * (ax - cx) + c * (bx - ax)) / d]
}

/**
 * Voronoi cell of each site: its sides, or null where it is open, at the edge. A corner is computed from its three
 * sites in the order of their numbers, so that the three cells agree to the last bit.
 * @param horizon sites further than this are not looked at: a cell with a corner at half of it or more counts as open
 */
export function cutInCells(sites: readonly Point[], horizon: number): (Side[] | null)[] {
  return sites.map((site, index) => {
    const cuts = clip(index, sites, horizon)
    if (cuts.some(({ across, x, y }) => across < 0 || distance([x, y], site) >= horizon / 2)) return null
    return cuts.map(({ across }, i) => {
      const trio = [index, across, cuts.at(i - 1)!.across].sort((a, b) => a - b)
      const [a, b, c] = trio.map((one) => sites[one]!) as [Point, Point, Point]
      return { corner: trio.join('-'), from: circumcentre(a, b, c), across }
    })
  })
}
