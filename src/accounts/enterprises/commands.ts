import { randomInt } from 'node:crypto'
import { queueMail, requirePermission, sql, transaction, type Actor, type App, type Database } from '#platform'
import { getBody } from '../bodies/queries.ts'
import { requireManager } from '../bodies/require.ts'
import { countAttempt } from '../people/attempts.ts'
import { ensurePerson } from '../people/commands.ts'
import { badEmail, badName } from '../people/errors.ts'
import { createSignInPath, siteAddress } from '../people/links.ts'
import { signInMail } from '../people/mails.ts'
import { toEmail } from '../people/model.ts'
import { addPerson, findByEmail } from '../people/people.ts'
import { hashToken } from '../people/tokens.ts'
import type { Visit } from '../people/visits.ts'
import { codeUnknown, notBound, tooManyCodes, wrongBody, wrongSiret } from './errors.ts'
import { codeMail, newHolderMail } from './mails.ts'
import { codeAlphabet, codeDays, codeLength, groupCode, isSiret, readCode } from './model.ts'

/** Codes that may wait for one enterprise. */
const waitingCodes = 20

const newCode = () => Array.from({ length: codeLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('')
const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)

/** Whether a convention of a body is in force in a commune; null: a commune that is not known. */
async function isBound(db: Database, body: string, commune: string | null): Promise<boolean> {
  const found = await sql`select 1 from accounts.convention c join accounts.clause w on w.convention = c.id
    where c.body = ${body} and c.signed_at <= now() and c.starts_at <= now() and least(c.ends_at, c.ended_at) > now()
      and (w.territory is null or exists (select 1 from territory.public_commune_of t
        where t.territory = w.territory and t.commune = ${commune})) limit 1`.execute(db.kysely)
  return found.rows.length > 0
}

interface Handing {
  body: string
  commune: string | null
}

/** Whoever manages the body may hand over its codes where it has a convention; the administrator, all of them. */
async function checkBody(app: App, actor: Actor, { body, commune }: Handing) {
  const administrator = actor === 'operator' || actor?.administrator === true
  if (body !== '') {
    await requireManager(app.db, actor, body)
    if (!administrator && !(await isBound(app.db, body, commune))) throw notBound()
    return getBody(app.db, body)
  }
  if (!administrator) throw wrongBody()
  return { id: null, name: 'L’administrateur de la plateforme' }
}

/**
 * Makes a code that proves once that whoever types it holds an enterprise; the database keeps its hash alone.
 * @param commune of the enterprise
 * @param body in whose name it is handed over; empty: the administrator's
 * @param email where it is mailed too, an account being made; empty: nowhere
 * @returns the code, in no group, which is never shown again
 * @throws {UserError} 400 wrong field, 403 unless the actor manages the body and it has a convention there, 409 when too
 *   many codes wait
 */
export async function createEnterpriseCode(
  app: App,
  actor: Actor,
  input: Handing & { siret: string; email: string; name: string },
): Promise<string> {
  requirePermission('signed-in', actor)
  const { siret } = input
  if (!isSiret(siret)) throw wrongSiret()
  const body = await checkBody(app, actor, input)
  const code = newCode()
  await transaction(app.db, async (trx) => {
    await sql`delete from accounts.enterprise_code where expires_at < now()`.execute(trx)
    const waiting = await sql<{ count: number }>`
      select count(*)::int as count from accounts.enterprise_code where siret = ${siret}`.execute(trx)
    if (waiting.rows[0]!.count >= waitingCodes) throw tooManyCodes()
    await sql`insert into accounts.enterprise_code (hash, siret, body, created_by, expires_at)
      values (${hashToken(code)}, ${siret}, ${body.id}, ${idOf(actor)}, now() + make_interval(days => ${codeDays}::int))`.execute(
      trx,
    )
    if (input.email.trim() === '') return
    await ensurePerson(trx, actor, input)
    const to = { email: toEmail(input.email)!, name: input.name.trim(), siret, code, from: body.name }
    await queueMail(trx, codeMail({ ...to, page: `${siteAddress(app.config)}/espace/entreprise` }))
  })
  return code
}

/**
 * Gives an enterprise to the person who types its code. Five tries an hour. Who hands over a body's code proves nothing by
 * typing it.
 * @returns its SIRET
 * @throws {UserError} 409 when the code is unknown, used or too old, 429 after too many tries
 */
export async function claimEnterprise(app: App, actor: Actor, text: string): Promise<string> {
  requirePermission('signed-in', actor)
  if (actor === null || actor === 'operator') throw codeUnknown()
  await countAttempt(app, `enterprise code by ${actor.id}`, { max: 5, minutes: 60 })
  const code = readCode(text)
  if (!code) throw codeUnknown()
  return transaction(app.db, async (trx) => {
    const used = await sql<{ siret: string }>`
      delete from accounts.enterprise_code where hash = ${hashToken(code)} and expires_at > now()
        and (body is null or created_by <> ${actor.id}) returning siret`.execute(trx)
    const siret = used.rows[0]?.siret
    if (!siret) throw codeUnknown()
    // Those who hold it already learn that somebody else does from now on.
    const others = await sql<{ email: string; name: string }>`
      select p.email, p.name from accounts.enterprise_holder h join accounts.person p on p.id = h.person
      where h.siret = ${siret} and h.person <> ${actor.id} order by p.id`.execute(trx)
    const added = await sql`insert into accounts.enterprise_holder (person, siret) values (${actor.id}, ${siret})
      on conflict do nothing returning 1`.execute(trx)
    if (added.rows.length > 0)
      for (const other of others.rows) await queueMail(trx, newHolderMail({ ...other, siret, newcomer: actor.name }))
    return siret
  })
}

/**
 * Opens an account, without any right, to whoever has the code of a sheet, and mails a link to the page that asks for it;
 * the code itself serves there. Answers the same for an address that has an account.
 * @throws {UserError} 400 when the address or the name is none, 409 when the code is unknown or too old, 429
 */
export async function openAccountWithCode(
  app: App,
  actor: Actor,
  { code: text, email, name, visit }: { code: string; email: string; name: string; visit: Visit },
): Promise<void> {
  requirePermission('public', actor)
  await countAttempt(app, `enterprise code from ${visit.place}`, { max: 10, minutes: 60 })
  const address = toEmail(email)
  if (!address) throw badEmail()
  if (name.trim() === '' || name.trim().length > 100) throw badName()
  const code = readCode(text)
  if (!code) throw codeUnknown()
  await transaction(app.db, async (trx) => {
    const known = await sql`select 1 from accounts.enterprise_code
      where hash = ${hashToken(code)} and expires_at > now()`.execute(trx)
    if (known.rows.length === 0) throw codeUnknown()
    const person = await findByEmail(trx, address)
    if (!person) await addPerson(trx, { email: address, name: name.trim(), administrator: false })
    const path = await createSignInPath(trx, address, `/espace/entreprise?code=${groupCode(code)}`)
    await queueMail(
      trx,
      signInMail({ name: person?.name ?? name.trim(), email: address }, siteAddress(app.config) + path),
    )
  })
}

/** Gives up an enterprise that one holds no more. */
export async function leaveEnterprise(db: Database, actor: Actor, siret: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (actor === null || actor === 'operator') return
  await sql`delete from accounts.enterprise_holder where person = ${actor.id} and siret = ${siret}`.execute(db.kysely)
}
