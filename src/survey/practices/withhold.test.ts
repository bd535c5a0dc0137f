import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dominance, fewest, isAmountWithheld, withholdParts } from './withhold.ts'

/** All tables of so many parts, each of 0 to `most` enterprises. */
function tables(parts: number, most: number): number[][] {
  if (parts === 0) return [[]]
  const shorter = tables(parts - 1, most)
  return shorter.flatMap((table) => Array.from({ length: most + 1 }, (_, count) => [...table, count]))
}

test.each([1, 2, 3, 4])(
  'whoever knows the rule and reads a table of %i parts learns no part that is withheld',
  (size) => {
    const origins = new Map<string, number[][]>()
    for (const table of tables(size, size === 4 ? 8 : 12)) {
      const key = JSON.stringify(withholdParts(table))
      origins.set(key, [...(origins.get(key) ?? []), table])
    }
    for (const [published, possible] of origins) {
      const { total, parts } = JSON.parse(published) as { total: number | null; parts: (number | null)[] }
      // What the largest tables hide could be told by larger ones, which are not in the list.
      if (total !== null && total > 8) continue
      for (const [index, part] of parts.entries()) {
        if (part !== null) continue
        const values = new Set(possible.map((table) => table[index]))
        expect(values.size, `${published}, part ${index}`).toBeGreaterThan(1)
      }
    }
  },
)

const counts = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 8 })

test('nothing of one or two enterprises is given, directly or by subtraction', () => {
  fc.assert(
    fc.property(counts, (table) => {
      const { total, parts } = withholdParts(table)
      const shown = parts.filter((part) => part !== null)
      for (const figure of [total, ...shown]) if (figure !== null) expect(figure === 0 || figure >= fewest).toBe(true)
      if (total === null) return
      const rest = total - shown.reduce((a, b) => a + b, 0)
      const hidden = parts.length - shown.length
      expect(hidden === 0 ? rest === 0 : hidden > 1 && rest >= fewest).toBe(true)
    }),
  )
})

test('what needs no withholding is given as it is, and nothing is invented', () => {
  fc.assert(
    fc.property(counts, (table) => {
      const { total, parts } = withholdParts(table)
      const all = table.reduce((a, b) => a + b, 0)
      if (total !== null) expect(total).toBe(all)
      parts.forEach((part, index) => part !== null && expect(part).toBe(table[index]))
      if (table.every((count) => count === 0 || count >= fewest)) expect(parts).toEqual(table)
    }),
  )
})

test('an amount needs three enterprises, none of which makes 85 % of it', () => {
  expect(isAmountWithheld(2, 10, 5)).toBe(true)
  expect(isAmountWithheld(3, 100, 84)).toBe(false)
  expect(isAmountWithheld(3, 100, 85)).toBe(true)
  expect(isAmountWithheld(3, 0, 0)).toBe(true)
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 10 }), (amounts) => {
      const total = amounts.reduce((a, b) => a + b, 0)
      const largest = Math.max(...amounts)
      const given = !isAmountWithheld(amounts.length, total, largest)
      expect(given).toBe(amounts.length >= fewest && largest < dominance * total)
    }),
  )
})
