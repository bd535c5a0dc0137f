import { expect, test } from 'vitest'
import { newId } from './ids.ts'

const millisecondsOf = (id: string) => parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

test('an id is a UUID of version 7 that holds the time', () => {
  const before = Date.now()
  const id = newId()
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(millisecondsOf(id)).toBeGreaterThanOrEqual(before)
  expect(millisecondsOf(id)).toBeLessThanOrEqual(Date.now())
})

test('ids follow each other, even faster than the clock, or when it goes back', () => {
  const now = Date.now() + 1000
  const ids = [
    ...Array.from({ length: 20_000 }, () => newId(now)),
    newId(now - 5000),
    ...Array.from({ length: 3 }, () => newId(now + 100)),
  ]
  expect(ids).toEqual([...new Set(ids)].sort())
  // 20,000 ids of one millisecond take some that follow it, and no more than needed.
  expect(millisecondsOf(ids[19_999]!)).toBeLessThan(now + 12)
})
