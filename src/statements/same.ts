import { metresBetween, type Place, type Value } from './model.ts'
import { toBase } from './units.ts'

/** Two numbers are the same up to this share of the larger one. */
export const tolerance = 0.05
/** Two places are the same up to this distance, in metres. */
export const nearby = 50

/** Without accents, case, or more than one space. */
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/\s+/g, ' ').trim()

function near(a: number, b: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b))
}

/** Whether two values say the same thing. Symmetric; transitive but for numbers and places. */
export function same(a: Value, b: Value): boolean {
  switch (a.kind) {
    case 'answer':
      return b.kind === 'answer' && a.answer === b.answer
    case 'number': {
      if (b.kind !== 'number') return false
      const [x, y] = [toBase(a.number, a.unit), toBase(b.number, b.unit)]
      return x.unit === y.unit && near(x.number, y.number)
    }
    case 'choice':
      return b.kind === 'choice' && a.choice === b.choice
    case 'text':
      return b.kind === 'text' && plain(a.text) === plain(b.text)
    case 'place':
      return b.kind === 'place' && metresBetween(a, b) <= nearby
    case 'period':
      return b.kind === 'period' && a.period === b.period
    case 'enterprise':
      return b.kind === 'enterprise' && a.siret === b.siret
    case 'person':
      return b.kind === 'person' && a.person === b.person
    case 'file':
      return b.kind === 'file' && a.file === b.file
  }
}

/** The middle of numbers, in the unit that all use, else in their base unit. */
function medianOf(values: readonly (Value & { kind: 'number' })[]): Value {
  const shared = values.every(({ unit }) => unit === values[0]!.unit)
  const numbers = (shared ? values : values.map(({ number, unit }) => toBase(number, unit))).map((one) => one.number)
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  return {
    kind: 'number',
    number: Number(middle.toPrecision(12)),
    unit: shared ? values[0]!.unit : toBase(0, values[0]!.unit).unit,
  }
}

const byPosition = (a: Place, b: Place) => a.lon - b.lon || a.lat - b.lat || (a.quality < b.quality ? -1 : 1)

/** The place that is the nearest to all others: one that somebody gave, not one in between. */
function medoidOf(values: readonly Place[]): Place {
  const sorted = values.toSorted(byPosition)
  const sums = sorted.map((one) => Math.round(sorted.reduce((sum, other) => sum + metresBetween(one, other), 0) * 1000))
  return sorted[sums.indexOf(Math.min(...sums))]!
}

/** One value for those that say the same, the latest first. */
export function representative(values: readonly Value[]): Value {
  const numbers = values.filter((one) => one.kind === 'number')
  if (numbers.length > 0) return medianOf(numbers)
  const places = values.filter((one) => one.kind === 'place')
  return places.length > 0 ? medoidOf(places) : values[0]!
}
