import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newClock, tick, timeOf } from './clock.ts'

test('whatever the machine’s clock does, a device never gives an earlier or the same moment', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e12, max: 4e12 }), { minLength: 2 }), (machine) => {
      let clock = { ...newClock, last: -1e13 }
      for (const now of machine) {
        const next = tick(clock, now)
        expect(next.last).toBeGreaterThan(clock.last)
        expect(timeOf(next, now)).toBeGreaterThanOrEqual(next.last)
        clock = next
      }
    }),
  )
})

test('it goes on counting after the machine’s clock was set back', () => {
  const before = tick(newClock, 10_000_000)
  const set = tick(before, 4_000_000)
  expect(set.last).toBe(10_000_001)
  expect(tick(set, 4_060_000).last).toBe(10_060_001)
})

test('a request is dated on the same scale as what it carries', () => {
  const set = tick(tick(newClock, 10_000_000), 4_000_000)
  expect(timeOf(set, 4_000_500) - set.last).toBe(500)
})
