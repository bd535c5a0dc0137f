import { sql, type App } from '#platform'
import { tooManyAttempts } from './errors.ts'
import { getSecret, sign } from './secret.ts'

export interface Limit {
  /** Attempts allowed in a window. */
  max: number
  /** Length of the window, in minutes. */
  minutes: number
}

/** Mails that one address may be sent, and that one place may ask for. */
export const mailLimits = { address: { max: 5, minutes: 15 }, place: { max: 30, minutes: 15 } }

/** Passwords that may be tried for one address, and from one place. */
export const passwordLimits = { address: { max: 10, minutes: 15 }, place: { max: 50, minutes: 15 } }

/** Links and passkeys that may be tried from one place. */
export const triesLimit: Limit = { max: 100, minutes: 15 }

/**
 * Counts an attempt in the window that its first one opened; all processes count together.
 * @param what the action and who tries; only its keyed hash is kept
 * @throws {UserError} 429 beyond the limit
 */
export async function countAttempt(app: App, what: string, { max, minutes }: Limit): Promise<void> {
  const key = sign(getSecret(app), `attempt:${what}`).toString('base64url')
  const found = await sql<{ count: number; wait: number }>`
    insert into accounts.attempt as a (key, count, until) values (${key}, 1, now() + make_interval(mins => ${minutes}::int))
    on conflict (key) do update set
      count = case when a.until < now() then 1 else a.count + 1 end,
      until = case when a.until < now() then excluded.until else a.until end
    returning count, ceil(extract(epoch from until - now()) / 60)::int as wait`.execute(app.db.kysely)
  const { count, wait } = found.rows[0]!
  if (count > max) throw tooManyAttempts(wait)
}
