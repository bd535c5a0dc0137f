import type { Disclosure, Pillar, Purpose } from '#accounts/model'
import type { Subject } from '#platform'
import type { Lang } from '#platform/model'
import type { Status } from './machine.ts'

export {
  agreedScope,
  effectiveDisclosure,
  narrower,
  statuses,
  transition,
  undeclared,
  type AgeClass,
  type ConsentEvent,
  type RecordState,
  type Scope,
  type Signatory,
  type Status,
} from './machine.ts'

/** What a text of agreement is about. */
export const topics = ['know-how', 'image', 'motion', 'minor'] as const
export type Topic = (typeof topics)[number]

/** How an agreement was given: on a screen, on paper, by letter or e-mail. */
export const ways = ['screen', 'paper', 'mail'] as const
export type Way = (typeof ways)[number]

/** Why content is destroyed; a code, so that the ledger holds no content. */
export const erasureReasons = ['request', 'withdrawal', 'minor', 'unlawful', 'law'] as const
export type ErasureReason = (typeof erasureReasons)[number]

/** Rights of whoever is concerned, articles 7 and 15 to 21 of the GDPR. */
export const rights = [
  'access',
  'rectification',
  'erasure',
  'restriction',
  'portability',
  'objection',
  'withdrawal',
] as const
export type Right = (typeof rights)[number]

interface Text {
  fr: string
  en: string
}

/** One entry of the register of processings (article 30 of the GDPR). */
export interface Processing {
  id: string
  name: Text
  purpose: Text
  /** Article of the GDPR, as `6.1.a`. */
  basis: { article: string; text: Text }
  people: Text
  data: Text
  source: Text
  recipients: Text
  retention: Text
  rights: Right[]
  /** Described before it starts. */
  planned: boolean
}

/** A text that people agree to; it never changes once it is in a database. */
export interface ConsentText {
  /** `image-1`: the topic and the number of the version. */
  version: string
  lang: Lang
  topic: Topic
  /** SHA-256 of the file. */
  hash: string
  title: string
  body: string
}

export interface ConsentRecord {
  kind: string
  id: string
  asked: Disclosure
  body: string | null
  holder: Subject | null
  identifying: boolean
  author: string | null
  item: string | null
  pillar: Pillar | null
  commune: string | null
  metier: string | null
  status: Status
  minor: boolean
  /** The disclosure in force now, expiry included. */
  effective: Disclosure
  uses: Purpose[]
  until: string | null
  textVersion: string | null
}

/** What the holder, or who collects his agreement, reads before deciding. */
export interface AgreementScreen {
  record: ConsentRecord
  /** What the record says, when its capability tells. */
  content: { title: string; text?: string; href?: string } | null
  text: ConsentText
  /** The holder acts himself; else somebody writes down what he says. */
  own: boolean
  minor: boolean
  /** Audiences that the record asks for at most. */
  audiences: Disclosure[]
}

/** An agreement as its holder finds it in his list. */
export interface OwnConsent {
  kind: string
  id: string
  status: Status
  effective: Disclosure
  until: string | null
  title: string | null
}

/** Who runs the site, as its legal notice says; empty where it is not filled yet. */
export interface Notice {
  publisher: string
  address: string
  director: string
  contact: string
  host: string
  hostAddress: string
  dpo: string
}

/** Word that one types before everything is destroyed. */
export const erasureWord = 'EFFACER'
