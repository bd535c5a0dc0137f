import { getStanding } from '#accounts'
import type { Role } from '#accounts/model'
import type { Actor, Database, Executor } from '#platform'
import { membersOnly, organisersOnly } from './errors.ts'
import { writers } from './model.ts'

/** What somebody is in each body today. */
export type Roles = ReadonlyMap<string, readonly Role[]>

/** The roles of somebody, by body. */
export async function listRoles(source: Database | Executor, actor: Actor): Promise<Roles> {
  const { memberships } = await getStanding(source, actor)
  const now = new Date().toISOString()
  const current = memberships.filter(({ startsAt, endsAt }) => startsAt <= now && (endsAt === null || now < endsAt))
  return new Map(
    [...Map.groupBy(current, ({ body }) => body)].map(([body, list]) => [body, list.map(({ role }) => role)]),
  )
}

export const mayWrite = (roles: Roles, body: string): boolean =>
  roles.get(body)?.some((role) => writers.includes(role)) === true

/**
 * Lets the people of any body in, and the administrator: partners learn of each other's meetings.
 * @throws {UserError} 403
 */
export async function requireAgenda(source: Database | Executor, actor: Actor): Promise<Roles> {
  const roles = await listRoles(source, actor)
  const runsAll = actor === 'operator' || (actor?.kind === 'person' && actor.administrator)
  if (roles.size === 0 && !runsAll) throw membersOnly()
  return roles
}

/** @throws {UserError} 403 unless the actor writes the meetings of the body */
export async function requireWriter(
  source: Database | Executor,
  actor: Actor,
  body: { id: string; name: string | null },
): Promise<void> {
  if (!mayWrite(await listRoles(source, actor), body.id)) throw organisersOnly(body.name)
}
