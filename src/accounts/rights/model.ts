import type { Subject } from '#platform'

/** Who may see a record, the widest first. `secret`: its subject and its author alone. */
export const disclosures = ['public', 'partners', 'body', 'secret'] as const
export type Disclosure = (typeof disclosures)[number]

/** What a clause of a convention allows. */
export const actions = ['read', 'contribute', 'validate', 'export'] as const
export type Action = (typeof actions)[number]

/** What people of a body do there; each role acts within the clauses of the body's conventions. */
export const roles = ['manager', 'surveyor', 'reader', 'expert'] as const
export type Role = (typeof roles)[number]

/** What a body may use a record for. */
export const purposes = ['atlas', 'survey', 'support', 'teaching', 'research', 'publication'] as const
export type Purpose = (typeof purposes)[number]

/** The three pillars of the survey (ISO 26000), and the register's own facts. */
export const pillars = ['environment', 'economic', 'social', 'register'] as const
export type Pillar = (typeof pillars)[number]

export interface Clause {
  id: string
  action: Action
  /** Items of the statements that it opens; null with `pillars` null: all. */
  items: readonly string[] | null
  pillars: readonly Pillar[] | null
  /** Code of a territory as its page has it; null: everywhere. */
  territory: string | null
  /** Communes of the territory, null with it. */
  communes: ReadonlySet<string> | null
  purpose: Purpose
}

export interface Convention {
  id: string
  body: string
  /** Moments in ISO 8601, UTC. A convention is in force from its start, once signed, until its end or its early end. */
  signedAt: string | null
  startsAt: string
  endsAt: string
  endedAt: string | null
  clauses: readonly Clause[]
}

export interface Membership {
  body: string
  role: Role
  /** Crafts of an expert; null: not limited. */
  metiers: readonly string[] | null
  startsAt: string
  endsAt: string | null
}

/** All that a decision needs to know of who acts. */
export interface Standing {
  person: string | null
  administrator: boolean
  /** SIRET of the enterprises that the person holds. */
  enterprises: readonly string[]
  memberships: readonly Membership[]
  /** Conventions of those bodies. */
  conventions: readonly Convention[]
}

/** What a decision needs to know of a record. */
export interface ProtectedRecord {
  /** What it is about: an item of the statements, or the kind of the record (`media`, `card`…). */
  item: string
  pillar: Pillar
  subject: Subject
  /** Commune of the subject; null when it has none: then only clauses without territory reach it. */
  commune: string | null
  metier: string | null
  /** The disclosure in force, consent included. */
  disclosure: Disclosure
  body: string | null
  author: string | null
}

export type Refusal =
  | 'not_signed_in'
  | 'no_body'
  | 'role'
  | 'no_convention'
  | 'not_signed'
  | 'not_started'
  | 'ended'
  | 'action'
  | 'item'
  | 'territory'
  | 'purpose'
  | 'metier'
  | 'disclosure'

export type Decision =
  | { allowed: true; by: 'public' | 'subject' | 'administrator' }
  | { allowed: true; by: 'clause'; body: string; convention: string; clause: string; purpose: Purpose }
  | { allowed: false; reason: Refusal; /** Moment that explains it, for `ended` and `not_started`. */ at?: string }
