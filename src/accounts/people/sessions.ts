import type { IncomingHttpHeaders } from 'node:http'
import { sql, type App, type User } from '#platform'
import { getSecret, unsigned } from './secret.ts'
import { sessionCookie } from './visits.ts'

/** The token of the session that a request's cookie holds, its signature verified, or null. */
export function sessionToken(
  app: Pick<App, 'config' | 'once'>,
  cookieHeader: string | null | undefined,
): string | null {
  const cookie = sessionCookie(cookieHeader)
  return cookie ? unsigned(getSecret(app), cookie) : null
}

/** The person of a request, or null. A cookie whose signature is wrong reaches no database. */
export async function findUser(app: App, headers: IncomingHttpHeaders): Promise<User | null> {
  const token = sessionToken(app, headers.cookie)
  if (!token) return null
  const found = await sql<{ id: string; name: string; email: string; administrator: boolean; stale: boolean }>`
    select p.id, p.name, p.email, p.administrator, s.seen_at < now() - interval '5 minutes' as stale
    from accounts.session s join accounts.person p on p.id = s.person
    where s.token = ${token} and s.expires_at > now()`.execute(app.db.kysely)
  const row = found.rows[0]
  if (!row) return null
  if (row.stale) await sql`update accounts.session set seen_at = now() where token = ${token}`.execute(app.db.kysely)
  return { id: row.id, name: row.name, email: row.email, kind: 'person', administrator: row.administrator }
}
