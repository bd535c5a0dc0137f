import fc from 'fast-check'
import { expect, test } from 'vitest'
import { calendarOf } from './calendar.ts'
import type { Meeting } from './model.ts'

const meeting: Meeting = {
  id: '0199a000-0000-7000-8000-000000000001',
  kind: 'training',
  title: 'Trier, réemployer ; le bois',
  body: { id: 'b', name: 'Chambre d’essai' },
  startsAt: '2027-03-04T08:30:00.000Z',
  endsAt: '2027-03-04T11:00:00.000Z',
  place: 'Salle 3, Montauban',
  agenda: 'Accueil\nTour de table',
  cancelReason: null,
  sequence: 2,
  changedAt: '2027-01-01T10:00:00.000Z',
}
const unfolded = (text: string) => text.replaceAll('\r\n ', '').split('\r\n')

test('a calendar reads when, where, what, and whether it is cancelled', () => {
  const lines = unfolded(calendarOf(meeting, 'https://artisans.example'))
  expect(lines).toContain('DTSTART:20270304T083000Z')
  expect(lines).toContain('DTEND:20270304T110000Z')
  expect(lines).toContain('SUMMARY:Trier\\, réemployer \\; le bois')
  expect(lines).toContain('UID:0199a000-0000-7000-8000-000000000001@artisans.example')
  expect(lines).toContain('STATUS:CONFIRMED')
  expect(lines.find((line) => line.startsWith('DESCRIPTION:'))).toMatch(
    /^DESCRIPTION:Accueil\\nTour de table\\n\\nhttps/,
  )
  const cancelled = unfolded(calendarOf({ ...meeting, endsAt: null, cancelReason: 'Neige' }, 'https://a.example'))
  expect(cancelled).toContain('STATUS:CANCELLED')
  expect(cancelled.some((line) => line.startsWith('DTEND'))).toBe(false)
})

test('no line is longer than 75 octets, and none begins with what a title smuggles in', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      const title = text.replace(/\s+/g, ' ')
      const file = calendarOf({ ...meeting, title, agenda: text.replace(/\r\n?/g, '\n') }, 'https://a.example')
      for (const line of file.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
      expect(unfolded(file).filter((line) => !/^(?:[A-Z]+[:;]|$)/.test(line))).toEqual([])
      expect(unfolded(file).filter((line) => line.startsWith('BEGIN:VEVENT'))).toHaveLength(1)
    }),
  )
})
