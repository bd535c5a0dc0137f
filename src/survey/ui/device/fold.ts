import {
  entryTypes,
  type AnswerEntry,
  type ConsentEntry,
  type Entry,
  type OpenEntry,
  type ProspectEntry,
} from '../../model.ts'
import type { AnyEntry, Row, RowState } from './journal.ts'

/** What the page says of one entry. */
export interface EntryStatus {
  state: RowState
  code: string | null
  message: string | null
}

/** The answer to an item as it now stands, and what was answered before and not taken back. */
export interface CurrentAnswer extends EntryStatus {
  entry: AnswerEntry
  /** Several photos of one item are several answers: all are shown, this one counts. The latest first. */
  earlier: AnswerEntry[]
}

/** A visit as its entries make it. */
export interface Contribution {
  id: string
  open: OpenEntry | null
  prospect: ProspectEntry | null
  answers: Map<string, CurrentAnswer>
  consent: (EntryStatus & { entry: ConsentEntry }) | null
  /** Of all its entries: how many wait, are held, are refused. */
  counts: Record<RowState, number>
  /** Sentences of what was refused, each once. */
  refusals: string[]
  /** Entries that another version of the program wrote, kept and sent as they are. */
  unknown: number
  /** `at` of the last entry. */
  lastAt: string
}

const isKnown = (entry: Entry | AnyEntry): entry is Entry => (entryTypes as readonly string[]).includes(entry.type)
/**
 * Rows in the order in which they were said, on this device's clock: the server's too. What one device wrote keeps its
 * own order, though it may have come by several files: the last one dates all of it.
 */
function bySaying(rows: readonly Row[]): Row[] {
  const shifts = new Map(rows.toSorted((a, b) => a.seq - b.seq).map(({ device, shift }) => [device, shift]))
  const moment = ({ entry, device }: Row) => Date.parse(entry.at) + shifts.get(device)!
  return rows.toSorted((a, b) => moment(a) - moment(b) || (a.entry.id < b.entry.id ? -1 : 1))
}
const statusOf = ({ state, code, message }: Row): EntryStatus => ({ state, code, message })

function answersOf(rows: readonly Row[], retracted: ReadonlySet<string>): Map<string, CurrentAnswer> {
  const answers = new Map<string, CurrentAnswer>()
  for (const row of rows) {
    const { entry } = row
    if (!isKnown(entry) || entry.type !== 'answer' || retracted.has(entry.id)) continue
    const before = answers.get(entry.item)
    answers.set(entry.item, {
      entry,
      earlier: before ? [before.entry, ...before.earlier] : [],
      ...statusOf(row),
    })
  }
  return answers
}

/** The last row of a type, of those in order. */
function lastOf<T extends Entry['type']>(rows: readonly Row[], type: T) {
  const row = rows.findLast(({ entry }) => entry.type === type)
  return row ? { entry: row.entry as Extract<Entry, { type: T }>, ...statusOf(row) } : null
}

/** What the rows of one contribution amount to; the same whatever their order. */
export function fold(id: string, given: readonly Row[]): Contribution {
  const rows = bySaying(given.filter(({ entry }) => entry.contribution === id))
  const retracted = new Set(
    rows.flatMap(({ entry }) => (isKnown(entry) && entry.type === 'retract' ? [entry.entry] : [])),
  )
  const counts = { waiting: 0, sent: 0, held: 0, refused: 0 }
  for (const { state } of rows) counts[state]++
  return {
    id,
    open: lastOf(rows, 'open')?.entry ?? null,
    prospect: lastOf(rows, 'prospect')?.entry ?? null,
    answers: answersOf(rows, retracted),
    consent: lastOf(rows, 'consent'),
    counts,
    refusals: [...new Set(rows.flatMap(({ state, message }) => (state === 'refused' && message ? [message] : [])))],
    unknown: rows.filter(({ entry }) => !isKnown(entry)).length,
    lastAt: rows.at(-1)?.entry.at ?? '',
  }
}

/** All contributions of some rows, the last touched first. */
export function foldAll(rows: readonly Row[]): Contribution[] {
  const groups = Map.groupBy(rows, ({ entry }) => entry.contribution)
  return [...groups]
    .map(([id, own]) => fold(id, own))
    .sort((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : a.id < b.id ? 1 : -1))
}

/** What an entry needs the server to have had before: its opening, the answer that it takes back, its prospect. */
const needs = (entry: Entry | AnyEntry, other: Entry | AnyEntry): boolean => {
  if (other.id === entry.id) return false
  if (entry.type === 'open') return other.type === 'prospect'
  if (isKnown(entry) && entry.type === 'retract' && other.id === entry.entry) return true
  return entry.type !== 'prospect' && other.type === 'open'
}

/** The refused row, among those of its contribution, without which an entry is nothing to the server. */
export const neededRefusal = (entry: Entry | AnyEntry, rows: readonly Row[]): Row | undefined =>
  rows.find((row) => row.state === 'refused' && needs(entry, row.entry))
