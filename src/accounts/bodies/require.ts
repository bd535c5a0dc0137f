import { requirePermission, sql, type Actor } from '#platform'
import { isId } from '#platform/model'
import type { Role } from '../rights/model.ts'
import { executorOf, type Source } from '../rights/queries.ts'
import { notManager, notOfBody } from './errors.ts'

/** The roles that somebody has in a body today. */
async function rolesIn(source: Source, actor: Actor, body: string): Promise<Role[]> {
  if (actor === null || actor === 'operator' || actor.kind !== 'person' || !isId(body)) return []
  const found = await sql<{ role: Role }>`select role from accounts.membership
    where person = ${actor.id} and body = ${body} and starts_at <= now() and (ends_at is null or ends_at > now())`.execute(
    executorOf(source),
  )
  return found.rows.map(({ role }) => role)
}

const runsAll = (actor: Actor) => actor === 'operator' || (actor?.kind === 'person' && actor.administrator)

/** @throws {UserError} 403 unless the actor manages the body, or the platform */
export async function requireManager(source: Source, actor: Actor, body: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (!runsAll(actor) && !(await rolesIn(source, actor, body)).includes('manager')) throw notManager()
}

/**
 * Lets the people of a body in, and the administrator.
 * @returns whether the actor manages the body
 * @throws {UserError} 403 for anybody else
 */
export async function requireMember(source: Source, actor: Actor, body: string): Promise<{ manages: boolean }> {
  requirePermission('signed-in', actor)
  if (runsAll(actor)) return { manages: true }
  const roles = await rolesIn(source, actor, body)
  if (roles.length === 0) throw notOfBody()
  return { manages: roles.includes('manager') }
}
