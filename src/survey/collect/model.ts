import type { Value } from '#statements/model'

/** Where a fault stands; column null: the whole row. Rows as a spreadsheet numbers them. */
export interface CollectProblem {
  sheet: string
  row: number
  column: string | null
  reason: string
}

export interface CollectedAnswer {
  item: string
  value: Value
  column: string
}

/** One visit that ODK or KoboToolbox collected, as its row says it. */
export interface CollectedVisit {
  sheet: string
  row: number
  /** What the submission is known by; edits keep it. */
  instance: string
  /** When it ended, ISO 8601 UTC with milliseconds; null when no column tells. */
  at: string | null
  /** Version of the guide that was asked. */
  guide: number
  siret: string | null
  /** As it was typed, of an enterprise whose SIRET is not known. */
  name: string
  commune: string
  metier: string | null
  answers: CollectedAnswer[]
  /** Cells that are not taken. */
  problems: CollectProblem[]
  /** Why the whole row is not taken. */
  refusal: string | null
}

/** What a file says, before anything is taken. */
export interface CollectedFile {
  visits: CollectedVisit[]
  /** Columns that are no question of the guide. */
  unknown: string[]
  /** Cells that name a picture or a sound, which the file does not hold. */
  files: number
  /** Sheets without any question of the guide. */
  others: string[]
}

/** What becomes of one row: before acceptance what would, after it what did. */
export interface RowReport {
  sheet: string
  row: number
  /** Its name in the register, else its SIRET, or the name and the commune that were typed. */
  enterprise: string
  siret: string | null
  /** Whether its enterprise is in the register, so that its answers count at once. */
  registered: boolean
  taken: number
  known: number
  refused: number
}

export interface CollectReport {
  rows: RowReport[]
  problems: CollectProblem[]
  /** All problems: only the first are kept. */
  problemCount: number
  unknown: string[]
  files: number
  others: string[]
}

/** What a file turned out to be when it is the form itself, not its answers. */
export interface FormReport {
  questions: number
  /** Of them, questions of the guide. */
  known: number
  problems: CollectProblem[]
}

export const collectionStates = ['refused', 'form', 'read', 'accepting', 'accepted'] as const
/**
 * `refused`: the file could not be read. `form`: it is a form, not answers. `read`: nothing counts yet. `accepting`: a job
 * is at it. `accepted`: it counts, and the file is gone.
 */
export type CollectionState = (typeof collectionStates)[number]

export interface CollectionLine {
  id: string
  fileName: string
  state: CollectionState
  /** ISO 8601, UTC. */
  createdAt: string
}

export const refusals = ['file', 'body', 'right'] as const
export type Refusal = (typeof refusals)[number]

export interface CollectPageData {
  /** Bodies in whose name the person may survey now. */
  bodies: { id: string; name: string }[]
  /** Enterprises of the person, who may then speak for himself. */
  own: boolean
  mine: CollectionLine[]
  /** Why the last sending was refused. */
  refusal: Refusal | null
}

export interface CollectionPageData extends CollectionLine {
  body: string | null
  problem: string | null
  report: CollectReport | null
  form: FormReport | null
  progress: number | null
  /** The job failed: it may be asked again. */
  stuck: boolean
}

/** Rows in one file: a morning of acceptance at most. */
export const mostVisits = 1000
/** Problems that are kept and shown. */
export const mostProblems = 200

export type Counts = Record<'rows' | 'taken' | 'known' | 'refused', number>

/** Sums over the rows of a report. */
export const countsOf = ({ rows }: CollectReport): Counts => ({
  rows: rows.length,
  taken: rows.reduce((sum, row) => sum + row.taken, 0),
  known: rows.reduce((sum, row) => sum + row.known, 0),
  refused: rows.reduce((sum, row) => sum + row.refused, 0),
})
