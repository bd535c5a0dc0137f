// Random people, conventions, records and moments, so made that each rule decides in a part of the cases.
import {
  actions,
  disclosures,
  pillars,
  purposes,
  roles,
  type Action,
  type Clause,
  type Convention,
  type Membership,
  type ProtectedRecord,
  type Purpose,
  type Standing,
} from '../../src/accounts/rights/model.ts'

export interface Case {
  standing: Standing
  action: Action
  record: ProtectedRecord
  at: string
  purpose: Purpose | undefined
}

type Random = () => number

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32, Tommy Ettinger, public domain). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)]!
const some = <T>(random: Random, from: readonly T[]): T[] => {
  const first = pick(random, from)
  const second = pick(random, from)
  return first === second ? [first] : [first, second]
}
const listOf = <T>(random: Random, most: number, make: (n: number) => T): T[] =>
  Array.from({ length: Math.floor(random() * (most + 1)) }, (_, n) => make(n))

const bodies = ['body-0', 'body-1', 'body-2']
const persons = ['person-0', 'person-1']
const metiers = ['ferronnier', 'boulanger', 'tailleur']
const sirets = ['73282932000074', '44306184100047', '55208131766522']
const items = pillars.flatMap((pillar) => [0, 1].map((n) => ({ item: `${pillar}-${n}`, pillar })))
const communes = ['82121', '82112', '31555', '12202']
const territories = [
  { code: '82', communes: new Set(['82121', '82112']) },
  { code: '31', communes: new Set(['31555']) },
  { code: 'pays-midi-quercy', communes: new Set(['82112', '12202']) },
]

// Nine moments a day apart, and one a millisecond before each: a moment is often a boundary, or just before one.
const first = Date.UTC(2026, 0, 1)
const moments = Array.from({ length: 9 }, (_, n) => new Date(first + n * 86_400_000).toISOString())
const justBefore = moments.map((at) => new Date(Date.parse(at) - 1).toISOString())
const early = moments.slice(0, 4)
const late = moments.slice(4)

function makeMembership(random: Random): Membership {
  const role = pick(random, [...roles, 'expert'] as const)
  return {
    body: pick(random, bodies),
    role,
    // Only an expert is limited; a list that another role would have must change nothing.
    metiers: random() < (role === 'expert' ? 0.85 : 0.2) ? some(random, metiers) : null,
    startsAt: random() < 0.8 ? moments[0]! : pick(random, moments),
    endsAt: random() < 0.7 ? null : pick(random, moments),
  }
}

function makeClause(random: Random, id: string): Clause {
  const kind = random()
  const territory = random() < 0.4 ? null : pick(random, territories)
  return {
    id,
    action: pick(random, actions),
    items: kind < 0.35 || (kind > 0.9 && kind < 0.97) ? some(random, items).map((one) => one.item) : null,
    pillars: (kind >= 0.35 && kind < 0.65) || (kind > 0.9 && kind < 0.97) ? some(random, pillars) : null,
    territory: territory?.code ?? null,
    communes: territory?.communes ?? null,
    purpose: pick(random, purposes.slice(0, 3)),
  }
}

function makeConvention(random: Random, id: string): Convention {
  return {
    id,
    body: pick(random, bodies),
    signedAt: random() < 0.1 ? null : random() < 0.7 ? moments[0]! : pick(random, moments),
    startsAt: pick(random, early),
    endsAt: pick(random, late),
    endedAt: random() < 0.2 ? pick(random, moments) : null,
    clauses: listOf(random, 5, (n) => makeClause(random, `${id}-clause-${n}`)),
  }
}

export const makeStanding = (random: Random): Standing => ({
  person: random() < 0.06 ? null : pick(random, persons),
  administrator: random() < 0.25,
  enterprises: random() < 0.2 ? some(random, sirets) : [],
  memberships: listOf(random, 3, () => makeMembership(random)),
  conventions: listOf(random, 6, (n) => makeConvention(random, `convention-${n}`)),
})

function makeSubject(random: Random) {
  const kind = random()
  if (kind < 0.6) return { kind: 'enterprise', id: pick(random, sirets) }
  // Another kind of subject may bear the number of an enterprise, or the id of a person.
  if (kind < 0.75) return { kind: 'knowHow', id: pick(random, [...sirets, ...persons]) }
  return { kind: 'person', id: pick(random, [...persons, ...sirets]) }
}

function makeRecord(random: Random): ProtectedRecord {
  return {
    ...pick(random, items),
    subject: makeSubject(random),
    commune: random() < 0.1 ? null : pick(random, communes),
    metier: random() < 0.15 ? null : pick(random, metiers),
    disclosure: pick(random, disclosures),
    body: random() < 0.2 ? null : pick(random, bodies),
    author: random() < 0.2 ? null : pick(random, persons),
  }
}

const anyQuestion = (random: Random, standing: Standing): Case => ({
  standing,
  action: pick(random, actions),
  record: makeRecord(random),
  at: random() < 0.8 ? pick(random, moments) : pick(random, justBefore),
  purpose: random() < 0.4 ? undefined : pick(random, purposes.slice(0, 4)),
})

/** A question that a clause answers in most of its aspects; each aspect is left to chance in a seventh of them. */
function closeQuestion(random: Random, standing: Standing): Case {
  const other = anyQuestion(random, standing)
  const lasting = standing.memberships.filter(({ endsAt }) => endsAt === null)
  const limited = lasting.find(({ role, metiers: known }) => role === 'expert' && known)
  const member = limited ?? lasting[0]
  const ours = standing.conventions.filter(({ body, clauses }) => body === member?.body && clauses.length > 0)
  const convention = ours.find(({ signedAt, endedAt }) => signedAt === moments[0] && !endedAt) ?? ours[0]
  if (!member || !convention) return other
  const clauses = convention.clauses.filter(({ action }) => !limited || action !== 'export')
  const clause = pick(random, clauses.length > 0 ? clauses : convention.clauses)
  const close = <T>(fits: T, otherwise: T): T => (random() < 6 / 7 ? fits : otherwise)
  const inForce = [...moments, ...justBefore].filter(
    (at) => at >= convention.startsAt && at < convention.endsAt && at < (convention.endedAt ?? '9'),
  )
  const item = items.find((one) => clause.items?.includes(one.item) || clause.pillars?.includes(one.pillar))
  return {
    standing,
    action: close(clause.action, other.action),
    record: {
      ...other.record,
      ...close(item ?? {}, {}),
      commune: clause.communes ? close(pick(random, [...clause.communes]), other.record.commune) : other.record.commune,
      metier: random() < 0.4 ? (member.metiers?.[0] ?? null) : other.record.metier,
    },
    at: close(inForce.length > 0 ? pick(random, inForce) : other.at, other.at),
    purpose: close(clause.purpose, other.purpose),
  }
}

export const makeQuestion = (random: Random, standing: Standing): Case =>
  random() < 0.6 ? closeQuestion(random, standing) : anyQuestion(random, standing)

/** Whether the moment of a case is exactly one at which something of it begins or ends. */
export const isAtBoundary = ({ standing, at }: Case): boolean =>
  standing.memberships.some((one) => one.startsAt === at || one.endsAt === at) ||
  standing.conventions.some((one) => [one.signedAt, one.startsAt, one.endsAt, one.endedAt].includes(at))
