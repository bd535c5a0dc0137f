import type { Meeting } from './model.ts'

const utc = (at: string) => at.replace(/\.\d+/, '').replace(/[-:]/g, '')
const escape = (text: string) => text.replace(/[\\;,]/g, '\\$&').replace(/\n/g, '\\n')

/** A line in pieces of 75 octets at most, none of which cuts a sign (RFC 5545, 3.1). */
function fold(line: string): string {
  const pieces: string[] = ['']
  let octets = 0
  for (const sign of line) {
    const size = Buffer.byteLength(sign)
    if (octets + size > 75) {
      pieces.push('')
      // The space that begins a piece counts.
      octets = 1
    }
    pieces[pieces.length - 1] += sign
    octets += size
  }
  return pieces.join('\r\n ')
}

/**
 * A meeting as a calendar takes it (iCalendar, RFC 5545), with the address of its page.
 * @param site address of the site, without a slash at its end
 */
export function calendarOf(meeting: Meeting, site: string): string {
  const { id, title, body, startsAt, endsAt, place, agenda, cancelReason, sequence, changedAt } = meeting
  const page = `${site}/espace/rencontres/${id}`
  const description = [cancelReason, agenda, page].filter(Boolean).join('\n\n')
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Artisanumérique//Rencontres//FR',
    'BEGIN:VEVENT',
    `UID:${id}@${new URL(site).hostname}`,
    `DTSTAMP:${utc(changedAt)}`,
    `SEQUENCE:${sequence}`,
    `DTSTART:${utc(startsAt)}`,
    ...(endsAt ? [`DTEND:${utc(endsAt)}`] : []),
    `SUMMARY:${escape(title)}`,
    `LOCATION:${escape(place)}`,
    `DESCRIPTION:${escape(description)}`,
    ...(body.name ? [`CONTACT:${escape(body.name)}`] : []),
    `URL:${page}`,
    `STATUS:${cancelReason === null ? 'CONFIRMED' : 'CANCELLED'}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ]
  return lines.map((line) => `${fold(line)}\r\n`).join('')
}
