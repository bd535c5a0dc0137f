import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dateProblem } from './row.ts'

const today = '2026-11-24'

test('every day from 1800 to today is a date, none after nor before', () => {
  const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  fc.assert(
    fc.property(days, (day) => {
      const text = day.toISOString().slice(0, 10)
      expect(dateProblem(text, today)).toBe(text < '1800-01-01' || text > today ? 'date.out_of_range' : null)
    }),
  )
})

test('any other text is no date', () => {
  fc.assert(
    fc.property(fc.nat(9999), fc.nat(99), fc.nat(99), (year, month, day) => {
      const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
      const exists =
        !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)
      expect(dateProblem(text, today) === 'date.malformed').toBe(!exists)
    }),
    { numRuns: 500 },
  )
  for (const text of ['invalid_date', '24/11/2026', '2026-1-1', '20260101', '2026-01-01 ']) {
    expect(dateProblem(text, today), text).toBe('date.malformed')
  }
})
