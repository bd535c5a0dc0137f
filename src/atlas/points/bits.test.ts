import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clearBit, countBits, createBits, hasBit, nextBit, retain, setBit } from './bits.ts'

const size = 200
const members = fc.array(fc.integer({ min: 0, max: size - 1 }))

function bitsOf(numbers: Iterable<number>) {
  const bits = createBits(size)
  for (const number of numbers) setBit(bits, number)
  return bits
}

function listed(bits: Uint32Array): number[] {
  const out: number[] = []
  for (let index = nextBit(bits, 0, size); index < size; index = nextBit(bits, index + 1, size)) out.push(index)
  return out
}

const sorted = (numbers: Iterable<number>) => [...new Set(numbers)].sort((a, b) => a - b)

test('a set of bits is a set of numbers', () => {
  fc.assert(
    fc.property(members, members, (one, other) => {
      const bits = bitsOf(one)
      expect(listed(bits)).toEqual(sorted(one))
      expect(countBits(bits)).toBe(new Set(one).size)
      for (const number of other) expect(hasBit(bits, number)).toBe(one.includes(number))
      retain(bits, 0, bits.length, (index) => index % 3 === 0)
      expect(listed(bits)).toEqual(sorted(one.filter((number) => number % 3 === 0)))
    }),
  )
})

test('bits are cleared one by one, and full words are counted', () => {
  const bits = bitsOf(Array.from({ length: size }, (_, n) => n))
  expect(countBits(bits)).toBe(size)
  clearBit(bits, 31)
  clearBit(bits, 32)
  expect([hasBit(bits, 30), hasBit(bits, 31), hasBit(bits, 32), nextBit(bits, 31, size), countBits(bits)]).toEqual([
    true,
    false,
    false,
    33,
    size - 2,
  ])
  expect(nextBit(createBits(0), 0, 0)).toBe(0)
  expect(nextBit(bitsOf([40]), 0, 32)).toBe(32)
  expect(nextBit(bitsOf([40]), 41, size)).toBe(size)
})

test('only the words that are named are tested', () => {
  const bits = bitsOf([31, 32, 63, 64])
  retain(bits, 1, 2, () => false)
  expect(listed(bits)).toEqual([31, 64])
})
