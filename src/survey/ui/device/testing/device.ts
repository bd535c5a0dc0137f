import { largestBatch, protocol, type EntryResult, type Outcome, type SyncRequest } from '../../../model.ts'
import { createDevice, type Device } from '../engine.ts'
import { newId } from '../ids.ts'
import type { JournalStore } from '../journal.ts'
import { createMemoryStore } from '../memory.ts'
import type { Reply, Send } from '../sending.ts'

export const person = 'person-1'
export const siret = '82000000000001'
export const visit = { target: { siret }, guide: 1, mode: 'full' as const, body: null }
export const yes = { item: 'wood-nearby', value: { kind: 'answer' as const, answer: 'yes' as const }, comment: null }

export const problem = (one: Extract<Reply, { kind: 'problem' }>['problem'], message: string | null = null): Reply => ({
  kind: 'problem',
  problem: one,
  message,
})
export const answered = (results: readonly EntryResult[]): Reply => ({
  kind: 'answer',
  answer: { protocol, results },
})

/** A server that answers one thing of all entries, and remembers what came. */
export function createServer(outcome: Outcome | ((id: string) => EntryResult['outcome']) = 'taken') {
  const requests: SyncRequest[] = []
  const send: Send = async (request) => {
    requests.push(request)
    if (request.entries.length > largestBatch) return { kind: 'wrong', message: null }
    const of = typeof outcome === 'string' ? () => outcome : outcome
    return answered(request.entries.map(({ id }) => ({ id, outcome: of(id), message: 'parce que' })))
  }
  return { requests, send, ids: () => requests.flatMap(({ entries }) => entries.map(({ id }) => id)) }
}

/** A device over a journal, with a clock that a test sets. */
export function makeDevice(given: { store?: JournalStore; send?: Send; clock?: { now: number } } = {}): Device {
  const { store = createMemoryStore(), send = createServer().send, clock = { now: Date.UTC(2026, 10, 25) } } = given
  return createDevice({ store, person, device: 'phone-1', send, now: () => clock.now, newId })
}
