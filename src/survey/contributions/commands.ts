import { audit, explainRefusal, getStanding, type Grant } from '#accounts'
import {
  notFound,
  requirePermission,
  sql,
  transaction,
  UserError,
  type Actor,
  type App,
  type Database,
  type Executor,
  type User,
} from '#platform'
import { latestGuide } from '../guide/guides.ts'
import type { EntryResult, SyncRequest } from '../model.ts'
import { release } from './release.ts'
import { decideAny } from './rights.ts'
import { findUnit, lockId, type Place } from './rows.ts'
import { createEntryStore } from './store.ts'
import { takeEntries } from './take.ts'
import type { Coming } from './writing.ts'

/**
 * Takes the entries that a person sends by any channel, as those of a device are; in a transaction of the caller where one
 * is open.
 * @returns what became of each, in the order of the request
 */
export function takeForPerson(
  app: { db: Database | Executor; log: App['log'] },
  actor: User,
  request: SyncRequest,
  coming: Coming,
): Promise<EntryResult[]> {
  requirePermission('signed-in', actor)
  return takeEntries(createEntryStore(app, actor, coming), request, new Date().toISOString())
}

const linkedElsewhere = () =>
  new UserError(
    'survey.linked',
    409,
    'Cette entreprise a déjà été rattachée à un autre établissement. Rechargez la page.',
  )

/** Who may say which enterprise a prospect is: who validates there, or who contributes for the body that created it. */
async function linkGrant(
  trx: Executor,
  actor: Actor,
  { siret, place, body }: { siret: string; place: Place; body: string | null },
): Promise<Grant> {
  if (actor === 'operator') return { allowed: true, by: 'administrator' }
  const standing = await getStanding(trx, actor)
  const { items } = latestGuide()
  const at = new Date().toISOString()
  const about = { subject: { kind: 'enterprise', id: siret }, place, author: standing.person ?? '' }
  for (const { body: own } of [{ body: null }, ...standing.memberships]) {
    const validates = decideAny(standing, 'validate', { ...about, body: own }, items, at)
    if ('grant' in validates) return validates.grant
  }
  const contributes = decideAny(standing, 'contribute', { ...about, body }, items, at)
  if ('grant' in contributes) return contributes.grant
  throw new UserError(`right.${contributes.reason}`, 403, await explainRefusal(trx, contributes, 'contribute'))
}

/**
 * Says which enterprise of the register a prospect is: its visits are visits of it, and their answers count, once. Again,
 * it changes nothing.
 * @returns how many entries count from now on
 * @throws {UserError} 401, 403, 404 unknown prospect or SIRET, 409 when it was linked to another enterprise
 */
export async function linkProspect(
  db: Database,
  actor: Actor,
  { prospect, siret }: { prospect: string; siret: string },
): Promise<{ counted: number }> {
  requirePermission('signed-in', actor)
  return transaction(db, async (trx) => {
    await lockId(trx, prospect)
    const found = await sql<{ siret: string | null; body: string | null }>`
      select siret, body from survey.prospect where id::text = ${prospect} for update`.execute(trx)
    const known = found.rows[0]
    if (!known) throw notFound('Cette entreprise à rattacher')
    const place = await findUnit(trx, siret)
    if (!place) throw notFound(`L’établissement « ${siret.slice(0, 20)} »`)
    const grant = await linkGrant(trx, actor, { siret, place, body: known.body })
    if (known.siret === siret) return { counted: 0 }
    if (known.siret !== null) throw linkedElsewhere()
    const person = actor === null || actor === 'operator' ? 'operator' : actor.id
    await sql`update survey.prospect set siret = ${siret}, linked_by = ${person}, linked_at = now()
      where id::text = ${prospect}`.execute(trx)
    const visits = await sql<{ id: string }>`update survey.contribution set siret = ${siret}
      where prospect::text = ${prospect} returning id`.execute(trx)
    const subject = { kind: 'enterprise', id: siret }
    await audit(trx, { actor, grant, action: 'contribute', subject, item: 'survey.prospect' })
    let counted = 0
    for (const id of visits.rows.map((row) => row.id).sort()) counted += await release(trx, id)
    return { counted }
  })
}
