import type { MyBody } from '../bodies/model.ts'
import type { Action, Pillar, Purpose } from '../rights/model.ts'

export const conventionStates = ['draft', 'to_come', 'in_force', 'ended', 'ended_early'] as const
export type ConventionState = (typeof conventionStates)[number]

export interface ClauseText {
  id: string
  action: Action
  items: string[] | null
  pillars: Pillar[] | null
  territory: string | null
  /** Name and kind of the territory, null with it or when it is no longer known. */
  territoryName: string | null
  territoryKind: string | null
  purpose: Purpose
}

export interface ConventionDetail {
  id: string
  body: string
  title: string
  startsAt: string
  endsAt: string
  signedAt: string | null
  endedAt: string | null
  endReason: string | null
  hasFile: boolean
  /** Convention that it replaces, and the one that replaces it. */
  replaces: string | null
  replacedBy: string | null
  clauses: ClauseText[]
}

/** A convention as one of the body's people sees it. */
export interface MyConvention extends Omit<ConventionDetail, 'clauses'> {
  state: ConventionState
  /** The clauses that the role lets one use. */
  clauses: ClauseText[]
}

/** What somebody may do for a body, until when, and what has ended. */
export interface MyRights extends MyBody {
  current: boolean
  contact: string | null
  conventions: MyConvention[]
}

/** One step of a convention's life. */
export interface ConventionEvent {
  id: string
  kind: 'written' | 'signed' | 'extended' | 'ended'
  at: string
  /** Old and new end of an extension; reason of an end. */
  detail: { from?: string; to?: string; reason?: string }
}

/** Where a convention is in its life, at a moment. */
export function stateOf(
  { signedAt, startsAt, endsAt, endedAt }: Pick<ConventionDetail, 'signedAt' | 'startsAt' | 'endsAt' | 'endedAt'>,
  at: number,
): ConventionState {
  if (signedAt === null) return 'draft'
  if (endedAt !== null && Date.parse(endedAt) <= at) return 'ended_early'
  if (Date.parse(endsAt) <= at) return 'ended'
  return Date.parse(startsAt) <= at ? 'in_force' : 'to_come'
}

/** Why the sending of a signed convention is refused: the page's address says which. */
export const fileRefusals = ['vide', 'pdf', 'taille', 'signee', 'clause'] as const
export type FileRefusal = (typeof fileRefusals)[number]
