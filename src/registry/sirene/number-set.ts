/**
 * A set of positive whole numbers up to 2^53, 16 to 32 bytes each at most: a JavaScript Set refuses more than 16.7 million
 * members, fewer than the country's establishments.
 */
export class NumberSet {
  #table = new Float64Array(1024)
  #size = 0

  get size(): number {
    return this.#size
  }

  has(value: number): boolean {
    return this.#table[slotOf(this.#table, value)] === value
  }

  /** False when it was there already. */
  add(value: number): boolean {
    const slot = slotOf(this.#table, value)
    if (this.#table[slot] === value) return false
    this.#table[slot] = value
    this.#size++
    if (this.#size * 2 > this.#table.length) this.#grow()
    return true
  }

  #grow() {
    const larger = new Float64Array(this.#table.length * 2)
    for (const value of this.#table) if (value !== 0) larger[slotOf(larger, value)] = value
    this.#table = larger
  }
}

/** Index of the value, or of the free place where it goes (0 is free); the length is a power of two. */
function slotOf(table: Float64Array, value: number): number {
  const mask = table.length - 1
  const mixed = Math.imul(value >>> 0, 0x9e3779b1) ^ Math.imul((value / 2 ** 32) >>> 0, 0x85ebca6b)
  let slot = (mixed ^ (mixed >>> 15)) & mask
  while (table[slot] !== 0 && table[slot] !== value) slot = (slot + 1) & mask
  return slot
}
