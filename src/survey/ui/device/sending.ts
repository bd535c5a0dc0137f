import { largestBatch, outcomes, protocol, type EntryResult, type SyncAnswer, type SyncRequest } from '../../model.ts'
import { neededRefusal } from './fold.ts'
import { iso, timeOf } from './clock.ts'
import type { JournalStore, Row } from './journal.ts'

/**
 * Why nothing more was sent. `offline`: no answer. `signed-out`: sign in again. `other-person`: somebody else is signed in.
 * `outdated`: the page is older than the server, or newer. `busy`: the server will take it later. `unreadable`: what
 * answered is not this server (the page of a wireless network, of a proxy).
 */
export const problems = ['offline', 'signed-out', 'other-person', 'outdated', 'busy', 'unreadable'] as const
export type Problem = (typeof problems)[number]

/** What comes back of a request: an answer, not yet checked; a problem; or the server's word that this request is wrong or too large. */
export type Reply =
  | { kind: 'answer'; answer: unknown; /** The server's clock, ms. */ serverTime?: number }
  | { kind: 'problem'; problem: Problem; message: string | null }
  | { kind: 'wrong'; message: string | null }

/** Sends one request in the name of an account, and of nobody else; may throw where there is no network. */
export type Send = (request: SyncRequest, person: string) => Promise<Reply>

/** What a pass over the journal did. */
export interface SyncReport {
  problem: Problem | null
  /** The server's own sentence about the problem. */
  message: string | null
  sent: number
  held: number
  refused: number
  /** Asked to come again. */
  later: number
}

interface Pass {
  store: JournalStore
  send: Send
  now: () => number
  person: string
  report: SyncReport
  /** Requests of one entry that the server called wrong, and answers that it gave. */
  wrong: number
  answered: number
}

const isResult = (one: unknown): one is EntryResult =>
  typeof one === 'object' && one !== null && 'id' in one && typeof one.id === 'string' && 'outcome' in one

/** The results about what was asked, and about nothing else; null where this is not such an answer. */
function resultsOf(answer: unknown, asked: readonly Row[]): EntryResult[] | null {
  const { results } = answer as Partial<SyncAnswer>
  if (!Array.isArray(results)) return null
  const ids = new Set(asked.map(({ entry }) => entry.id))
  return results.filter((one: unknown): one is EntryResult => isResult(one) && ids.has(one.id))
}

const protocolOf = (answer: unknown): unknown =>
  typeof answer === 'object' && answer !== null && 'protocol' in answer ? answer.protocol : undefined

function stop(pass: Pass, problem: Problem, message: string | null = null): false {
  Object.assign(pass.report, { problem, message })
  return false
}

/**
 * What the server asks to send later, as it waits for something that it has refused, would wait for ever: it is refused
 * for the same reason, until both are sent again.
 */
async function refuseWithWhatTheyNeed(
  { store, person }: Pass,
  rows: readonly Row[],
  results: readonly EntryResult[],
): Promise<EntryResult[]> {
  const rowOf = new Map(rows.map((row) => [row.entry.id, row]))
  return Promise.all(
    results.map(async (result) => {
      if (result.outcome !== 'later') return result
      const { entry } = rowOf.get(result.id)!
      const needed = neededRefusal(entry, await store.listContribution(person, entry.contribution))
      if (!needed) return result
      return {
        id: result.id,
        outcome: 'refused' as const,
        code: needed.code ?? undefined,
        message: needed.message ?? undefined,
      }
    }),
  )
}

function addUp(report: SyncReport, results: readonly EntryResult[]): void {
  for (const { outcome } of results) {
    if (outcome === 'taken' || outcome === 'known') report.sent++
    else if (outcome === 'held') report.held++
    else if (outcome === 'refused') report.refused++
    else report.later++
  }
}

async function take(pass: Pass, rows: readonly Row[], results: EntryResult[]): Promise<void> {
  const settled = await refuseWithWhatTheyNeed(pass, rows, results)
  await pass.store.mark(settled)
  addUp(pass.report, settled)
  // What the server says nothing of waits, as what it asks to send again.
  pass.report.later += rows.length - settled.length
}

/** So many wrong entries and not one answer: it is the program that is wrong, not the entries. */
const tooManyWrong = 3

/**
 * A wrong request is cut in two until the wrong entry stands alone; it waits, with the server's sentence, and the others
 * go on. Only the server's answer about an entry makes it refused.
 */
async function cutInTwo(pass: Pass, rows: readonly Row[], message: string | null): Promise<boolean> {
  if (rows.length === 1) {
    const [{ entry }] = rows as [Row]
    await take(pass, rows, [{ id: entry.id, outcome: 'later', code: 'malformed', message: message ?? undefined }])
    return ++pass.wrong < tooManyWrong || pass.answered > 0 ? true : stop(pass, 'outdated', message)
  }
  const half = rows.length >> 1
  return (await sendRows(pass, rows.slice(0, half))) && sendRows(pass, rows.slice(half))
}

async function ask(pass: Pass, rows: readonly Row[]): Promise<Reply> {
  const { device, shift } = rows[0]!
  // What came by a file is sent as from the device that wrote it, on its clock.
  const now = iso(timeOf(await pass.store.clock(), pass.now()) - shift)
  // A newer server may know types that this program does not: entries go as they are.
  const entries = rows.map(({ entry }) => entry) as SyncRequest['entries']
  try {
    return await pass.send({ protocol, device, now, entries }, pass.person)
  } catch {
    return { kind: 'problem', problem: 'offline', message: null }
  }
}

/** @returns whether to go on */
async function sendRows(pass: Pass, rows: readonly Row[]): Promise<boolean> {
  const reply = await ask(pass, rows)
  if (reply.kind === 'problem') return stop(pass, reply.problem, reply.message)
  if (reply.kind === 'wrong') return cutInTwo(pass, rows, reply.message)
  const spoken = protocolOf(reply.answer)
  if (spoken === undefined) return stop(pass, 'unreadable')
  if (spoken !== protocol) return stop(pass, 'outdated')
  const results = resultsOf(reply.answer, rows)
  if (!results) return stop(pass, 'unreadable')
  pass.answered++
  await take(
    pass,
    rows,
    results.filter(({ outcome }) => outcomes.includes(outcome)),
  )
  if (reply.serverTime !== undefined) await noteServerTime(pass.store, pass.now(), reply.serverTime)
  return true
}

/** The server's clock minus the device's, in ms: goes into exported files. */
export const skewSetting = 'skew'

/**
 * Notes what an answer of the server, any answer, says of its clock, so that what is kept in a file can be dated on
 * another device.
 * @param serverTime of its header `date`, ms
 */
export async function noteServerTime(store: JournalStore, now: number, serverTime: number): Promise<void> {
  // The header leaves out what is less than a second.
  const skew = serverTime + 500 - timeOf(await store.clock(), now)
  const before = await store.getSetting(skewSetting)
  if (typeof before !== 'number' || Math.abs(before - skew) > 1000) await store.putSetting(skewSetting, skew)
}

/** The first rows that one device wrote. */
function sameDevice(rows: readonly Row[]): Row[] {
  const [first] = rows
  const end = rows.findIndex(({ device, shift }) => device !== first?.device || shift !== first.shift)
  return rows.slice(0, end < 0 ? rows.length : end)
}

/**
 * Sends what waits, in the order of the journal, at most 200 entries a request; each request's results are kept before
 * the next. It stops at the first problem and loses nothing: the next pass begins with what still waits. The server
 * knows entries by their id, so that a request whose answer was lost is sent again without harm.
 * @param states `held` too, to learn whether what was held now counts
 */
export async function sendWaiting(
  given: Pick<Pass, 'store' | 'send' | 'now' | 'person'>,
  states: readonly ('waiting' | 'held')[] = ['waiting'],
): Promise<SyncReport> {
  const report: SyncReport = { problem: null, message: null, sent: 0, held: 0, refused: 0, later: 0 }
  const pass = { ...given, report, wrong: 0, answered: 0 }
  let after = 0
  for (;;) {
    const rows = sameDevice(await pass.store.listByState(pass.person, states, after, largestBatch))
    if (rows.length === 0 || !(await sendRows(pass, rows))) return report
    after = rows.at(-1)!.seq
  }
}
