import type { IncomingHttpHeaders } from 'node:http'
import { readCookie, sql, type Actor, type App, type Subject, type User } from '#platform'
import type { AgeClass } from './model.ts'
import { hashToken } from '../people/tokens.ts'
import { executorOf, type Source } from '../rights/queries.ts'

export interface Invitation {
  id: string
  label: string
  /** Page where a guest goes next. */
  path: string
}

/** The invitation of a link that still holds, or null. */
export async function findInvitation(source: Source, token: string): Promise<Invitation | null> {
  const found = await sql<Invitation>`select id, label, path from accounts.guest_link
    where token_hash = ${hashToken(token)} and expires_at > now()`.execute(executorOf(source))
  return found.rows[0] ?? null
}

/** The guest of a request, or null; he is one for as long as his invitation holds. */
export async function findGuest(app: Pick<App, 'db'>, headers: IncomingHttpHeaders): Promise<User | null> {
  const cookie = readCookie(headers.cookie, 'guest')
  if (!cookie) return null
  const found = await sql<{ id: string; name: string }>`
    select g.id, g.name from accounts.guest g join accounts.guest_link l on l.id = g.link
    where g.cookie_hash = ${hashToken(cookie)} and l.expires_at > now()`.execute(app.db.kysely)
  const guest = found.rows[0]
  return guest ? { ...guest, email: null, kind: 'guest', administrator: false } : null
}

/** The one thing that a guest came for, and his age class; null for anybody else. */
export async function guestSubject(
  source: Source,
  actor: Actor,
): Promise<{ subject: Subject; ageClass: AgeClass } | null> {
  if (actor === null || actor === 'operator' || actor.kind !== 'guest') return null
  const found = await sql<Subject & { ageClass: AgeClass }>`
    select l.subject_kind as kind, l.subject_id as id, g.age_class as "ageClass"
    from accounts.guest g join accounts.guest_link l on l.id = g.link
    where g.id = ${actor.id} and l.expires_at > now()`.execute(executorOf(source))
  const row = found.rows[0]
  return row ? { subject: { kind: row.kind, id: row.id }, ageClass: row.ageClass } : null
}
