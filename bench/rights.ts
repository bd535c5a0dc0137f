// The decision on rights against the same rules written apart, then against itself with each rule broken on purpose.
import { decide } from '../src/accounts/rights/decide.ts'
import { actions, disclosures, refusals, roles, type Decision } from '../src/accounts/rights/model.ts'
import { report } from './lib/measure.ts'
import { createRandom, isAtBoundary, makeQuestion, makeStanding, type Case } from './lib/rights-cases.ts'
import { makeMutants, type Decide } from './lib/rights-mutants.ts'
import { expected } from './lib/rights-oracle.ts'

const cases = 1_200_000
const questionsEach = 4
const seed = 20_261_125

/** Cases in their order: a few questions on each standing. */
function* makeCases(count: number): Generator<Case> {
  const random = createRandom(seed)
  for (let n = 0; n < count; n += questionsEach) {
    const standing = makeStanding(random)
    for (let k = 0; k < questionsEach; k++) yield makeQuestion(random, standing)
  }
}

function differs(decision: Decision, one: Case): boolean {
  const truth = expected(one)
  if (decision.allowed !== truth.allowed) return true
  if (!decision.allowed) return decision.reason !== truth.reason
  return decision.by === 'clause' ? !truth.clauses.includes(decision.clause) : !truth.ways.includes(decision.by)
}

const ask = (rule: Decide, { standing, action, record, at, purpose }: Case) =>
  rule(standing, action, record, at, purpose)

const kinds = new Map<string, number>()
const count = (kind: string, holds = true) => kinds.set(kind, (kinds.get(kind) ?? 0) + (holds ? 1 : 0))

/** Counts the kinds that a case is of. */
function countKinds(one: Case, decision: Decision): void {
  const { standing, action, record, purpose } = one
  const clauses = standing.conventions.flatMap((convention) => convention.clauses)
  count(`action ${action}`)
  count(`disclosure ${record.disclosure}`)
  count(decision.allowed ? `allowed by ${decision.by}` : `refused: ${decision.reason}`)
  for (const role of roles)
    count(
      `a ${role}`,
      standing.memberships.some((member) => member.role === role),
    )
  count(
    'an expert of some crafts',
    standing.memberships.some(({ role, metiers }) => role === 'expert' && metiers),
  )
  count('an administrator', standing.administrator)
  count('several bodies', new Set(standing.memberships.map(({ body }) => body)).size > 1)
  count('subject: an enterprise of the person', standing.enterprises.includes(record.subject.id))
  count('record without commune', record.commune === null)
  count(
    'a clause with a territory',
    clauses.some(({ territory }) => territory !== null),
  )
  count(
    'a clause without territory',
    clauses.some(({ territory }) => territory === null),
  )
  count(
    'a clause of items',
    clauses.some(({ items, pillars }) => items && !pillars),
  )
  count(
    'a clause of pillars',
    clauses.some(({ items, pillars }) => pillars && !items),
  )
  count(
    'a clause of items and pillars',
    clauses.some(({ items, pillars }) => items && pillars),
  )
  count(
    'a clause of everything',
    clauses.some(({ items, pillars }) => !items && !pillars),
  )
  count('purpose asked', purpose !== undefined)
  count('no purpose asked', purpose === undefined)
  count(
    'an unsigned convention',
    standing.conventions.some(({ signedAt }) => signedAt === null),
  )
  count(
    'a signed convention',
    standing.conventions.some(({ signedAt }) => signedAt !== null),
  )
  count(
    'a convention ended early',
    standing.conventions.some(({ endedAt }) => endedAt !== null),
  )
  count('at a boundary', isAtBoundary(one))
}

const wanted = [
  ...actions.map((one) => `action ${one}`),
  ...disclosures.map((one) => `disclosure ${one}`),
  ...refusals.map((one) => `refused: ${one}`),
  ...['public', 'subject', 'administrator', 'clause'].map((one) => `allowed by ${one}`),
]

let divergences = 0
for (const one of makeCases(cases)) {
  const decision = ask(decide, one)
  if (differs(decision, one) && ++divergences <= 3) console.log(JSON.stringify({ one, decision, truth: expected(one) }))
  countKinds(one, decision)
}
for (const kind of wanted) count(kind, false)
for (const [kind, found] of [...kinds].sort())
  console.log(`${((100 * found) / cases).toFixed(1).padStart(5)} %  ${kind}`)
const rare = [...kinds].filter(([, found]) => found < cases / 100).map(([kind]) => kind)
if (rare.length > 0) console.log(`Under 1 % of the cases: ${rare.join(', ')}`)

const alive: string[] = []
let mutants = 0
for await (const mutant of makeMutants()) {
  mutants++
  let tried = 0
  let caught = false
  for (const one of makeCases(cases / 4)) {
    tried++
    caught = differs(ask(mutant.decide, one), one)
    if (caught) break
  }
  if (!caught) alive.push(mutant.name)
  console.log(`${caught ? `caught by case ${tried}`.padEnd(22) : 'NOT CAUGHT'.padEnd(22)} ${mutant.name}`)
}
console.log(`${mutants} rules broken on purpose, ${mutants - alive.length} caught`)
if (divergences > 0 || rare.length > 0 || alive.length > 0) process.exitCode = 1
report('rights', { cases, divergences })
