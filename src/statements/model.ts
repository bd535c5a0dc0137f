import type { Disclosure, Pillar } from '#accounts/model'
import type { Subject } from '#platform'

/** What a statement may say; each kind has its schema, its sameness and its words. */
export const valueKinds = [
  'answer',
  'number',
  'choice',
  'text',
  'place',
  'period',
  'enterprise',
  'person',
  'file',
] as const
export type ValueKind = (typeof valueKinds)[number]

export const answers = ['yes', 'no', 'partly', 'unknown'] as const
export type Answer = (typeof answers)[number]

/** How precise a place is. */
export const placeQualities = ['address', 'street', 'commune'] as const
export type PlaceQuality = (typeof placeQualities)[number]

export interface Place {
  kind: 'place'
  /** Degrees, WGS 84. */
  lon: number
  lat: number
  quality: PlaceQuality
}

/** A value says its own kind, so that the rule needs nothing else to compare two of them. */
export type Value =
  | { kind: 'answer'; answer: Answer }
  | { kind: 'number'; number: number; unit: string }
  | { kind: 'choice'; choice: string }
  | { kind: 'text'; text: string }
  | Place
  | { kind: 'period'; /** EDTF (ISO 8601-2) */ period: string }
  | { kind: 'enterprise'; siret: string }
  | { kind: 'person'; person: string }
  | { kind: 'file'; file: string }

export const sourceKinds = ['citizen', 'body', 'subject', 'register'] as const
export type SourceKind = (typeof sourceKinds)[number]

export interface Source {
  kind: SourceKind
  /** The body that speaks; null for the other kinds. */
  body: string | null
}

export const methods = ['on_site', 'phone', 'online', 'document', 'hearsay'] as const
export type Method = (typeof methods)[number]

/** What somebody said about a subject; never changed, only withdrawn. */
export interface Statement {
  id: string
  subject: Subject
  item: string
  value: Value
  /** Account; null for a visitor whom nobody knows. */
  author: string | null
  source: Source
  /** Clause of the convention under which a body speaks. */
  clause: string | null
  /** ISO 8601 day. */
  saidOn: string
  /** ISO 8601 moments, UTC: when it was said, and when it came here. */
  saidAt: string
  recordedAt: string
  method: Method
  /** Address of a page, or id of a file. */
  evidence: string | null
  comment: string | null
}

/** What the rule needs of a statement. */
export type Said = { act: 'said' } & Pick<
  Statement,
  'id' | 'value' | 'source' | 'author' | 'saidOn' | 'saidAt' | 'recordedAt'
>

/** All that can happen about one item of one subject; each has its own id, and moments in ISO 8601, UTC. */
export type Act =
  | Said
  | { act: 'withdrawn'; id: string; statement: string }
  | { act: 'moderated'; id: string; statement: string; accepted: boolean; at: string }
  | { act: 'settled'; id: string; chosen: string; at: string }
  | { act: 'dissented'; id: string; settlement: string; body: string }
  | { act: 'contested'; id: string; at: string }

/** Those who say the same. */
export interface Side {
  value: Value
  /** Number of voices. */
  support: number
  bodies: string[]
  /** Whether the subject itself says so, and the public register. */
  subject: boolean
  register: boolean
  citizens: number
  /** The last day on which one of them said so. */
  saidOn: string
  /** Ids of their statements. */
  statements: string[]
}

/**
 * `agreed`: all voices say the same. `majority`: one side has most voices. `tied`: none has; no value is given.
 * `settled`: somebody with the right to do so chose. `contested`: the value is shown, and said to be contested.
 */
export const agreedStates = ['agreed', 'majority', 'tied', 'settled', 'contested'] as const
export type AgreedState = (typeof agreedStates)[number]

export interface Agreed {
  state: AgreedState
  /** Null when sides are tied. */
  value: Value | null
  /** Voices for the value; of each of the largest sides when they are tied. */
  support: number
  /** Voices in all. */
  voices: number
  /** Whether somebody says otherwise. */
  disagreement: boolean
  /** The last day on which somebody said the value; of all voices when they are tied. */
  saidOn: string
  /** All sides, the most voices first. */
  sides: Side[]
  /** The settlement in force, and the bodies that dissent from it. */
  settlement: { id: string; chosen: string; dissents: string[] } | null
}

/** What a subject is to those who speak about it; told by the capability that holds it. */
export interface SubjectFacts {
  /** What people call it, and its page. */
  label: string
  path: string
  commune: string | null
  metier: string | null
  /** Whether it is one person, whose name is personal data. */
  person: boolean
  /** Items that nobody may publish about it, such as the name of whoever opposed diffusion. */
  withheld: readonly string[]
  /** What its own source says of items, without any statement. */
  known: Readonly<Record<string, Label>>
}

export interface Label {
  fr: string
  en: string
}

/** Something that can be said about a kind of subject. */
export interface Item {
  id: string
  /** Kind of subject. */
  subject: string
  pillar: Pillar
  kind: ValueKind
  label: Label
  /** Unit in which a number is asked. */
  unit?: string
  /** Closed list of a choice, or the answers that make sense; open lists are checked by the subject. */
  choices?: readonly { id: string; label: Label }[]
  /** A text that is the address of a page. */
  link?: boolean
  /** Longest text, in characters; 2,000 when absent. */
  longest?: number
  /** Personal data where the subject is one person: then only that person says it, and publishes it by consent. */
  personal: boolean
  /** Days after which a value is called old; null: never. */
  windowDays: number | null
  /** Asked by a survey, so that the page of corrections does not list it. */
  via?: 'survey'
  /** Shown to no more people than that, whoever agrees. */
  ceiling?: Disclosure
}

/** Whether a value was said recently enough for its item. */
export function isFresh(saidOn: string, windowDays: number | null, today: string): boolean {
  return windowDays === null || Date.parse(today) - Date.parse(saidOn) <= windowDays * 86_400_000
}

const earthRadius = 6_371_008.8
const radians = (degrees: number) => (degrees * Math.PI) / 180

interface LonLat {
  lon: number
  lat: number
}

/** Metres between two points in degrees: haversine on the mean sphere (Sinnott 1984). */
export function metresBetween(a: LonLat, b: LonLat): number {
  const half = (x: number, y: number) => Math.sin(radians(x - y) / 2) ** 2
  const h = half(a.lat, b.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(a.lon, b.lon)
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)))
}

export type { FormData as StatementFormData } from './form.ts'
export type { ModerationData as ModerationPageData } from './moderation-page.ts'
