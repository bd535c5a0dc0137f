import { requirePermission, sql, transaction, type Actor, type Database } from '#platform'
import { linkExpired } from './errors.ts'
import { sessionDays } from './model.ts'
import { hashToken, newToken } from './tokens.ts'

/**
 * Uses a sign-in link and opens a session.
 * @returns the session's cookie value
 * @throws {UserError} 410 when the link is unknown, used or too old
 */
export async function signInWithLink(db: Database, actor: Actor, token: string): Promise<string> {
  requirePermission('public', actor)
  const cookie = newToken()
  await transaction(db, async (trx) => {
    const used = await sql`update accounts.sign_in_link set used_at = now()
      where token_hash = ${hashToken(token)} and used_at is null and expires_at > now() returning 1`.execute(trx)
    if (used.rows.length === 0) throw linkExpired()
    await sql`insert into accounts.session (token_hash, person, role, expires_at)
      values (${hashToken(cookie)}, 'administrator', 'admin', now() + make_interval(days => ${sessionDays}::int))`.execute(
      trx,
    )
  })
  return cookie
}

/** Ends a session. */
export async function signOut(db: Database, actor: Actor, cookie: string | undefined): Promise<void> {
  requirePermission('public', actor)
  if (cookie) await sql`delete from accounts.session where token_hash = ${hashToken(cookie)}`.execute(db.kysely)
}
