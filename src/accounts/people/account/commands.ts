import {
  queueMail,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Mail,
  type User,
} from '#platform'
import { countAttempt, mailLimits, passwordLimits } from '../attempts.ts'
import { getAuth } from '../auth.ts'
import {
  badEmail,
  badName,
  emailLinkExpired,
  emailTaken,
  notFresh,
  weakPassword,
  wrongCurrentPassword,
} from '../errors.ts'
import { createEmailPath, readEmailToken, siteAddress } from '../links.ts'
import { emailChangedMail, newEmailMail, passwordMail } from '../mails.ts'
import { isWeak, passwordLength, placeholderEmail, toEmail } from '../model.ts'
import { findByEmail } from '../people.ts'
import { sessionToken } from '../sessions.ts'
import { codeOf, toHeaders, type Visit } from '../visits.ts'

/** Who acts on their own account. @throws {UserError} 401 */
function self(actor: Actor): User {
  requirePermission('signed-in', actor)
  return actor as User
}

/** @throws {UserError} 403 when the session is older than a day */
async function requireFresh(app: App, visit: Visit): Promise<void> {
  const token = sessionToken(app, visit.cookie)
  const found = await sql`
    select 1 from accounts.session where token = ${token} and created_at > now() - interval '1 day'`.execute(
    app.db.kysely,
  )
  if (found.rows.length === 0) throw notFresh()
}

async function endOtherSessions(app: App, person: string, visit: Visit): Promise<void> {
  const token = sessionToken(app, visit.cookie) ?? ''
  await sql`delete from accounts.session where person = ${person} and token <> ${token}`.execute(app.db.kysely)
}

async function tell(app: App, mail: Mail): Promise<void> {
  if (mail.to !== placeholderEmail) await queueMail(app.db.kysely, mail)
}

/** Changes the name that others see. @throws {UserError} 400 */
export async function renamePerson(db: Database, actor: Actor, name: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (name.trim() === '' || name.trim().length > 100) throw badName()
  await sql`update accounts.person set name = ${name.trim()}, updated_at = now() where id = ${self(actor).id}`.execute(
    db.kysely,
  )
}

/**
 * Sends a link to a new address, which its owner confirms.
 * @throws {UserError} 400 when the address is none or another account's, 403 when the session is old, 429
 */
export async function requestEmail(
  app: App,
  actor: Actor,
  { email, visit }: { email: string; visit: Visit },
): Promise<void> {
  requirePermission('signed-in', actor)
  const { id, name } = self(actor)
  const address = toEmail(email)
  if (!address || address === placeholderEmail) throw badEmail()
  await requireFresh(app, visit)
  await countAttempt(app, `new address of ${id}`, mailLimits.address)
  await transaction(app.db, async (trx) => {
    if (await findByEmail(trx, address)) throw emailTaken()
    const path = await createEmailPath(trx, id, address)
    await queueMail(trx, newEmailMail(name, address, siteAddress(app.config) + path))
  })
}

/** Gives a person the address that the link was sent to. @throws {UserError} 410, or 400 when it was taken meanwhile */
export async function confirmEmail(app: App, actor: Actor, token: string): Promise<void> {
  requirePermission('signed-in', actor)
  const { id, name, email: former } = self(actor)
  await transaction(app.db, async (trx) => {
    const email = await readEmailToken(trx, id, token)
    if (!email) throw emailLinkExpired()
    if (await findByEmail(trx, email)) throw emailTaken()
    await sql`update accounts.person set email = ${email}, email_verified = true, updated_at = now() where id = ${id}`.execute(
      trx,
    )
    if (former && former !== placeholderEmail) await queueMail(trx, emailChangedMail(name, former))
  })
}

/**
 * Sets or changes the password; other sessions end.
 * @throws {UserError} 400 when it is weak or the current one is wrong, 403 when the session is old, 429
 */
export async function setPassword(
  app: App,
  actor: Actor,
  { current, password, visit }: { current: string; password: string; visit: Visit },
): Promise<void> {
  requirePermission('signed-in', actor)
  const { id, name, email } = self(actor)
  if (isWeak(password, email ?? '')) throw weakPassword(passwordLength)
  const { api } = await getAuth(app)
  const headers = toHeaders(visit)
  if (await hasPassword(app.db, id)) {
    await countAttempt(app, `password of ${id}`, passwordLimits.address)
    try {
      await api.changePassword({ body: { currentPassword: current, newPassword: password }, headers })
    } catch (error) {
      if (codeOf(error) === 'INVALID_PASSWORD') throw wrongCurrentPassword()
      throw error
    }
  } else {
    await requireFresh(app, visit)
    await api.setPassword({ body: { newPassword: password }, headers })
  }
  await endOtherSessions(app, id, visit)
  await tell(app, passwordMail(name, email ?? placeholderEmail, true))
}

async function hasPassword(db: Database, person: string): Promise<boolean> {
  const found = await sql`
    select 1 from accounts.account where person = ${person} and provider_id = 'credential'`.execute(db.kysely)
  return found.rows.length > 0
}

/** Removes the password: links and passkeys still sign in. */
export async function removePassword(app: App, actor: Actor): Promise<void> {
  requirePermission('signed-in', actor)
  const { id, name, email } = self(actor)
  await sql`delete from accounts.account where person = ${id} and provider_id = 'credential'`.execute(app.db.kysely)
  await tell(app, passwordMail(name, email ?? placeholderEmail, false))
}

/** Ends one session of one's own. */
export async function endSession(db: Database, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  await sql`delete from accounts.session where id = ${id} and person = ${self(actor).id}`.execute(db.kysely)
}

/** Ends every session of one's own but the one that asks. */
export async function endSessions(app: App, actor: Actor, visit: Visit): Promise<void> {
  requirePermission('signed-in', actor)
  await endOtherSessions(app, self(actor).id, visit)
}

/** Names a passkey of one's own. @throws {UserError} 400 */
export async function renamePasskey(
  db: Database,
  actor: Actor,
  { id, name }: { id: string; name: string },
): Promise<void> {
  requirePermission('signed-in', actor)
  if (name.trim() === '' || name.trim().length > 100) throw badName()
  await sql`update accounts.passkey set name = ${name.trim()} where id = ${id} and person = ${self(actor).id}`.execute(
    db.kysely,
  )
}

/** Removes a passkey of one's own. */
export async function removePasskey(db: Database, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  await sql`delete from accounts.passkey where id = ${id} and person = ${self(actor).id}`.execute(db.kysely)
}
