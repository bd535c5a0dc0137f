/** A set of row numbers: bit `n & 31` of word `n >>> 5`. */
export type Bits = Uint32Array

/** An empty set with room for the numbers below `size`. */
export const createBits = (size: number): Bits => new Uint32Array((size + 31) >>> 5)

export const hasBit = (bits: Bits, index: number): boolean => ((bits[index >>> 5]! >>> (index & 31)) & 1) === 1

export function setBit(bits: Bits, index: number): void {
  bits[index >>> 5]! |= 1 << (index & 31)
}

export function clearBit(bits: Bits, index: number): void {
  bits[index >>> 5]! &= ~(1 << (index & 31))
}

/** The first member at or after `from`; `end` or more when there is none below `end`. */
export function nextBit(bits: Bits, from: number, end: number): number {
  let word = from >>> 5
  const last = Math.min(bits.length, (end + 31) >>> 5)
  if (word >= last) return end
  let rest = bits[word]! & (-1 << (from & 31))
  while (rest === 0) {
    if (++word === last) return end
    rest = bits[word]!
  }
  return (word << 5) + 31 - Math.clz32(rest & -rest)
}

/** Number of members (Hamming weight of each word, Warren, Hacker's Delight §5-1). */
export function countBits(bits: Bits): number {
  let count = 0
  for (const word of bits) {
    let n = word - ((word >>> 1) & 0x55555555)
    n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
    count += Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}

/** Keeps, among the members in words [from, to), those that pass the test. */
export function retain(bits: Bits, from: number, to: number, test: (index: number) => boolean): void {
  for (let word = from; word < to; word++) {
    let rest = bits[word]!
    let kept = 0
    while (rest !== 0) {
      const bit = rest & -rest
      if (test((word << 5) + 31 - Math.clz32(bit))) kept |= bit
      rest ^= bit
    }
    bits[word] = kept
  }
}
