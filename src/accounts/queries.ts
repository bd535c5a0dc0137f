import { sql, type Database, type User } from '#platform'
import { hashToken } from './tokens.ts'

/** The person of a session cookie, or null when it is unknown or has ended. */
export async function findUser(db: Database, cookie: string | undefined): Promise<User | null> {
  if (!cookie) return null
  const found = await sql<{ id: string }>`
    select person as id from accounts.session where token_hash = ${hashToken(cookie)} and expires_at > now()`.execute(
    db.kysely,
  )
  const row = found.rows[0]
  return row ? { id: row.id, name: 'Administrateur', email: null, kind: 'person', administrator: true } : null
}

/** Whether an administrator has ever signed in. */
export async function hasAdministrator(db: Database): Promise<boolean> {
  const found = await sql`select 1 from accounts.sign_in_link where used_at is not null limit 1`.execute(db.kysely)
  return found.rows.length > 0
}
