import type { GuideItem } from '../model.ts'

/** What a column of a partner's file may be; `personal` and `ignored` are not kept. */
export const meanings = [
  'siret',
  'siren',
  'name',
  'address',
  'postcode',
  'commune',
  'craft',
  'date',
  'comment',
  'personal',
  'ignored',
] as const
export type PlainMeaning = (typeof meanings)[number]
export type Meaning = PlainMeaning | `item:${string}`

/** Meanings that several columns may have: their cells are put together, or tried one after the other. */
export const repeated: ReadonlySet<Meaning> = new Set(['name', 'address', 'comment', 'personal', 'ignored'])

export interface Column {
  header: string
  meaning: Meaning
  /** 0 to 1 for a guess; null for what somebody chose. */
  confidence: number | null
}

export const itemOf = (meaning: Meaning): string | null => (meaning.startsWith('item:') ? meaning.slice(5) : null)

/**
 * `read`: matched, nothing counts yet. `matching`, `accepting`, `undoing`: a job is at it. `accepted`: it counts.
 * `undone`: it never did. `refused`: the file could not be read.
 */
export const deliveryStates = ['matching', 'read', 'accepting', 'accepted', 'undoing', 'undone', 'refused'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** `refused`: the person's right does not reach it. `skipped`: somebody set it aside. */
export const decisions = ['matched', 'doubtful', 'unknown', 'refused', 'skipped'] as const
export type Decision = (typeof decisions)[number]

/** From here a row is matched by itself; below, and down to `doubtfulFrom`, somebody chooses. */
export const matchedFrom = 0.85
export const doubtfulFrom = 0.55

/** Why a row is thought to be an enterprise, or not; `value` completes the sentence. */
export interface Reason {
  code: ReasonCode
  value?: string
}
export const reasonCodes = [
  'siret_same',
  'siret_zeros',
  'siret_digit',
  'siret_other',
  'siren_same',
  'siren_moved',
  'siren_digit',
  'name_same',
  'name_close',
  'name_inside',
  'name_far',
  'name_withheld',
  'commune_same',
  'postcode_same',
  'departement_same',
  'commune_other',
  'address_same',
  'street_same',
  'address_close',
  'address_other',
  'closed',
  'successor',
  'successor_here',
  'several',
  'chosen',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

export interface Candidate {
  siret: string
  score: number
  reasons: Reason[]
}

/** What is wrong with a row; `column` counts from 0, `message` is a sentence. */
export interface RowProblem {
  column: number | null
  message: string
}

/** What the page and the guesses need of the guide. */
export type DeliveryItem = Pick<GuideItem, 'id' | 'kind' | 'label' | 'question' | 'unit' | 'choices'>

/** Kinds of answers that a cell can hold. */
export const cellKinds: ReadonlySet<GuideItem['kind']> = new Set(['answer', 'number', 'choice', 'text', 'enterprise'])

export type { DeliveriesPageData, DeliveryPageData } from './page.ts'
export type { ShownUnit } from './queries.ts'
