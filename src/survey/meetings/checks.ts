import { isSiret } from '#accounts/model'
import { UserError, type Database } from '#platform'
import { getEstablishment } from '#registry'
import {
  unknownSiret,
  wrongAgenda,
  wrongDay,
  wrongFrom,
  wrongKind,
  wrongLastDay,
  wrongLink,
  wrongName,
  wrongOrganisation,
  wrongPlace,
  wrongTitle,
  wrongUntil,
} from './errors.ts'
import { meetingKinds, momentOf, type MeetingInput, type MeetingKind } from './model.ts'

const line = (text: string) => text.trim().replace(/\s+/g, ' ')
const longestDays = 31

export interface CheckedMeeting {
  kind: MeetingKind
  title: string
  startsAt: string
  endsAt: string | null
  place: string
  agenda: string
}

function endOf({ day, lastDay, until }: MeetingInput, startsAt: string): string | null {
  if (until.trim() === '') {
    if (lastDay.trim() !== '' && lastDay.trim() !== day.trim()) throw wrongLastDay()
    return null
  }
  const endsAt = momentOf(lastDay.trim() || day.trim(), until.trim())
  const length = endsAt === null ? 0 : Date.parse(endsAt) - Date.parse(startsAt)
  if (length <= 0 || length > longestDays * 86_400_000) throw wrongUntil()
  return endsAt
}

/** @throws {UserError} 400 naming the wrong field */
export function checkMeeting(input: MeetingInput): CheckedMeeting {
  const kind = meetingKinds.find((one) => one === input.kind)
  if (!kind) throw wrongKind()
  const title = line(input.title)
  if (title === '' || title.length > 200) throw wrongTitle()
  if (momentOf(input.day.trim(), '12:00') === null) throw wrongDay()
  const startsAt = momentOf(input.day.trim(), input.from.trim())
  if (startsAt === null) throw wrongFrom()
  const endsAt = endOf(input, startsAt)
  const place = line(input.place)
  if (place === '' || place.length > 300) throw wrongPlace()
  const agenda = input.agenda.replace(/\r\n?/g, '\n').trim()
  if (agenda.length > 5000) throw wrongAgenda()
  return { kind, title, startsAt, endsAt, place, agenda }
}

export interface AttendeeInput {
  name: string
  /** A name, or a SIRET with or without spaces; empty: none. */
  organisation: string
  present: boolean
}

/** @throws {UserError} 400 naming the wrong field */
export async function checkAttendee(db: Database, input: AttendeeInput) {
  const name = line(input.name)
  if (name === '' || name.length > 120) throw wrongName()
  const organisation = line(input.organisation)
  if (organisation.length > 200) throw wrongOrganisation()
  const digits = organisation.replace(/ /g, '')
  if (!/^\d+$/.test(digits)) return { name, organisation: organisation || null, siret: null }
  if (!isSiret(digits)) throw wrongOrganisation()
  return { name, organisation: await registeredName(db, digits), siret: digits }
}

async function registeredName(db: Database, siret: string): Promise<string | null> {
  try {
    return (await getEstablishment(db, siret)).name
  } catch (error) {
    if (error instanceof UserError && [404, 410].includes(error.status)) throw unknownSiret()
    throw error
  }
}

/** What a field of the form leads to: a page by https, or a deposited file by its id. */
export function checkLink(text: string): { link: string } | { file: string } {
  const typed = text.trim()
  const file = /(?:^|\/espace\/medias\/)([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(typed)
  if (file) return { file: file[1]! }
  if (typed.length > 500 || !URL.canParse(typed) || new URL(typed).protocol !== 'https:') throw wrongLink()
  return { link: new URL(typed).href }
}
