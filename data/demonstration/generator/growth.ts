import { createRandom } from './random.ts'
import { bankOf, remoteness, type Site } from './relief.ts'
import { distance, type Side } from './voronoi.ts'

interface Claim {
  commune: number
  field: number
  cost: number
}

/**
 * Communes grow from their villages over small cells (the fields), each at its own pace, and never cross the river nor
 * the outline: none is in two pieces (Dijkstra's algorithm from all the villages at once).
 * @returns the commune of each field, or null outside
 */
export function grow(
  cells: readonly (Side[] | null)[],
  fields: readonly Site[],
  villages: readonly Site[],
  seed: string,
): (number | null)[] {
  const random = createRandom(seed)
  const isOpen = fields.map(({ point }, index) => cells[index] !== null && remoteness(point) < 1)
  const banks = fields.map(({ point, bank }) => bank ?? bankOf(point))
  const owners: (number | null)[] = fields.map(() => null)
  const pace = villages.map(() => random.between(0.8, 1.3))
  const claims: Claim[] = villages.map(({ point, bank }, commune) => {
    const own = bank ?? bankOf(point)
    const away = fields.map((field, i) => (isOpen[i] && banks[i] === own ? distance(field.point, point) : Infinity))
    return { commune, field: away.indexOf(Math.min(...away)), cost: 0 }
  })
  while (claims.length > 0) {
    const { commune, field, cost } = takeCheapest(claims)
    if (owners[field] !== null) continue
    owners[field] = commune
    for (const { across } of cells[field]!) {
      if (!isOpen[across] || owners[across] !== null || banks[across] !== banks[field]) continue
      const effort =
        (distance(fields[field]!.point, fields[across]!.point) * random.between(0.75, 1.25)) / pace[commune]!
      claims.push({ commune, field: across, cost: cost + effort })
    }
  }
  return owners
}

function takeCheapest(claims: Claim[]): Claim {
  const at = claims.reduce((best, { cost }, index) => (cost < claims[best]!.cost ? index : best), 0)
  return claims.splice(at, 1)[0]!
}
