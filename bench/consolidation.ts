// The rule of agreement against an oracle written apart, on random sets of acts; every wrong rule must be noticed.
import fc from 'fast-check'
import { actsArbitrary } from '../src/statements/testing/acts.ts'
import { judge, mutations } from '../src/statements/testing/oracle.ts'
import { verdictOf } from '../src/statements/testing/verdict.ts'
import { agreedStates, valueKinds, type Act } from '../src/statements/model.ts'
import { report } from './lib/measure.ts'

const cases = 40_000
const acts = ['said', 'withdrawn', 'moderated', 'settled', 'dissented', 'contested'] as const
const sets = fc.sample(actsArbitrary, { numRuns: cases, seed: 20_261_125 })

const states = ['nothing', ...agreedStates].map((state) => `→ ${state}`)
const reached = new Map<string, number>([...valueKinds, ...acts, ...states].map((name) => [name, 0]))
function note(set: readonly Act[], state: string) {
  const kinds = set.flatMap((one) => (one.act === 'said' ? [one.value.kind] : []))
  const names = new Set([`→ ${state}`, ...set.map(({ act }) => act), ...kinds])
  for (const name of names) reached.set(name, reached.get(name)! + 1)
}

let divergences = 0
const caught = new Map(mutations.map((mutation) => [mutation, 0]))
for (const set of sets) {
  const ours = JSON.stringify(verdictOf(set), Object.keys(verdictOf(set) ?? {}).sort())
  const say = (mutation?: (typeof mutations)[number]) => {
    const verdict = judge(set, mutation)
    return JSON.stringify(verdict, Object.keys(verdict ?? {}).sort())
  }
  if (say() !== ours && ++divergences <= 3) console.log(JSON.stringify(set), ours, say())
  for (const mutation of mutations) if (say(mutation) !== ours) caught.set(mutation, caught.get(mutation)! + 1)
  note(set, verdictOf(set)?.state ?? 'nothing')
}
console.log([...reached].map(([name, n]) => `${name} ${((100 * n) / cases).toFixed(1)} %`).join(', '))
console.log(`wrong rules noticed: ${[...caught].map(([name, n]) => `${name} ${n}`).join(', ')}`)
const rare = [...reached].filter(([, n]) => n < cases / 100).map(([name]) => name)
const missed = [...caught].filter(([, n]) => n === 0).map(([name]) => name)
if (rare.length > 0 || missed.length > 0) {
  console.error(`too rare: ${rare.join(', ') || 'none'}; not noticed: ${missed.join(', ') || 'none'}`)
  process.exitCode = 1
}
report('consolidation', { cases, divergences })
