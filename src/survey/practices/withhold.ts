/** Figures about fewer enterprises than that are not given. */
export const fewest = 3
/** Nor are amounts of which one enterprise makes this part or more, 0 to 1. */
export const dominance = 0.85

/** Whether a number of enterprises is too small to be given; none is no number of enterprises. */
export const isFew = (count: number) => count > 0 && count < fewest
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)

export interface Withheld {
  total: number | null
  parts: (number | null)[]
}

/**
 * Counts of enterprises whose total is given beside them, with null for what is withheld: parts of one or two
 * enterprises, and as many others as it takes for the total to give none of them away. Where no other is left, the total is
 * withheld too. Others are taken in their order, not by size, which would tell something of what is hidden.
 */
export function withholdParts(parts: readonly number[]): Withheld {
  const total = sum(parts)
  const nothing = { total: null, parts: parts.map(() => null) }
  if (isFew(total)) return nothing
  const hidden = new Set(parts.keys().filter((index) => isFew(parts[index]!)))
  if (hidden.size === 0) return { total, parts: [...parts] }
  // Whoever knows this rule must find several ways to share what is hidden: more than two enterprises a cell.
  const isSafe = () => {
    const within = sum([...hidden].map((index) => parts[index]!))
    return hidden.size > 1 && within > (fewest - 1) * hidden.size
  }
  const others = [...parts.keys()]
    .filter((index) => !hidden.has(index))
    .sort((a, b) => Number(parts[a] === 0) - Number(parts[b] === 0))
  for (const other of others) {
    if (isSafe()) break
    hidden.add(other)
  }
  return isSafe() ? { total, parts: parts.map((part, index) => (hidden.has(index) ? null : part)) } : nothing
}

/** Whether the sum of an amount over enterprises is withheld: too few of them, or one makes nearly all of it. */
export const isAmountWithheld = (enterprises: number, total: number, largest: number): boolean =>
  enterprises < fewest || Math.abs(largest) >= dominance * Math.abs(total)
