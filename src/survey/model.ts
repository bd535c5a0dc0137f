import type { Disclosure, Pillar, Purpose } from '#accounts/model'
import type { Answer, Label, Value, ValueKind } from '#statements/model'

/** Version of what devices and server say to each other; a server refuses what it does not know, and devices keep it. */
export const protocol = 1

/** Days during which an enterprise that was asked is not asked again without a reason. */
export const seasonDays = 120

/** `full`: the guide, in any order. `short`: strong points and a word, two minutes. `group`: one screen for several. */
export const modes = ['full', 'short', 'group'] as const
export type Mode = (typeof modes)[number]

/** How a contribution came: from a device, from the page of an enterprise, from a file of a partner, from ODK or Kobo. */
export const channels = ['device', 'page', 'delivery', 'collect'] as const
export type Channel = (typeof channels)[number]

/** When an item is asked: an answer already given, the sector or the craft of the enterprise. All that is said must hold. */
export interface Relevance {
  /** Of another item: one of these answers, or of these choices. */
  when?: { item: string; in: readonly (Answer | string)[] }
  sectors?: readonly string[]
  metiers?: readonly string[]
}

/** One thing that the guide asks. */
export interface GuideItem {
  id: string
  pillar: Exclude<Pillar, 'register'>
  section: string
  kind: Extract<ValueKind, 'answer' | 'number' | 'choice' | 'text' | 'place' | 'enterprise' | 'person' | 'file'>
  /** What a file must be. */
  media?: 'picture' | 'sound'
  /** The practice, as a statement that stands alone: « Achète son bois à moins de 50 km ». */
  label: Label
  /** The question in the workshop: « Votre bois, d’où vient-il ? » */
  question: Label
  help?: Label
  examples?: Label
  unit?: string
  choices?: readonly { id: string; label: Label }[]
  /** Core subject of ISO 26000, 6.2 to 6.8. */
  iso26000: '6.2' | '6.3' | '6.4' | '6.5' | '6.6' | '6.7' | '6.8'
  relevance?: Relevance
  /** May be picked as a strong point in the two-minute mode. */
  strength: boolean
  /** Never shown to more people than that, whatever the artisan agrees to: what names third persons, or figures. */
  ceiling?: Disclosure
  /** Days after which an answer is called old; null: never. */
  windowDays: number | null
}

export interface GuideSection {
  id: string
  pillar: Exclude<Pillar, 'register'>
  label: Label
}

/** One version of the guide; it never changes once published. */
export interface Guide {
  version: number
  title: Label
  /** ISO 8601 day. */
  publishedOn: string
  sections: readonly GuideSection[]
  items: readonly GuideItem[]
}

/** Whom a contribution is about: a unit of the register, or somebody whom the register does not know yet. */
export type Target = { siret: string } | { prospect: string }

/**
 * What the journal of a device holds, only ever added to. `id` and `contribution` are UUID made on the device; `at` is the
 * device's clock, ISO 8601 UTC with milliseconds, never going back within one device.
 */
interface EntryBase {
  id: string
  contribution: string
  at: string
}
export interface OpenEntry extends EntryBase {
  type: 'open'
  target: Target
  guide: number
  mode: Mode
  /** The body in whose name; null for the artisan's own word. */
  body: string | null
  /** Why an enterprise that was asked within the season is asked again; 200 characters at most. */
  reason?: string
}
/** An enterprise that the register does not know; its `id` is what `Target.prospect` names. */
export interface ProspectEntry extends EntryBase {
  type: 'prospect'
  name: string
  /** Code of the commune, five characters. */
  commune: string
  address: string | null
  metier: string | null
  body: string | null
}
export interface AnswerEntry extends EntryBase {
  type: 'answer'
  item: string
  value: Value
  comment: string | null
}
/** Takes an answer of the same author back. */
export interface RetractEntry extends EntryBase {
  type: 'retract'
  entry: string
}
export interface ConsentEntry extends EntryBase {
  type: 'consent'
  given: boolean
  audience: Disclosure
  uses: Purpose[]
  textVersion: string
  textLang: 'fr' | 'en'
}
export type Entry = OpenEntry | ProspectEntry | AnswerEntry | RetractEntry | ConsentEntry
export const entryTypes = ['open', 'prospect', 'answer', 'retract', 'consent'] as const

/**
 * What the server answers of an entry. `taken`: kept, and it counts. `held`: kept, and it counts once its enterprise is in
 * the register. `known`: was taken or held before. `refused`: not kept; the device keeps it and shows why.
 * `later`: not kept now, for a reason that may pass (what it follows is not there yet); the device tries again.
 */
export const outcomes = ['taken', 'held', 'known', 'refused', 'later'] as const
export type Outcome = (typeof outcomes)[number]

export interface EntryResult {
  id: string
  outcome: Outcome
  /** Stable code of the refusal, and the sentence for the surveyor. */
  code?: string
  message?: string
}

export interface SyncRequest {
  protocol: number
  device: string
  /** The device's clock when it sends, on the same scale as `at`: the server measures the skew by it. */
  now: string
  entries: Entry[]
}
/** At most that many entries in one request. */
export const largestBatch = 200

export interface SyncAnswer {
  protocol: number
  results: EntryResult[]
}

/** In whose name somebody may survey, and where, until when. */
export interface Mandate {
  body: { id: string; name: string }
  pillars: Pillar[]
  /** Territories of the clauses; code `*`: everywhere. */
  territories: { code: string; name: string }[]
  /** End of the clause that ends last, ISO 8601. */
  until: string
}

/** What a device needs to start: asked while on line, kept for when it is not. */
export interface StartAnswer {
  protocol: number
  person: { id: string; name: string }
  mandates: Mandate[]
  /** Enterprises that the person holds, who then speaks for himself. */
  own: { siret: string; name: string }[]
  guides: Guide[]
  consent: { version: string; lang: 'fr' | 'en'; title: string; body: string }[]
}

export interface PackEnterprise {
  siret: string
  name: string | null
  commune: string
  /** Where the enterprise comes without its pack, which names its communes. */
  communeName?: string
  address: string | null
  metier: string | null
  sector: string | null
  lon: number | null
  lat: number | null
  /** When an artisan was last asked, and by which body. */
  asked: { on: string; body: string | null } | null
}

/** A territory to take into the workshop; useless after `expiresAt`, when the device removes it. */
export interface Pack {
  id: string
  body: string
  territory: { code: string; name: string }
  madeAt: string
  expiresAt: string
  communes: { code: string; name: string; contour: unknown }[]
  metiers: { slug: string; label: Label; sector: string }[]
  enterprises: PackEnterprise[]
}

/** One answer about an enterprise as those who may read it see it. */
export interface SaidAnswer {
  entry: string
  item: string
  value: Value
  comment: string | null
  saidOn: string
  author: { id: string; name: string | null; mine: boolean }
  body: { id: string; name: string } | null
  disclosure: Disclosure
}

export type { TerritoryPractices } from './practices/model.ts'
