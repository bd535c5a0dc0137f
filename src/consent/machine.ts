import { disclosures, type Disclosure, type Purpose } from '#accounts/model'

/** Where an agreement stands. `asked` also holds a minor's record that lacks one of its two signatures. */
export const statuses = ['none', 'asked', 'given', 'refused', 'withdrawn', 'expired', 'erased'] as const
export type Status = (typeof statuses)[number]

/** Who signs: the holder, or for a minor also a guardian. */
export type Signatory = 'holder' | 'guardian'
export type AgeClass = 'adult' | 'minor'

/** What a signature allows: for whom, for which uses, until which moment (ISO 8601; null: until withdrawn). */
export interface Scope {
  audience: Disclosure
  uses: readonly Purpose[]
  until: string | null
}

export interface RecordState {
  status: Status
  /** The disclosure that whoever wrote the record asks for. */
  asked: Disclosure
  /** Who must agree, as `kind:id`; null when the record concerns nobody. */
  holder: string | null
  /** A name, a place, a face or a voice tells who the holder is. */
  identifying: boolean
  /** The holder was under 18 when the record was made; never taken back. */
  minor: boolean
  signatures: Readonly<Record<Signatory, Scope | null>>
}

export type ConsentEvent =
  | { type: 'declare'; asked: Disclosure; holder: string | null; identifying: boolean }
  | { type: 'ask' }
  | { type: 'give'; by: Signatory; ageClass: AgeClass; scope: Scope }
  | { type: 'narrow'; scope: Scope }
  | { type: 'refuse' }
  | { type: 'withdraw' }
  | { type: 'expire'; at: string }
  | { type: 'erase' }

const unsigned = { holder: null, guardian: null }

/** A record that nobody has declared: seen by nobody. */
export const undeclared: RecordState = {
  status: 'none',
  asked: 'secret',
  holder: null,
  identifying: true,
  minor: false,
  signatures: unsigned,
}

const erased: RecordState = { ...undeclared, status: 'erased' }

const endedAs = (state: RecordState, status: Status): RecordState => ({ ...state, status, signatures: unsigned })

/** The one that fewer people may see. */
export const narrower = (a: Disclosure, b: Disclosure): Disclosure =>
  disclosures.indexOf(a) >= disclosures.indexOf(b) ? a : b

const isOver = (until: string | null, at: string) => until !== null && Date.parse(until) <= Date.parse(at)

const earlier = (a: string | null, b: string | null) =>
  a === null ? b : b === null ? a : Date.parse(a) <= Date.parse(b) ? a : b

/** What both allow. */
const intersect = (a: Scope, b: Scope): Scope => ({
  audience: narrower(a.audience, b.audience),
  uses: a.uses.filter((use) => b.uses.includes(use)),
  until: earlier(a.until, b.until),
})

/** The agreement in force, whatever its term: the signature of an adult, or what both signatures of a minor allow. */
export function agreedScope({ status, minor, signatures: { holder, guardian } }: RecordState): Scope | null {
  if (status !== 'given' || !holder) return null
  if (!minor) return holder
  return guardian && intersect(holder, guardian)
}

// The two uses that show a record to everybody; a wider audience without them stays between partners.
const publishes = ({ uses }: Scope) => uses.includes('atlas') || uses.includes('publication')

/** The disclosure without its term; `effectiveDisclosure` is what counts at a moment. */
function disclosureOf(state: RecordState): Disclosure {
  if (state.holder === null && state.status === 'none') return state.asked
  const scope = agreedScope(state)
  if (!scope) return 'secret'
  const audience = narrower(state.asked, scope.audience)
  const withUse = publishes(scope) ? audience : narrower(audience, 'partners')
  return state.minor && state.identifying ? narrower(withUse, 'partners') : withUse
}

/**
 * Who may see a record at a moment (ISO 8601): never more people than were asked for and agreed to. Without an agreement
 * in force its holder and its author alone; a minor's record that tells who he is, never everybody.
 */
export function effectiveDisclosure(state: RecordState, at: string): Disclosure {
  const scope = agreedScope(state)
  return scope && isOver(scope.until, at) ? 'secret' : disclosureOf(state)
}

function declare(state: RecordState, { asked, holder, identifying }: ConsentEvent & { type: 'declare' }): RecordState {
  if (holder !== null && holder !== state.holder)
    return { ...undeclared, minor: state.minor, asked, holder, identifying }
  // A holder stays: saying that a record concerns nobody any more would publish it without an agreement.
  const next = { ...state, asked, identifying }
  const signed = state.signatures.holder !== null || state.signatures.guardian !== null
  // What was signed is no longer what is kept.
  return signed && identifying !== state.identifying ? endedAs(next, 'asked') : next
}

function give(state: RecordState, { by, ageClass, scope }: ConsentEvent & { type: 'give' }): RecordState | null {
  if (by === 'guardian' && ageClass === 'adult') return null
  // Ticking "adult" must not lift the protection of somebody who was a minor.
  if (state.minor && ageClass === 'adult') return null
  const minor = ageClass === 'minor'
  const kept = minor && state.minor ? state.signatures : unsigned
  const signatures = { ...kept, [by]: { ...scope, audience: narrower(scope.audience, state.asked) } }
  const complete = signatures.holder !== null && (!minor || signatures.guardian !== null)
  return { ...state, minor, signatures, status: complete ? 'given' : 'asked' }
}

function narrow(state: RecordState, { scope }: ConsentEvent & { type: 'narrow' }): RecordState | null {
  if (state.status !== 'given') return null
  const { holder, guardian } = state.signatures
  const limited = (one: Scope | null) => one && intersect(one, scope)
  return { ...state, signatures: { holder: limited(holder), guardian: limited(guardian) } }
}

/** The state after an event; null where the event is not possible. A withdrawal always is, and an erasure is the last. */
export function transition(state: RecordState, event: ConsentEvent): RecordState | null {
  if (state.status === 'erased') return null
  switch (event.type) {
    case 'declare':
      return declare(state, event)
    case 'ask':
      return state.holder === null || state.status === 'given' ? null : endedAs(state, 'asked')
    case 'give':
      return give(state, event)
    case 'narrow':
      return narrow(state, event)
    case 'refuse':
      return state.status === 'none' || state.status === 'asked' ? endedAs(state, 'refused') : null
    case 'withdraw':
      return endedAs(state, 'withdrawn')
    case 'expire': {
      const scope = agreedScope(state)
      return scope && isOver(scope.until, event.at) ? endedAs(state, 'expired') : null
    }
    case 'erase':
      return erased
  }
}
