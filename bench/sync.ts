// Histories of surveyors' devices and of the server, under faults, with the code of both: what somebody was told to be
// safe must be found in the end, once, and all must see the same. Then the same with mistakes put in on purpose.
//
// An answer counts as lost when its author was told that it is safe and, once all works again and all devices have sent,
// it is neither on the server nor on a device; files that were kept are taken up again before. An answer that was only on
// a device whose storage the browser erased, never sent and in no file, nobody can bring back: it is not in `lost` but in
// `evicted_unsent`; the page warns of it beforehand ("not sent since N days", keeping a file) and afterwards.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { report } from './lib/measure.ts'
import { faults } from './lib/sync-faults.ts'
import { makeMutants } from './lib/sync-mutants.ts'
import { add, emptyTally, playOne, type Share, type Tally } from './lib/sync-run.ts'

const histories = 100_000
/** Histories that a mistake may take to be seen. */
const patience = 30_000

function playShare(share: Share): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./lib/sync-run.ts', import.meta.url), { workerData: share })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function playAll(): Promise<Tally> {
  const step = Math.max(1, availableParallelism())
  const shares = Array.from({ length: step }, (_, n) => playShare({ first: n + 1, step, count: histories }))
  const sum = emptyTally()
  for (const share of await Promise.all(shares)) add(sum, share)
  return sum
}

/** The history that shows a mistake, and how; null when none does. */
async function findCatch(program: Parameters<typeof playOne>[1]): Promise<{ seed: number; how: string } | null> {
  for (let seed = 1; seed <= patience; seed++) {
    try {
      const { examples } = await playOne(seed, program)
      if (examples[0]) return { seed, how: examples[0] }
    } catch (error) {
      return { seed, how: String(error) }
    }
  }
  return null
}

const began = performance.now()
const sum = await playAll()
const seconds = (performance.now() - began) / 1000
for (const fault of faults) {
  const share = (100 * (sum.faults.get(fault) ?? 0)) / sum.histories
  console.log(`${share.toFixed(1).padStart(5)} %  ${fault}`)
}
const rare = faults.filter((fault) => (sum.faults.get(fault) ?? 0) < sum.histories / 100)
if (rare.length > 0) console.log(`Under 1 % of the histories: ${rare.join(', ')}`)
for (const example of sum.examples) console.log(example)

let mutants = 0
let caught = 0
for await (const { name, program } of makeMutants()) {
  mutants++
  const found = await findCatch(program)
  if (found) caught++
  console.log(`${found ? `caught by history ${found.seed}`.padEnd(24) : 'NOT CAUGHT'.padEnd(24)} ${name}`)
}
console.log(`${mutants} mistakes put in on purpose, caught ${caught} of ${mutants}`)

const { lost, doubled, diverged, erased } = sum
if (lost + doubled + diverged + rare.length > 0 || caught < mutants) process.exitCode = 1
report('sync', {
  histories: sum.histories,
  lost,
  diverged,
  doubled,
  evicted_unsent: erased,
  mutants,
  caught,
  seconds: Math.round(seconds),
})
