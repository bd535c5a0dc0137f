import { audit, getStanding, requireRight, type Standing } from '#accounts'
import {
  badInput,
  requirePermission,
  sql,
  type Actor,
  type Database,
  type Executor,
  type Subject,
  type User,
} from '#platform'
import { mayNotDeposit } from '../errors.ts'

/** What a deposit is about, and under which body it is made. */
export interface Deposit {
  subject: Subject
  commune: string | null
  metier: string | null
  body: string | null
}

/** Subjects that somebody may deposit for by a click, and whether another SIRET may be typed. */
export interface DepositChoices {
  enterprises: string[]
  otherEnterprise: boolean
}

const actsUnderClause = ({ memberships, conventions }: Standing) =>
  memberships.length > 0 && conventions.some(({ clauses }) => clauses.some(({ action }) => action === 'contribute'))

/** Who has something to deposit for; null for who has not. */
export async function findChoices(db: Database, actor: Actor): Promise<DepositChoices | null> {
  const standing = await getStanding(db, actor)
  const otherEnterprise = actsUnderClause(standing)
  if (!standing.administrator && standing.enterprises.length === 0 && !otherEnterprise) return null
  return { enterprises: [...standing.enterprises], otherEnterprise }
}

/** Where a subject is and what it makes; nulls where that is not known. */
export async function placeOf(db: Executor, { kind, id }: Subject): Promise<Pick<Deposit, 'commune' | 'metier'>> {
  if (kind !== 'enterprise') return { commune: null, metier: null }
  const found = await sql<Pick<Deposit, 'commune' | 'metier'>>`
    select commune, metier from registry.public_establishment where siret = ${id}`.execute(db)
  return found.rows[0] ?? { commune: null, metier: null }
}

/** The subject that a form names: a SIRET, or nothing for oneself. */
export function readSubject(text: string, user: User): Subject {
  const siret = text.replace(/\s/g, '')
  if (siret === '' || siret === 'moi') return { kind: 'person', id: user.id }
  if (!/^\d{14}$/.test(siret)) throw badInput('Un SIRET a 14 chiffres.', [{ field: 'siret', message: '14 chiffres' }])
  return { kind: 'enterprise', id: siret }
}

/**
 * Checks that somebody may deposit for a subject, and keeps a trace where a clause allows it.
 * @throws {UserError} 401, or 403 with what to do
 */
export async function requireDeposit(db: Database, actor: Actor, subject: Subject, id: string): Promise<Deposit> {
  requirePermission('signed-in', actor)
  const user = actor as User
  if (subject.kind === 'person') {
    if (!(await findChoices(db, actor))) throw mayNotDeposit()
    return { subject, commune: null, metier: null, body: null }
  }
  const place = await placeOf(db.kysely, subject)
  const record = { item: 'media', pillar: 'register' as const, subject, ...place, body: null, author: user.id }
  const grant = await requireRight(db, actor, 'contribute', { ...record, disclosure: 'secret' })
  if (grant.by === 'clause')
    await audit(db.kysely, { actor, grant, action: 'contribute', subject, item: `media.${id}` })
  return { subject, ...place, body: grant.by === 'clause' ? grant.body : null }
}
