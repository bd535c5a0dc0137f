import {
  refusals,
  type Action,
  type Clause,
  type Convention,
  type Decision,
  type Grant,
  type Membership,
  type ProtectedRecord,
  type Purpose,
  type Refused,
  type Role,
  type Standing,
} from './model.ts'

/** What each role may do at most, within the clauses of the body's conventions. */
export const actionsOf: Record<Role, readonly Action[]> = {
  reader: ['read'],
  surveyor: ['read', 'contribute'],
  expert: ['read', 'contribute', 'validate'],
  manager: ['read', 'contribute', 'validate', 'export'],
}

/** What is asked: who does what to which record, when (ISO 8601), and to what purpose; no purpose: any one. */
interface Question {
  standing: Standing
  action: Action
  record: ProtectedRecord
  at: number
  purpose: Purpose | undefined
}

const moment = (iso: string | null) => (iso === null ? Infinity : Date.parse(iso))

/** The moment at which a convention ends or ended: the earlier of its end and its early end. */
export const endOf = ({ endsAt, endedAt }: Pick<Convention, 'endsAt' | 'endedAt'>): string =>
  endedAt !== null && moment(endedAt) < moment(endsAt) ? endedAt : endsAt

/** Whether a membership holds at a moment: its start included, its end not. */
export const isMember = ({ startsAt, endsAt }: Pick<Membership, 'startsAt' | 'endsAt'>, at: number): boolean =>
  moment(startsAt) <= at && at < moment(endsAt)

const steps = new Map(refusals.map((reason, step) => [reason, step]))

/** The refusal that went further; of two that stopped at the same step, the first. */
const further = (one: Refused, other: Refused): Refused =>
  steps.get(other.reason)! > steps.get(one.reason)! ? other : one

function isSubject({ person, enterprises }: Standing, { subject }: ProtectedRecord): boolean {
  return subject.kind === 'enterprise'
    ? enterprises.includes(subject.id)
    : subject.kind === 'person' && subject.id === person
}

function opensItem({ items, pillars }: Clause, { item, pillar }: ProtectedRecord): boolean {
  if (items === null && pillars === null) return true
  return items?.includes(item) === true || pillars?.includes(pillar) === true
}

const reaches = ({ territory, communes }: Clause, { commune }: ProtectedRecord): boolean =>
  territory === null || (commune !== null && communes?.has(commune) === true)

const knowsMetier = ({ role, metiers }: Membership, { metier }: ProtectedRecord): boolean =>
  role !== 'expert' || metiers === null || (metier !== null && metiers.includes(metier))

function isDisclosed(record: ProtectedRecord, body: string, person: string | null): boolean {
  if (record.disclosure === 'body') return record.body === body
  if (record.disclosure === 'secret') return person !== null && record.author === person
  return true
}

/** Why a convention is not in force at a moment, or null when it is. */
function notInForce(convention: Convention, at: number): Pick<Refused, 'reason' | 'at'> | null {
  if (convention.signedAt === null || moment(convention.signedAt) > at) return { reason: 'not_signed' }
  if (moment(convention.startsAt) > at) return { reason: 'not_started', at: convention.startsAt }
  const end = endOf(convention)
  return at < moment(end) ? null : { reason: 'ended', at: end }
}

/** The step at which a clause stops the act, or null when it allows it. */
function stoppedBy(clause: Clause, membership: Membership, asked: Question): Refused['reason'] | null {
  if (clause.action !== asked.action) return 'action'
  if (!opensItem(clause, asked.record)) return 'item'
  if (!reaches(clause, asked.record)) return 'territory'
  if (asked.purpose !== undefined && clause.purpose !== asked.purpose) return 'purpose'
  if (!knowsMetier(membership, asked.record)) return 'metier'
  return isDisclosed(asked.record, membership.body, asked.standing.person) ? null : 'disclosure'
}

function askConvention(convention: Convention, membership: Membership, asked: Question): Decision {
  const { id, body } = convention
  const late = notInForce(convention, asked.at)
  if (late) return { allowed: false, ...late, body, convention: id }
  let refused: Refused = { allowed: false, reason: 'action', body, convention: id }
  for (const clause of convention.clauses) {
    const reason = stoppedBy(clause, membership, asked)
    if (reason === null)
      return { allowed: true, by: 'clause', body, convention: id, clause: clause.id, purpose: clause.purpose }
    refused = further(refused, { allowed: false, reason, body, convention: id })
  }
  return refused
}

function askMembership(membership: Membership, asked: Question): Decision {
  const { body, role, startsAt, endsAt } = membership
  if (!isMember(membership, asked.at)) {
    const at = asked.at < moment(startsAt) ? startsAt : (endsAt ?? startsAt)
    return { allowed: false, reason: 'left', at, body }
  }
  if (!actionsOf[role].includes(asked.action)) return { allowed: false, reason: 'role', body }
  let refused: Refused = { allowed: false, reason: 'no_convention', body }
  for (const convention of asked.standing.conventions) {
    if (convention.body !== body) continue
    const decision = askConvention(convention, membership, asked)
    if (decision.allowed) return decision
    refused = further(refused, decision)
  }
  return refused
}

/** What needs no convention: what is public, what is one's own, and the moderation of what is public. */
function withoutConvention({ standing, action, record }: Question): Grant | null {
  if (action === 'read' && record.disclosure === 'public') return { allowed: true, by: 'public' }
  if (standing.person === null) return null
  if ((action === 'read' || action === 'contribute') && isSubject(standing, record))
    return { allowed: true, by: 'subject' }
  if (standing.administrator && action === 'validate' && record.disclosure === 'public')
    return { allowed: true, by: 'administrator' }
  return null
}

/** What somebody may do in the name of one body alone; null: as whoever holds the subject, for no body. */
export function inNameOf(standing: Standing, body: string | null): Standing {
  if (body === null) return { ...standing, memberships: [], conventions: [] }
  return { ...standing, enterprises: [], memberships: standing.memberships.filter((one) => one.body === body) }
}

/**
 * Whether somebody may do something to a record at a moment: the one rule of the platform. Start included, end not.
 * @param at moment in ISO 8601
 * @param purpose what for; without it, any purpose that a clause allows
 * @returns the grant with the clause that allows it, or the refusal of the furthest step reached
 */
export function decide(
  standing: Standing,
  action: Action,
  record: ProtectedRecord,
  at: string,
  purpose?: Purpose,
): Decision {
  const asked: Question = { standing, action, record, at: moment(at), purpose }
  const granted = withoutConvention(asked)
  if (granted) return granted
  if (standing.person === null) return { allowed: false, reason: 'not_signed_in' }
  let refused: Refused = { allowed: false, reason: 'no_body' }
  for (const membership of standing.memberships) {
    const decision = askMembership(membership, asked)
    if (decision.allowed) return decision
    refused = further(refused, decision)
  }
  return refused
}
