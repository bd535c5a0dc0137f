/** Enterprises per 10,000 inhabitants, to one decimal; null without a population. */
export function perTenThousand(count: number, population: number | null): number | null {
  return population && population > 0 ? Math.round((count * 100_000) / population) / 10 : null
}

/** Bands of age in whole years, youngest first: [name, from, below]. */
const ageBands = [
  ['young', 0, 3],
  ['settling', 3, 10],
  ['grown', 10, 20],
  ['old', 20, 40],
  ['oldest', 40, Infinity],
] as const

/** Counts by band of age from counts by year of creation; without a year, `unknown`. */
export function ageCounts(years: ReadonlyMap<string | null, number>, thisYear: number): Map<string | null, number> {
  const counts = new Map<string | null, number>(ageBands.map(([name]) => [name, 0]))
  for (const [year, count] of years) {
    const age = year === null ? null : Math.max(0, thisYear - Number(year))
    const band = age === null ? 'unknown' : ageBands.find(([, from, below]) => age >= from && age < below)![0]
    counts.set(band, (counts.get(band) ?? 0) + count)
  }
  return counts
}

/** Creations of the last thirty years, oldest first, years without any included. */
export function createdPerYear(
  years: ReadonlyMap<string | null, number>,
  thisYear: number,
): { year: number; count: number }[] {
  const known = [...years.keys()].filter((year) => year !== null).map(Number)
  if (known.length === 0) return []
  const first = Math.max(thisYear - 29, Math.min(...known))
  return Array.from({ length: thisYear - first + 1 }, (_, index) => ({
    year: first + index,
    count: years.get(String(first + index)) ?? 0,
  }))
}
