/** A reproducible stream of choices. */
export interface Random {
  /** In [0, 1). */
  next(): number
  between(minimum: number, maximum: number): number
  /** Both ends included. */
  integer(minimum: number, maximum: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  weighted<T>(list: readonly T[], weightOf: (item: T) => number): T
  /** A shuffled copy (Fisher–Yates). */
  shuffled<T>(list: readonly T[]): T[]
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/** The same seed gives the same stream on every machine: mulberry32, integer arithmetic only. */
export function createRandom(seed: string): Random {
  let state = hash(seed)
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const integer = (minimum: number, maximum: number) => minimum + Math.floor(next() * (maximum - minimum + 1))
  const pick = <T>(list: readonly T[]) => list[integer(0, list.length - 1)]!
  return {
    next,
    integer,
    pick,
    between: (minimum, maximum) => minimum + next() * (maximum - minimum),
    chance: (probability) => next() < probability,
    weighted(list, weightOf) {
      const total = list.reduce((sum, item) => sum + weightOf(item), 0)
      let left = next() * total
      return list.find((item) => (left -= weightOf(item)) < 0) ?? list.at(-1)!
    },
    shuffled(list) {
      const copy = [...list]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = integer(0, i)
        ;[copy[i], copy[j]] = [copy[j]!, copy[i]!]
      }
      return copy
    },
  }
}
