import { traceGroups } from './borders.ts'
import { grow } from './growth.ts'
import { remoteness, sitesAlongRiver, sitesElsewhere, type Site } from './relief.ts'
import { cutInCells, type Point } from './voronoi.ts'

export interface Parish extends Site {
  /** Closed, counter-clockwise, in kilometres around the middle of the territory. */
  ring: Point[]
}

const communeCount = 40
/** How far around a field its neighbours are looked for, in kilometres. */
const horizon = 8

/** Along the river first, from its source, then clockwise from the west. */
function inOrder(a: Site, b: Site): number {
  if (a.bank && b.bank) return b.point[1] - a.point[1]
  if (a.bank || b.bank) return a.bank ? -1 : 1
  return Math.atan2(b.point[1], b.point[0]) - Math.atan2(a.point[1], a.point[0])
}

/** The communes: about where their village is, and their contour, in order. The same seed draws the same territory. */
export function drawTerritory(seed: string): Parish[] {
  const villages = [
    ...sitesAlongRiver(`${seed} villages`, [5.4, 7], [2, 3.4]),
    ...sitesElsewhere(`${seed} uplands`, { step: 6.7, shake: 2.1, clearance: 5.6 }),
  ]
  const nearest = villages.sort((a, b) => remoteness(a.point) - remoteness(b.point)).slice(0, communeCount)
  nearest.sort(inOrder)
  const fields = [
    ...sitesAlongRiver(`${seed} banks`, [1.1, 1.5], [0.5, 0.8]),
    ...sitesElsewhere(`${seed} fields`, { step: 1.55, shake: 0.55, clearance: 1.25 }),
  ]
  const points = fields.map(({ point }) => point)
  const cells = cutInCells(points, horizon)
  const rings = traceGroups(cells, grow(cells, fields, nearest, `${seed} growth`), seed)
  return nearest.map((village, index) => ({ ...village, ring: rings[index]! }))
}
