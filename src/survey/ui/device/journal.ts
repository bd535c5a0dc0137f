import type { Entry, EntryResult, Pack, SaidAnswer } from '../../model.ts'

/** Version of how rows are kept; rows of other versions are read as far as they are understood, and never rewritten. */
export const journalVersion = 1

/** An entry as a device holds it: another version of the program may have written it, with a type unknown to this one. */
export interface AnyEntry {
  id: string
  contribution: string
  at: string
  type: string
}

/** `waiting`: to be sent. `sent`: the server has it. `held`: it has it, and waits for the enterprise. `refused`: it has it not. */
export const rowStates = ['waiting', 'sent', 'held', 'refused'] as const
export type RowState = (typeof rowStates)[number]

/** A line of the journal. Its entry never changes; what became of it does. */
export interface Row {
  /** Order in which the device wrote it, from 1. */
  seq: number
  version: number
  /** Account that was signed in: nobody else ever sends it. */
  person: string
  /** Device that wrote it: another one where it came by a file. */
  device: string
  /** Milliseconds to add to its `at` to have it on this device's clock: 0 but for what came by a file. */
  shift: number
  entry: Entry | AnyEntry
  state: RowState
  /** Of a refusal, or of what the server wants to see before it takes it. */
  code: string | null
  message: string | null
}
export type NewRow = Omit<Row, 'seq'>

/** A photo or a sound. Its id is what the value of an answer names. */
export interface KeptFile {
  id: string
  person: string
  contribution: string
  /** SIRET of the enterprise, or `moi` where it has none yet. */
  subject: string
  name: string
  type: string
  blob: Blob
  /** ISO 8601, of the device's clock. */
  at: string
  state: 'waiting' | 'sent' | 'refused'
  message: string | null
}

/** The clock of a device, in milliseconds: what it last gave, and what is added to the machine's own so that it never goes back. */
export interface ClockState {
  last: number
  ahead: number
}

/** What is written in one go, or not at all. */
export interface Writing {
  rows: NewRow[]
  files: KeptFile[]
  clock: ClockState
}

/** What was last seen on the server about an enterprise. */
export interface Seen {
  siret: string
  person: string
  at: string
  answers: SaidAnswer[]
}

export interface KeptPack {
  id: string
  person: string
  pack: Pack
}

/** A number of rows in each state, and `at` of the first that waits. */
export interface Counts extends Record<RowState, number> {
  oldestWaiting: string | null
}

/**
 * Where a device keeps what was written. Each method is one atomic write or read: what it promises lasts once it
 * resolves, also through a crash; what it throws has left nothing behind.
 * @throws {DeviceError} `full` where there is no room left, `unavailable` where the browser keeps nothing
 */
export interface JournalStore {
  /** Whether it lasts when the page is closed. */
  readonly lasting: boolean
  /**
   * Adds rows and files; `write` is given the clock and must answer at once. A row or file whose id is known is left as it is.
   * @returns the number of rows that are new
   */
  append(write: (clock: ClockState) => Writing): Promise<number>
  clock(): Promise<ClockState>
  /** Rows of one contribution, in the order of the journal. */
  listContribution(person: string, contribution: string): Promise<Row[]>
  /** All rows of a person, in the order of the journal. */
  list(person: string): Promise<Row[]>
  /** The next rows in one of these states, after a number, in the order of the journal. */
  listByState(person: string, states: readonly RowState[], after: number, limit: number): Promise<Row[]>
  count(person: string): Promise<Counts>
  /** Writes what became of entries, as `stateAfter` says. */
  mark(results: readonly EntryResult[]): Promise<void>
  /** Puts refused entries back among those that wait. */
  resend(ids: readonly string[]): Promise<void>
  /** Removes contributions of which nothing waits, is held or refused, neither entry nor file. */
  forget(person: string, contributions: readonly string[]): Promise<void>

  /** Without their bytes where `state` is `sent`: these are not kept. */
  listFiles(person: string): Promise<KeptFile[]>
  getFile(id: string): Promise<KeptFile | null>
  markFile(id: string, state: KeptFile['state'], message: string | null): Promise<void>

  putPack(pack: KeptPack): Promise<void>
  listPacks(person: string): Promise<KeptPack[]>
  removePacks(ids: readonly string[]): Promise<void>

  putSeen(seen: Seen): Promise<void>
  getSeen(person: string, siret: string): Promise<Seen | null>

  getSetting(key: string): Promise<unknown>
  putSetting(key: string, value: unknown): Promise<void>
  /** Takes or prolongs a lease until a moment (ms) unless somebody else holds it at `now`. */
  lease(key: string, owner: string, now: number, until: number): Promise<boolean>
  close(): void
}

/**
 * What becomes of a row by a result. What the server has is never called refused by a later answer, nor waiting; what it
 * asks to try again, or says in words that this program does not know, waits on.
 */
export function stateAfter(row: Row, result: EntryResult): Pick<Row, 'state' | 'code' | 'message'> {
  const { state, code, message } = row
  const said = { code: result.code ?? null, message: result.message ?? null }
  const kept = state === 'sent' || state === 'held'
  switch (result.outcome) {
    case 'taken':
      return { state: 'sent', code: null, message: null }
    case 'known':
      return { state: result.code === 'held' ? 'held' : 'sent', code: null, message: null }
    case 'held':
      return state === 'sent' ? { state, code, message } : { state: 'held', ...said }
    case 'refused':
      return kept ? { state, code, message } : { state: 'refused', ...said }
    default:
      return kept || state === 'refused' ? { state, code, message } : { state: 'waiting', ...said }
  }
}
