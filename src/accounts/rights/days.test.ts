import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dayOf, isoDayOf, isoLastDayOf, lastDayOf, startOfDay } from './days.ts'

test('a day begins at midnight in France, in winter and in summer', () => {
  expect(startOfDay('2026-01-15')).toBe('2026-01-14T23:00:00.000Z')
  expect(startOfDay('2026-07-15')).toBe('2026-07-14T22:00:00.000Z')
  // The clocks change at one o’clock UTC on 29 March and 25 October 2026.
  expect(startOfDay('2026-03-29')).toBe('2026-03-28T23:00:00.000Z')
  expect(startOfDay('2026-03-30')).toBe('2026-03-29T22:00:00.000Z')
  expect(startOfDay('2026-10-25')).toBe('2026-10-24T22:00:00.000Z')
  expect(startOfDay('2026-10-26')).toBe('2026-10-25T23:00:00.000Z')
})

test('what is no day is none', () => {
  for (const text of ['', '2026-02-30', '2026-13-01', '15/01/2026', '2026-1-5', '2026-01-15T00:00']) {
    expect(startOfDay(text), text).toBeNull()
  }
})

test('the last day of an end at midnight is the day before, and a form gives back what it was given', () => {
  expect(lastDayOf('2027-12-31T23:00:00.000Z')).toBe('31 décembre 2027')
  expect(dayOf('2027-12-31T23:00:00.000Z')).toBe('1er janvier 2028')
  expect(dayOf('2027-12-31T23:00:00.000Z', 'en-GB')).toBe('1 January 2028')
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2080-01-01'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10)
      expect(isoDayOf(startOfDay(day)!)).toBe(day)
      expect(isoLastDayOf(startOfDay(day, 1)!)).toBe(day)
    }),
  )
})
