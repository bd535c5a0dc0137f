import type { App, Executor } from '#platform'
import { newId, sql } from '#platform'
import { linkMinutes } from './model.ts'
import { newToken, hashToken } from './tokens.ts'

/** The address of the site, for links that leave it: never the request's host, which a stranger may forge. */
export function siteAddress({ publicUrl, host, port }: App['config']): string {
  if (publicUrl) return publicUrl
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Makes a one-time token, of which the database keeps the hash alone, for better-auth's magic links.
 * @param value what the token opens
 */
async function createToken(db: Executor, value: object): Promise<string> {
  const token = newToken()
  await sql`insert into accounts.verification (id, identifier, value, expires_at) values (
    ${newId()}, ${hashToken(token)}, ${JSON.stringify(value)}, now() + make_interval(mins => ${linkMinutes}::int))`.execute(
    db,
  )
  return token
}

/** Path of the page where a one-time link signs its owner in, within fifteen minutes. */
export async function createSignInPath(db: Executor, email: string, back?: string): Promise<string> {
  const search = new URLSearchParams({ jeton: await createToken(db, { email }), ...(back ? { retour: back } : {}) })
  return `/connexion?${search}`
}

/** Path of the page where the owner of a new address confirms it, signed in as the person who asked. */
export async function createEmailPath(db: Executor, person: string, email: string): Promise<string> {
  return `/espace/compte?courriel=${await createToken(db, { person, newEmail: email })}`
}

/** Consumes a token of `createEmailPath`; null when it is unknown, used, too old or somebody else's. */
export async function readEmailToken(db: Executor, person: string, token: string): Promise<string | null> {
  const found = await sql<{ value: string }>`
    delete from accounts.verification where identifier = ${hashToken(token)} and expires_at > now() returning value`.execute(
    db,
  )
  const opened = found.rows[0] ? (JSON.parse(found.rows[0].value) as { person?: string; newEmail?: string }) : null
  return opened?.person === person ? (opened.newEmail ?? null) : null
}
