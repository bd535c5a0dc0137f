// Histories of the benchmark `sync`, one after the other; as a worker, a share of them.
import { isMainThread, parentPort, workerData } from 'node:worker_threads'
import { check } from './sync-check.ts'
import type { FaultCount } from './sync-faults.ts'
import { play } from './sync-history.ts'
import { program as product, type Program } from './sync-program.ts'

export interface Tally {
  histories: number
  lost: number
  doubled: number
  diverged: number
  erased: number
  faults: FaultCount
  /** The first that went wrong: its seed, and how. */
  examples: string[]
}

export const emptyTally = (): Tally => ({
  histories: 0,
  lost: 0,
  doubled: 0,
  diverged: 0,
  erased: 0,
  faults: new Map(),
  examples: [],
})

export function add(sum: Tally, one: Tally): void {
  sum.histories += one.histories
  sum.lost += one.lost
  sum.doubled += one.doubled
  sum.diverged += one.diverged
  sum.erased += one.erased
  for (const [fault, count] of one.faults) sum.faults.set(fault, (sum.faults.get(fault) ?? 0) + count)
  sum.examples.push(...one.examples.slice(0, 3 - sum.examples.length))
}

/** Plays one history and looks at its end. */
export async function playOne(seed: number, program: Program = product): Promise<Tally> {
  const world = await play(program, seed)
  const { lost, doubled, diverged, erased } = await check(world)
  const wrong = [...lost.map((id) => `lost ${id}`), ...doubled.map((id) => `doubled ${id}`), ...diverged]
  return {
    histories: 1,
    lost: lost.length,
    doubled: doubled.length,
    diverged: diverged.length,
    erased,
    faults: new Map([...world.happened].map((fault) => [fault, 1])),
    examples: wrong.length > 0 ? [`history ${seed}: ${wrong.slice(0, 5).join(' · ')}`] : [],
  }
}

/** A share of histories: every `step`th from `first`, up to `count`. */
export interface Share {
  first: number
  step: number
  count: number
}

if (!isMainThread && parentPort) {
  const { first, step, count } = workerData as Share
  const sum = emptyTally()
  for (let seed = first; seed <= count; seed += step) add(sum, await playOne(seed))
  // oxlint-disable-next-line require-post-message-target-origin -- a thread has no origin
  parentPort.postMessage(sum)
}
