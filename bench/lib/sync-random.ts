/** Random numbers that a seed repeats (mulberry32). */
export interface Random {
  /** From 0 to below 1. */
  next(): number
  /** A whole number from one to another, both included. */
  between(least: number, most: number): number
  pick<T>(list: readonly T[]): T
  chance(share: number): boolean
}

/** Random numbers of one history. */
export function createRandom(seed: number): Random {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { next, between, pick: (list) => list[between(0, list.length - 1)]!, chance: (share) => next() < share }
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0').slice(-digits)

/** A UUIDv7 of a time, its other bits from the history. */
export function seededId(random: Random, time: number): string {
  const stamp = hex(time, 12)
  const [a, b] = [random.between(0, 0xffff), random.between(0, 0xffffffff)]
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(a, 3)}-8${hex(b, 3)}-${hex(b, 8)}${hex(a, 4)}`
}
