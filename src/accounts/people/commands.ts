import { setTimeout } from 'node:timers/promises'
import {
  queueMail,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Executor,
} from '#platform'
import { countAttempt, mailLimits, passwordLimits, triesLimit } from './attempts.ts'
import { getAuth } from './auth.ts'
import { badEmail, badName, linkExpired, wrongPassword } from './errors.ts'
import { createSignInPath, siteAddress } from './links.ts'
import { signInMail } from './mails.ts'
import { ownPath, placeholderEmail, toEmail } from './model.ts'
import { addPerson, findByEmail } from './people.ts'
import { getSecret, signed } from './secret.ts'
import { codeOf, toHeaders, type Visit } from './visits.ts'

/** The answer to « send me a link » takes this long, in milliseconds, whether the address is known or not. */
const answerTime = 250

/**
 * Opens an account, without any right. The caller checks that the actor may invite.
 * @returns the person's id; the one who has the address already keeps his name
 * @throws {UserError} 400 when the address or the name is none
 */
export async function ensurePerson(
  db: Executor,
  actor: Actor,
  { email, name }: { email: string; name: string },
): Promise<string> {
  requirePermission('signed-in', actor)
  const address = toEmail(email)
  if (!address) throw badEmail()
  // Known or not: the name goes into a mail of ours, which must not say what a stranger likes.
  if (name.trim().length > 100 || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name.trim())) throw badName()
  const known = await findByEmail(db, address)
  if (known) return known.id
  if (name.trim() === '') throw badName()
  return addPerson(db, { email: address, name: name.trim(), administrator: false })
}

/** Makes a person an administrator of the platform. */
export async function makeAdministrator(db: Executor, actor: Actor, id: string): Promise<void> {
  requirePermission('admin', actor)
  await sql`update accounts.person set administrator = true, updated_at = now() where id = ${id}`.execute(db)
}

/**
 * Sends a one-time link to an address that has an account; answers the same, in the same time, for any other.
 * @param back path of this site where the link leads
 * @throws {UserError} 400 when the address is none, 429 when it was sent too many
 */
export async function sendSignInLink(
  app: App,
  actor: Actor,
  { email, back, visit }: { email: string; back?: string; visit?: Visit },
): Promise<void> {
  requirePermission('public', actor)
  const address = toEmail(email)
  if (!address) throw badEmail()
  if (visit) await countAttempt(app, `mail from ${visit.place}`, mailLimits.place)
  await countAttempt(app, `mail to ${address}`, mailLimits.address)
  await Promise.all([mailLink(app, address, back), setTimeout(answerTime)])
}

async function mailLink(app: App, email: string, back: string | undefined): Promise<void> {
  if (email === placeholderEmail) return
  await transaction(app.db, async (trx) => {
    const person = await findByEmail(trx, email)
    if (!person) return
    const path = await createSignInPath(trx, email, back && ownPath(back))
    await queueMail(trx, signInMail(person, siteAddress(app.config) + path))
  })
}

/**
 * Uses a sign-in link and opens a session.
 * @returns the session's cookie value
 * @throws {UserError} 410 when the link is unknown, used or too old
 */
export async function signInWithLink(
  app: App,
  actor: Actor,
  { token, visit }: { token: string; visit: Visit },
): Promise<string> {
  requirePermission('public', actor)
  await countAttempt(app, `link from ${visit.place}`, triesLimit)
  try {
    const opened = await (await getAuth(app)).api.magicLinkVerify({ query: { token }, headers: toHeaders(visit) })
    return signed(getSecret(app), opened.token)
  } catch (error) {
    if (codeOf(error)) throw linkExpired()
    throw error
  }
}

/**
 * Opens a session with an address and a password.
 * @returns the session's cookie value
 * @throws {UserError} 401 when they do not fit, 429 after too many attempts
 */
export async function signInWithPassword(
  app: App,
  actor: Actor,
  { email, password, visit }: { email: string; password: string; visit: Visit },
): Promise<string> {
  requirePermission('public', actor)
  const address = toEmail(email)
  if (!address) throw badEmail()
  await countAttempt(app, `password from ${visit.place}`, passwordLimits.place)
  await countAttempt(app, `password of ${address}`, passwordLimits.address)
  try {
    const opened = await (
      await getAuth(app)
    ).api.signInEmail({ body: { email: address, password }, headers: toHeaders(visit) })
    return signed(getSecret(app), opened.token)
  } catch (error) {
    if (codeOf(error)) throw wrongPassword()
    throw error
  }
}

/** Ends the session of a cookie. */
export async function signOut(db: Database, actor: Actor, cookie: string | undefined): Promise<void> {
  requirePermission('public', actor)
  if (!cookie) return
  const token = cookie.slice(0, cookie.lastIndexOf('.'))
  await sql`delete from accounts.session where token = ${token}`.execute(db.kysely)
}
