import { newId, requirePermission, sql, type Actor, type Database, type Subject } from '#platform'
import { ownPath } from '../people/model.ts'
import { hashToken, newToken } from '../people/tokens.ts'
import { requireRight } from '../rights/require.ts'
import { invitationEnded, wrongAge, wrongGuestLink, wrongGuestName } from './errors.ts'
import { ageClasses, guestDays } from './model.ts'
import { findInvitation } from './queries.ts'

/** What a link opens to those who receive it. */
export interface GuestLinkInput {
  subject: Subject
  /** What a guest reads before he gives his name. */
  label: string
  /** Moment in ISO 8601, within a year. */
  expiresAt: string
  /** Page of this site where a guest goes next. */
  path: string
  /** Commune of the subject, for the conventions that hold in a territory. */
  commune?: string | null
}

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)

/**
 * Makes a link that lets people without an account do one thing: the administrator's, or anybody's who may contribute
 * to the subject.
 * @returns the link's id, and its token for `/invitation/TOKEN`, of which the database keeps the hash
 * @throws {UserError} 400, 401, 403 `right.…`
 */
export async function createGuestLink(
  db: Database,
  actor: Actor,
  { subject, label, expiresAt, path, commune = null }: GuestLinkInput,
): Promise<{ id: string; token: string }> {
  requirePermission('signed-in', actor)
  if (actor !== 'operator' && !actor?.administrator)
    await requireRight(db, actor, 'contribute', {
      item: subject.kind,
      pillar: 'social',
      subject,
      commune,
      metier: null,
      disclosure: 'partners',
      body: null,
      author: idOf(actor),
    })
  const left = Date.parse(expiresAt) - Date.now()
  const title = label.trim()
  if (!(left > 0 && left <= guestDays * 86_400_000) || title === '' || title.length > 200 || ownPath(path) !== path)
    throw wrongGuestLink()
  const [id, token] = [newId(), newToken()]
  await sql`insert into accounts.guest_link (id, token_hash, subject_kind, subject_id, label, path, created_by, expires_at)
    values (${id}, ${hashToken(token)}, ${subject.kind}, ${subject.id}, ${title}, ${path}, ${idOf(actor)}, ${expiresAt})`.execute(
    db.kysely,
  )
  return { id, token }
}

/**
 * Lets somebody in as the guest of a link.
 * @param age `adult` (18 or more) or `minor`
 * @returns the value of the cookie `guest`, and the page where he goes next
 * @throws {UserError} 400 wrong field, 410 when the link has ended
 */
export async function enterAsGuest(
  db: Database,
  actor: Actor,
  { token, name, age }: { token: string; name: string; age: string },
): Promise<{ cookie: string; path: string }> {
  requirePermission('public', actor)
  const invitation = await findInvitation(db, token)
  if (!invitation) throw invitationEnded()
  const called = name.trim().replace(/\s+/g, ' ')
  if (called === '' || called.length > 60) throw wrongGuestName()
  const ageClass = ageClasses.find((one) => one === age)
  if (!ageClass) throw wrongAge()
  const cookie = newToken()
  await sql`insert into accounts.guest (id, link, cookie_hash, name, age_class)
    values (${newId()}, ${invitation.id}, ${hashToken(cookie)}, ${called}, ${ageClass})`.execute(db.kysely)
  return { cookie, path: invitation.path }
}
