import { expect, test, vi } from 'vitest'
import fc from 'fast-check'
import { disclosures, type Disclosure, type Purpose } from '#accounts/model'
import {
  effectiveDisclosure,
  transition,
  undeclared,
  type ConsentEvent,
  type RecordState,
  type Scope,
} from './machine.ts'

// Half a million steps, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const rank = (one: Disclosure) => disclosures.indexOf(one)
const wider = (a: Disclosure, b: Disclosure) => rank(a) < rank(b)

/** Moments: before, at and after the one term that agreements of the small world may have. */
const [before, term, after] = ['2030-01-01T00:00:00.000Z', '2030-06-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z']
const moments = [before, term, after]

const scopes: Scope[] = disclosures.flatMap((audience) =>
  ([[], ['atlas']] as Purpose[][]).flatMap((uses) => [term, null].map((until) => ({ audience, uses, until }))),
)

const declarations: ConsentEvent[] = disclosures.flatMap((asked) =>
  [null, 'person:a', 'person:b'].flatMap((holder) =>
    [true, false].map((identifying) => ({ type: 'declare' as const, asked, holder, identifying })),
  ),
)
const gifts: ConsentEvent[] = scopes.flatMap((scope) =>
  (['holder', 'guardian'] as const).flatMap((by) =>
    (['adult', 'minor'] as const).map((ageClass) => ({ type: 'give' as const, by, ageClass, scope })),
  ),
)
const events: ConsentEvent[] = [
  ...declarations,
  ...gifts,
  ...scopes.map((scope) => ({ type: 'narrow' as const, scope })),
  { type: 'ask' },
  { type: 'refuse' },
  { type: 'withdraw' },
  { type: 'expire', at: before },
  { type: 'expire', at: after },
  { type: 'erase' },
]

interface Machine {
  transition: typeof transition
  effectiveDisclosure: typeof effectiveDisclosure
}

const keyOf = (state: RecordState) => {
  const { status, asked, holder, identifying, minor, signatures } = state
  const scope = (one: Scope | null) => one && [one.audience, one.uses, one.until]
  return JSON.stringify([
    status,
    asked,
    holder,
    identifying,
    minor,
    scope(signatures.holder),
    scope(signatures.guardian),
  ])
}

/** What a gift may open at most, alone, at a moment. */
const opens = (scope: Scope, at: string): Disclosure =>
  scope.until !== null && scope.until <= at
    ? 'secret'
    : scope.audience === 'public' && !scope.uses.includes('atlas')
      ? 'partners'
      : scope.audience

/** What is wrong with one step, or null. Said anew, from the promises made to people, not from the machine's own code. */
function wrongStep({ effectiveDisclosure: seen }: Machine, from: RecordState, event: ConsentEvent, to: RecordState) {
  for (const at of moments) {
    const [was, is] = [seen(from, at), seen(to, at)]
    if (wider(is, to.asked)) return 'shown to more people than was asked'
    if (is === 'public' && to.minor && to.identifying) return 'a minor shown to everybody with what tells who he is'
    if (event.type === 'withdraw' && is !== 'secret') return 'shown after a withdrawal'
    if (event.type === 'erase' && is !== 'secret') return 'shown after an erasure'
    if (from.status === 'erased') return 'changed after an erasure'
    if (!wider(is, was)) continue
    if (event.type === 'give') {
      if (wider(is, opens(event.scope, at))) return 'a gift opened more than it says'
      if (event.ageClass === 'minor' && !(to.signatures.holder && to.signatures.guardian))
        return 'a minor shown with one signature'
    } else if (event.type === 'declare') {
      const agreed = [to.signatures.holder, to.signatures.guardian].filter((one) => one !== null)
      const free = to.holder === null && to.status === 'none'
      if (!free && agreed.length === 0) return 'a declaration opened what nobody agreed to'
      if (agreed.some((scope) => wider(is, opens(scope, at)))) return 'a declaration opened more than was agreed'
    } else return `${event.type} opened something`
  }
  return wrongSignature(from, event, to)
}

/** Signatures come from gifts alone: a step keeps them, limits them or drops them. */
function wrongSignature(from: RecordState, event: ConsentEvent, to: RecordState) {
  for (const by of ['holder', 'guardian'] as const) {
    const [was, is] = [from.signatures[by], to.signatures[by]]
    if (!is || (event.type === 'give' && event.by === by)) continue
    const within =
      was &&
      !wider(is.audience, was.audience) &&
      is.uses.every((use) => was.uses.includes(use)) &&
      (was.until === null || (is.until !== null && is.until <= was.until))
    if (!within) return 'a signature that nobody made'
    if (from.holder !== null && from.holder !== to.holder) return 'a signature of somebody else'
  }
  return null
}

/** Every state that the small world reaches, to a fixed point or to the first wrong step. */
function explore(machine: Machine) {
  const seen = new Map([[keyOf(undeclared), undeclared]])
  const wrong = new Set<string>()
  let transitions = 0
  // A Map hands over what is added while it is read: a breadth-first walk.
  for (const state of seen.values()) {
    if (wrong.size > 0) break
    for (const event of events) {
      const next = machine.transition(state, event)
      if (!next) {
        if (event.type === 'withdraw' && state.status !== 'erased') wrong.add('a withdrawal was blocked')
        continue
      }
      transitions++
      const problem = wrongStep(machine, state, event, next)
      if (problem) wrong.add(problem)
      const key = keyOf(next)
      if (!seen.has(key)) seen.set(key, next)
    }
  }
  const shown = [...seen.values()].filter((state) => machine.effectiveDisclosure(state, before) === 'public').length
  return { states: seen.size, transitions, shown, wrong: [...wrong] }
}

test('no path publishes what was not agreed, a withdrawal ends at once, an erasure is the last', () => {
  const { states, transitions, shown, wrong } = explore({ transition, effectiveDisclosure })
  process.stdout.write(`consent machine: ${states} states (${shown} public), ${transitions} transitions\n`)
  expect(wrong).toEqual([])
  expect(shown).toBeGreaterThan(20)
  expect(states).toBeGreaterThan(5_000)
})

const broken: Record<string, Partial<Machine>> = {
  'a withdrawal keeps the signatures': {
    transition: (state, event) => (event.type === 'withdraw' ? state : transition(state, event)),
  },
  'a withdrawal is refused when nothing was given': {
    transition: (state, event) =>
      event.type === 'withdraw' && state.status !== 'given' ? null : transition(state, event),
  },
  'the term is forgotten': { effectiveDisclosure: (state) => effectiveDisclosure(state, before) },
  'a record may lose its holder': {
    transition: (state, event) =>
      event.type === 'declare' && event.holder === null && state.status !== 'erased'
        ? { ...state, asked: event.asked, identifying: event.identifying, holder: null }
        : transition(state, event),
  },
  'raising what is asked is enough': {
    effectiveDisclosure: (state, at) => (state.status === 'given' ? state.asked : effectiveDisclosure(state, at)),
  },
  'ticking adult lifts a minor’s protection': {
    transition: (state, event) =>
      transition(event.type === 'give' && event.ageClass === 'adult' ? { ...state, minor: false } : state, event),
    effectiveDisclosure: (state, at) => effectiveDisclosure({ ...state, minor: false }, at),
  },
  'one signature of a minor is enough': {
    effectiveDisclosure: (state, at) =>
      state.signatures.holder && !state.signatures.guardian
        ? effectiveDisclosure({ ...state, status: 'given', minor: false }, at)
        : effectiveDisclosure(state, at),
  },
  'narrowing may widen': {
    transition: (state, event) =>
      event.type === 'narrow' && state.status === 'given'
        ? { ...state, signatures: { ...state.signatures, holder: event.scope } }
        : transition(state, event),
  },
  'an erased record may be declared again': {
    transition: (state, event) =>
      event.type === 'declare' && state.status === 'erased' ? transition(undeclared, event) : transition(state, event),
  },
  'the signature passes to another holder': {
    transition: (state, event) =>
      event.type === 'declare' && event.holder !== null && state.status === 'given'
        ? { ...state, holder: event.holder, asked: event.asked }
        : transition(state, event),
  },
}

test.each(Object.keys(broken))('the check catches a machine where %s', (name) => {
  expect(explore({ transition, effectiveDisclosure, ...broken[name] }).wrong).not.toEqual([])
})

/** What a whole history allows, told without states: the last signatures that nothing ended since. */
function allowedBy(history: ConsentEvent[], at: string): Disclosure {
  const declared = history.filter((event) => event.type === 'declare')
  if (declared.length === 0 || history.some(({ type }) => type === 'erase')) return 'secret'
  const asked = declared.at(-1)!.asked
  const concerns = declared.some(({ holder }) => holder !== null)
  const touched = history.some(({ type }) => type !== 'declare' && type !== 'expire' && type !== 'narrow')
  if (!concerns && !touched) return asked
  const end = history.findLastIndex(({ type }) => type === 'withdraw')
  const gifts = history.slice(end + 1).filter((event) => event.type === 'give')
  const open = (by: 'holder' | 'guardian') =>
    gifts
      .filter((one) => one.by === by)
      .reduce<Disclosure>((best, { scope }) => {
        const one = opens(scope, at)
        return wider(one, best) ? one : best
      }, 'secret')
  const agreed = open('holder')
  const ofMinor = history.some((event) => event.type === 'give' && event.ageClass === 'minor')
  const known =
    ofMinor && gifts.every(({ ageClass }) => ageClass === 'minor') ? [asked, agreed, open('guardian')] : [asked, agreed]
  return known.reduce((a, b) => (wider(a, b) ? b : a))
}

test('whatever the history, nothing is shown to more people than its last words allow', () => {
  const history = fc.array(fc.constantFrom(...events), { maxLength: 25 })
  fc.assert(
    fc.property(history, fc.constantFrom(...moments), (all, at) => {
      // The first event of a record is its declaration; events that are not possible leave no trace.
      const kept: ConsentEvent[] = []
      let state = undeclared
      for (const event of all) {
        if (kept.length === 0 && event.type !== 'declare') continue
        const next = transition(state, event)
        if (!next) continue
        kept.push(event)
        state = next
      }
      expect(rank(effectiveDisclosure(state, at))).toBeGreaterThanOrEqual(rank(allowedBy(kept, at)))
    }),
    { numRuns: 3000 },
  )
})
