/** Families of units, each with how many base units one of them makes; the first is the base. */
const families: Record<string, Record<string, number>> = {
  length: { m: 1, mm: 0.001, cm: 0.01, km: 1000 },
  area: { m2: 1, ha: 10_000 },
  mass: { kg: 1, g: 0.001, t: 1000 },
  volume: { l: 1, ml: 0.001, m3: 1000 },
  time: { h: 1, min: 1 / 60, day: 24, week: 168 },
  energy: { kWh: 1, Wh: 0.001, MWh: 1000 },
  money: { EUR: 1, kEUR: 1000 },
  share: { '%': 1 },
  people: { people: 1 },
  year: { year: 1, month: 1 / 12 },
  count: { '': 1 },
}

const known = new Map(
  Object.values(families).flatMap((family) =>
    Object.entries(family).map(([unit, factor]) => [unit, { base: Object.keys(family)[0]!, factor }] as const),
  ),
)

export const units: readonly string[] = [...known.keys()]

/**
 * A number in the base unit of its family, to 12 digits, so that 0.3 m and 30 cm are the same.
 * A unit that is not known is its own family.
 */
export function toBase(number: number, unit: string): { number: number; unit: string } {
  const { base, factor } = known.get(unit) ?? { base: unit, factor: 1 }
  return { number: Number((number * factor).toPrecision(12)), unit: base }
}
