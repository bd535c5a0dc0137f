import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberSet } from './number-set.ts'

test('holds what a Set holds', () => {
  const sirets = fc.array(fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 99_999_999_999_999 })), {
    maxLength: 3000,
  })
  fc.assert(
    fc.property(sirets, (values) => {
      const set = new Set<number>()
      const own = new NumberSet()
      for (const value of values) {
        expect(own.has(value)).toBe(set.has(value))
        expect(own.add(value)).toBe(!set.has(value))
        set.add(value)
      }
      expect(own.size).toBe(set.size)
      expect(values.every((value) => own.has(value))).toBe(true)
    }),
    { numRuns: 50 },
  )
})
