import { sql, type App } from '#platform'
import { browserOf } from '../model.ts'
import { sessionToken } from '../sessions.ts'
import type { Visit } from '../visits.ts'

export interface SessionRow {
  id: string
  createdAt: string
  seenAt: string
  browser: string | null
  system: string | null
  /** The one that asks. */
  current: boolean
}

export interface PasskeyRow {
  id: string
  name: string | null
  createdAt: string
}

export interface Account {
  hasPassword: boolean
  sessions: SessionRow[]
  passkeys: PasskeyRow[]
}

/** What a person sees of their own account: neither a token, nor a key, nor a hash. */
export async function getAccount(app: App, person: string, visit: Visit): Promise<Account> {
  const db = app.db.kysely
  const current = sessionToken(app, visit.cookie)
  const [sessions, passkeys, passwords] = await Promise.all([
    sql<{ id: string; createdAt: Date; seenAt: Date; userAgent: string | null; current: boolean }>`
      select id, created_at as "createdAt", seen_at as "seenAt", user_agent as "userAgent", token = ${current} as current
      from accounts.session where person = ${person} and expires_at > now() order by seen_at desc limit 100`.execute(
      db,
    ),
    sql<{ id: string; name: string | null; createdAt: Date }>`
      select id, name, created_at as "createdAt" from accounts.passkey where person = ${person} order by created_at limit 100`.execute(
      db,
    ),
    sql`select 1 from accounts.account where person = ${person} and provider_id = 'credential'`.execute(db),
  ])
  return {
    hasPassword: passwords.rows.length > 0,
    sessions: sessions.rows.map(({ userAgent, ...row }) => ({
      ...row,
      createdAt: row.createdAt.toISOString(),
      seenAt: row.seenAt.toISOString(),
      current: row.current === true,
      ...browserOf(userAgent),
    })),
    passkeys: passkeys.rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
  }
}
