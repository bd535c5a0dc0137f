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

/** Nobody in particular. */
export const nobody: Standing = {
  person: null,
  administrator: false,
  enterprises: [],
  memberships: [],
  conventions: [],
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

/**
 * Why an act is refused, in the order of the steps of a decision: the furthest step that was reached is told, because
 * it is the one that something can be done about.
 */
export const refusals = [
  'not_signed_in',
  'no_body',
  'left',
  'role',
  'no_convention',
  'not_signed',
  'not_started',
  'ended',
  'action',
  'item',
  'territory',
  'purpose',
  'metier',
  'disclosure',
] as const
export type Refusal = (typeof refusals)[number]

export interface Refused {
  allowed: false
  reason: Refusal
  /** Moment that explains it, for `ended`, `not_started` and `left`. */
  at?: string
  /** Body and convention that went furthest. */
  body?: string
  convention?: string
}

export type Grant =
  | { allowed: true; by: 'public' | 'subject' | 'administrator' }
  | { allowed: true; by: 'clause'; body: string; convention: string; clause: string; purpose: Purpose }

export type Decision = Grant | Refused
