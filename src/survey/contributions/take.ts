import type {
  AnswerEntry,
  ConsentEntry,
  Entry,
  EntryResult,
  OpenEntry,
  ProspectEntry,
  RetractEntry,
  SyncRequest,
} from '../model.ts'
import {
  answerNotThere,
  conflict,
  EntryRefused,
  guideTooNew,
  guideUnknown,
  itemUnknown,
  notAnAnswer,
  notOpenYet,
  notYours,
  prospectNotThere,
  resultOf,
} from './refusal.ts'

/** `taken`: it counts. `held`: it counts once its enterprise is in the register. */
export type KeptState = 'taken' | 'held'

/** What was kept of an entry. */
export interface KeptEntry {
  entry: Entry
  author: string
  /** The device that wrote it. */
  device: string
  state: KeptState
}

export interface Neighbours {
  before: string | null
  after: string | null
}

/** What may be read and written while one entry is taken; all of it is kept, or nothing. */
export interface EntryTransaction {
  /** Until the end of the transaction, nobody else takes entries of this device, or of this contribution. */
  lock(device: string, contribution: string): Promise<void>
  /** Moments kept for what the author's device wrote just before and just after an entry, by `at` then id. */
  neighbours(device: string, entry: Entry): Promise<Neighbours>
  findEntry(id: string): Promise<KeptEntry | null>
  findContribution(id: string): Promise<{ author: string } | null>
  hasProspect(id: string): Promise<boolean>
  /** Each of these writes what an entry does; throws `EntryRefused` where the right or the enterprise does not allow it. */
  addProspect(entry: ProspectEntry): Promise<void>
  open(entry: OpenEntry, saidAt: string): Promise<KeptState>
  say(entry: AnswerEntry, saidAt: string): Promise<KeptState>
  /** Takes back what a taken answer says. */
  takeBack(answer: AnswerEntry): Promise<void>
  agree(entry: ConsentEntry, saidAt: string): Promise<KeptState>
  /** Keeps the entry itself. */
  keep(kept: KeptEntry, saidAt: string): Promise<void>
}

/** Where entries are kept, for one author. */
export interface EntryStore {
  /** Account whose device it is. */
  readonly author: string
  /** Newest version of the guide that this server has. */
  readonly latestGuide: number
  hasGuide(version: number): boolean
  /** Whether some version of the guide has the item. */
  hasItem(item: string): boolean
  transaction<T>(work: (trx: EntryTransaction) => Promise<T>): Promise<T>
}

const sorted = (_: string, value: unknown) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Whether two entries say the same, whatever the order of their fields. */
export const sameEntry = (a: Entry, b: Entry): boolean => JSON.stringify(a, sorted) === JSON.stringify(b, sorted)

/** Nobody surveyed before: a clock that says so, or that skews so, was never set. */
const earliest = '1990-01-01T00:00:00.000Z'

/**
 * The moment of an entry on the server's clock: the skew that the device had when it sent is taken off; never in the
 * future nor before there was anything to say, and never out of the order in which the device wrote, whatever its clock or the network did in between. All are
 * ISO 8601, UTC, with milliseconds, so that texts sort as moments do.
 */
export function momentOf(at: string, sentAt: string, now: string, { before, after }: Neighbours): string {
  const unskewed = Date.parse(at) + Date.parse(now) - Date.parse(sentAt)
  let moment = new Date(Math.min(Math.max(unskewed, Date.parse(earliest)), Date.parse(now))).toISOString()
  if (before !== null && moment < before) moment = before
  if (after !== null && moment > after) moment = after
  return moment > now ? now : moment
}

type Taking<E extends Entry> = (
  store: EntryStore,
  trx: EntryTransaction,
  entry: E,
  saidAt: string,
) => Promise<KeptState>

/** @throws {EntryRefused} when the contribution is not there, or is somebody else's */
async function requireOwn({ author }: EntryStore, trx: EntryTransaction, { contribution }: Entry): Promise<void> {
  const opened = await trx.findContribution(contribution)
  if (!opened) throw notOpenYet()
  if (opened.author !== author) throw notYours()
}

const takeProspect: Taking<ProspectEntry> = async (_, trx, entry) => {
  await trx.addProspect(entry)
  return 'taken'
}

const takeOpen: Taking<OpenEntry> = async (store, trx, entry, saidAt) => {
  if (await trx.findContribution(entry.contribution)) throw conflict()
  if (entry.guide > store.latestGuide) throw guideTooNew()
  if (!store.hasGuide(entry.guide)) throw guideUnknown()
  if ('prospect' in entry.target && !(await trx.hasProspect(entry.target.prospect))) throw prospectNotThere()
  return trx.open(entry, saidAt)
}

const takeAnswer: Taking<AnswerEntry> = async (store, trx, entry, saidAt) => {
  await requireOwn(store, trx, entry)
  if (!store.hasItem(entry.item)) throw itemUnknown(entry.item)
  return trx.say(entry, saidAt)
}

const takeRetract: Taking<RetractEntry> = async (store, trx, entry) => {
  await requireOwn(store, trx, entry)
  const kept = await trx.findEntry(entry.entry)
  if (!kept) throw answerNotThere()
  const { entry: answer, author, state } = kept
  if (author !== store.author) throw notYours()
  if (answer.type !== 'answer' || answer.contribution !== entry.contribution) throw notAnAnswer()
  // A held answer that is taken back never becomes a statement: both are settled together.
  if (state === 'taken') await trx.takeBack(answer)
  return state
}

const takeConsent: Taking<ConsentEntry> = async (store, trx, entry, saidAt) => {
  await requireOwn(store, trx, entry)
  return trx.agree(entry, saidAt)
}

const takers: { [E in Entry as E['type']]: Taking<E> } = {
  prospect: takeProspect,
  open: takeOpen,
  answer: takeAnswer,
  retract: takeRetract,
  consent: takeConsent,
}

/** What is answered of an entry that was taken before. */
const knownAs = ({ entry: { id }, state }: KeptEntry): EntryResult =>
  state === 'held' ? { id, outcome: 'known', code: 'held' } : { id, outcome: 'known' }

type Sending = Omit<SyncRequest, 'entries'> & { receivedAt: string }

function takeOnce(store: EntryStore, entry: Entry, { device, now, receivedAt }: Sending): Promise<EntryResult> {
  const take = takers[entry.type] as Taking<Entry>
  const { author } = store
  return store.transaction(async (trx) => {
    await trx.lock(device, entry.contribution)
    const before = await trx.findEntry(entry.id)
    if (before && before.author === author && sameEntry(before.entry, entry)) return knownAs(before)
    if (before) throw conflict()
    const saidAt = momentOf(entry.at, now, receivedAt, await trx.neighbours(device, entry))
    const state = await take(store, trx, entry, saidAt)
    await trx.keep({ entry, author, device, state }, saidAt)
    return { id: entry.id, outcome: state }
  })
}

/** What others need an entry to have brought: its visit, an enterprise to create, an answer. */
const broughtBy = (entry: Entry) => (entry.type === 'open' ? entry.contribution : entry.id)

function neededBy(entry: Entry): string[] {
  if (entry.type === 'prospect') return []
  if (entry.type === 'open') return 'prospect' in entry.target ? [entry.target.prospect] : []
  return entry.type === 'retract' ? [entry.contribution, entry.entry] : [entry.contribution]
}

/**
 * Takes what a device sends: each entry once, in the order of the request, each with all that it does or not at all. What
 * needs something that this request saw refused is refused for the same reason.
 * @param now the server's clock, ISO 8601 UTC with milliseconds
 * @throws whatever the store throws but `EntryRefused`: what was taken before stays taken, and is `known` the next time
 */
export async function takeEntries(store: EntryStore, request: SyncRequest, now: string): Promise<EntryResult[]> {
  const results: EntryResult[] = []
  const missing = new Map<string, EntryRefused>()
  for (const entry of request.entries) {
    try {
      results.push(await takeOnce(store, entry, { ...request, receivedAt: now }))
    } catch (error) {
      if (!(error instanceof EntryRefused)) throw error
      const [first] = error.outcome === 'later' ? neededBy(entry).flatMap((id) => missing.get(id) ?? []) : []
      missing.set(broughtBy(entry), first ?? error)
      results.push(resultOf(entry.id, first ?? error))
    }
  }
  return results
}
