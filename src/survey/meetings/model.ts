import { isoDayOf, startOfDay, type Role } from '#accounts/model'

export const meetingKinds = ['meeting', 'training'] as const
export type MeetingKind = (typeof meetingKinds)[number]

/** Who writes the meetings of his body; its readers read them, and who is on their lists. */
export const writers: readonly Role[] = ['manager', 'surveyor', 'expert']

/** Most people on one list, and most links of one meeting. */
export const mostPeople = 500
export const mostMaterial = 50

/** Days after a meeting during which it is known who came: three years, as the financing of a training is checked. */
export const attendanceDays = 3 * 365

/** A meeting or a training, as all bodies read it. */
export interface Meeting {
  id: string
  kind: MeetingKind
  title: string
  body: { id: string; name: string }
  /** Moments in ISO 8601, UTC. */
  startsAt: string
  endsAt: string | null
  place: string
  /** Plain text, a point a line. */
  agenda: string
  /** Why it is cancelled; null: it is not. */
  cancelReason: string | null
  sequence: number
  changedAt: string
}

/** Somebody on the list of a meeting: personal data, for the organising body's people alone. */
export interface Attendee {
  id: string
  name: string
  organisation: string | null
  siret: string | null
  /** Null: nobody has said yet. */
  present: boolean | null
}

/** A page elsewhere, or a deposited file, whose own page tells who may read it. */
export interface Material {
  id: string
  title: string
  link: string | null
  file: string | null
}

/** Address of what a link of the material leads to. */
export const hrefOf = ({ link, file }: Material): string => link ?? `/espace/medias/${file}`

/** What the form of a meeting holds; an empty text is none. */
export interface MeetingInput {
  body: string
  kind: string
  title: string
  /** As `2027-03-04` and `14:30`, by the clocks of France. */
  day: string
  from: string
  /** Last day; empty: the same. */
  lastDay: string
  until: string
  place: string
  agenda: string
}

const zone = 'Europe/Paris'

/** The hour of a moment by the clocks of France, as a form writes it: `14:30`. */
export const timeOf = (at: string): string =>
  new Date(at).toLocaleTimeString('fr-FR', { timeZone: zone, hour: '2-digit', minute: '2-digit' })

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/**
 * The moment of a day (`2027-03-04`) and an hour (`14:30`) by the clocks of France, in ISO 8601 UTC.
 * @returns null when either is none, or when the clocks skip that hour
 */
export function momentOf(day: string, time: string): string | null {
  const midnight = startOfDay(day)
  if (midnight === null || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return null
  // Where the clocks change between midnight and that hour, they differ from what has passed by an hour.
  for (const shift of [0, -60, 60]) {
    const at = new Date(Date.parse(midnight) + (minutesOf(time) + shift) * 60_000).toISOString()
    if (timeOf(at) === time && isoDayOf(at) === day) return at
  }
  return null
}
