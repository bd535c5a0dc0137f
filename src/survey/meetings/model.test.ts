import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoDayOf } from '#accounts/model'
import { momentOf, timeOf } from './model.ts'

test('an hour of France is a moment, in winter, in summer and on the days when clocks change', () => {
  expect(momentOf('2027-01-15', '09:00')).toBe('2027-01-15T08:00:00.000Z')
  expect(momentOf('2027-07-15', '09:00')).toBe('2027-07-15T07:00:00.000Z')
  expect(momentOf('2027-03-28', '09:00')).toBe('2027-03-28T07:00:00.000Z')
  expect(momentOf('2027-03-28', '01:30')).toBe('2027-03-28T00:30:00.000Z')
  expect(momentOf('2027-10-31', '09:00')).toBe('2027-10-31T08:00:00.000Z')
})

test('what is no day, no hour, or is skipped by the clocks is none', () => {
  for (const [day, time] of [
    ['2027-02-30', '09:00'],
    ['', '09:00'],
    ['2027-01-15', '24:00'],
    ['2027-01-15', '9:00'],
    ['2027-01-15', ''],
    ['2027-03-28', '02:30'],
  ] as const)
    expect(momentOf(day, time), `${day} ${time}`).toBeNull()
})

test('a form gives back what it was given', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2000-01-01'), max: new Date('2080-01-01'), noInvalidDate: true }), (date) => {
      const at = `${date.toISOString().slice(0, 16)}:00.000Z`
      const again = momentOf(isoDayOf(at), timeOf(at))!
      // An hour that happens twice is the first one.
      expect([0, 3_600_000]).toContain(Date.parse(at) - Date.parse(again))
    }),
  )
})
