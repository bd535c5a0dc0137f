import type { Actor } from '#platform'
import { findBody, listMyBodies } from '../bodies/queries.ts'
import { actionsOf, isMember } from '../rights/decide.ts'
import type { Source } from '../rights/queries.ts'
import { stateOf, type MyRights } from './model.ts'
import { listConventions } from './queries.ts'

/** What somebody may do, a part for each of his memberships, those of today first. */
export async function listMyRights(source: Source, actor: Actor): Promise<MyRights[]> {
  const mine = await listMyBodies(source, actor)
  const bodies = [...new Set(mine.map(({ id }) => id))]
  const [conventions, known] = await Promise.all([
    listConventions(source, bodies),
    Promise.all(bodies.map((id) => findBody(source, id))),
  ])
  const contacts = new Map(known.map((body) => [body?.id, body?.email ?? null]))
  const now = Date.now()
  return mine.map((one) => ({
    ...one,
    current: isMember(one, now),
    contact: contacts.get(one.id) ?? null,
    conventions: conventions
      .filter(({ body }) => body === one.id)
      .map((convention) => ({
        ...convention,
        state: stateOf(convention, now),
        clauses: convention.clauses.filter(({ action }) => actionsOf[one.role].includes(action)),
      })),
  }))
}
