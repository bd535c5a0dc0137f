import { createRandom } from './random.ts'
import type { Point } from './voronoi.ts'

/** Side of the river, for who goes down it. */
export type Bank = 'left' | 'right'

/** Where a cell is grown from. */
export interface Site {
  point: Point
  /** For a site that faces another one across the river. */
  bank: Bank | null
}

/** Radius of the territory before its outline is bent, in kilometres. */
const radius = 23

/** Where the Ouvre is at a latitude: it comes from the north-east and leaves by the south-west. */
export const riverAt = (y: number): Point => [
  0.2 * y + 3.4 * Math.sin(y / 7.5) + 1.1 * Math.sin(y / 2.1 + 1) + 0.3 * Math.sin(y / 0.8),
  y,
]

export const bankOf = ([x, y]: Point): Bank => (x > riverAt(y)[0] ? 'left' : 'right')

/** How far a point is from the middle; 1 on the outline that the territory should have. */
export function remoteness([x, y]: Point): number {
  const angle = Math.atan2(y, x)
  const waves = [
    0.13 * Math.cos(2 * angle - 1.1),
    0.09 * Math.cos(3 * angle + 0.6),
    0.05 * Math.sin(5 * angle),
    0.035 * Math.cos(9 * angle + 2),
  ]
  return Math.hypot(x, y) / (radius * (1 + waves.reduce((sum, wave) => sum + wave, 0)))
}

/** Pairs of sites on both banks: the border between the two of a pair is the river. Lengths in kilometres. */
export function sitesAlongRiver(seed: string, step: [number, number], reach: [number, number]): Site[] {
  const random = createRandom(seed)
  const sites: Site[] = []
  for (let y = 45; y > -45; y -= random.between(...step)) {
    const [x] = riverAt(y)
    const slope = (riverAt(y + 0.1)[0] - riverAt(y - 0.1)[0]) / 0.2
    const away = random.between(...reach) / Math.hypot(slope, 1)
    sites.push(
      { point: [x + away, y - away * slope], bank: 'left' },
      { point: [x - away, y + away * slope], bank: 'right' },
    )
  }
  return sites
}

/** A shaken hexagonal lattice that keeps away from the river. Lengths in kilometres. */
export function sitesElsewhere(
  seed: string,
  { step, shake, clearance }: Record<'step' | 'shake' | 'clearance', number>,
): Site[] {
  const random = createRandom(seed)
  const sites: Site[] = []
  const rows = Math.ceil(42 / step)
  for (let row = -rows; row <= rows; row++)
    for (let column = -rows; column <= rows; column++) {
      const x = (column + (row % 2 === 0 ? 0 : 0.5)) * step + random.between(-shake, shake)
      const y = row * step * 0.87 + random.between(-shake, shake)
      const nearby = [-2, -1, 0, 1, 2].map((d) => riverAt(y + (d * clearance) / 2))
      if (nearby.every(([rx, ry]) => Math.hypot(rx - x, ry - y) > clearance)) sites.push({ point: [x, y], bank: null })
    }
  return sites
}
