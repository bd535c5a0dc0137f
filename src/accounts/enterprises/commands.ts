import { randomInt } from 'node:crypto'
import { queueMail, requirePermission, sql, transaction, type Actor, type App, type Database } from '#platform'
import { getBody } from '../bodies/queries.ts'
import { requireManager } from '../bodies/require.ts'
import { countAttempt } from '../people/attempts.ts'
import { ensurePerson } from '../people/commands.ts'
import { siteAddress } from '../people/links.ts'
import { toEmail } from '../people/model.ts'
import { hashToken } from '../people/tokens.ts'
import { codeUnknown, tooManyCodes, wrongBody, wrongSiret } from './errors.ts'
import { codeMail } from './mails.ts'
import { codeAlphabet, codeDays, codeLength, isSiret, readCode } from './model.ts'

/** Codes that may wait for one enterprise. */
const waitingCodes = 20

const newCode = () => Array.from({ length: codeLength }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('')
const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)

/** Whoever manages the body may hand over its codes; the administrator, those of no body too. */
async function checkBody(app: App, actor: Actor, body: string): Promise<{ id: string | null; name: string }> {
  if (body !== '') {
    await requireManager(app.db, actor, body)
    return getBody(app.db, body)
  }
  if (actor !== 'operator' && !actor?.administrator) throw wrongBody()
  return { id: null, name: 'L’administrateur de la plateforme' }
}

/**
 * Makes a code that proves once that whoever types it holds an enterprise; the database keeps its hash alone.
 * @param body in whose name it is handed over; empty: the administrator's
 * @param email where it is mailed too, an account being made; empty: nowhere
 * @returns the code, in no group, which is never shown again
 * @throws {UserError} 400 wrong field, 403 unless the actor manages the body, 409 when too many codes wait
 */
export async function createEnterpriseCode(
  app: App,
  actor: Actor,
  input: { siret: string; body: string; email: string; name: string },
): Promise<string> {
  requirePermission('signed-in', actor)
  const { siret } = input
  if (!isSiret(siret)) throw wrongSiret()
  const body = await checkBody(app, actor, input.body)
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
 * Gives an enterprise to the person who types its code. Five tries an hour.
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
      delete from accounts.enterprise_code where hash = ${hashToken(code)} and expires_at > now() returning siret`.execute(
      trx,
    )
    const siret = used.rows[0]?.siret
    if (!siret) throw codeUnknown()
    await sql`insert into accounts.enterprise_holder (person, siret) values (${actor.id}, ${siret})
      on conflict do nothing`.execute(trx)
    return siret
  })
}

/** Gives up an enterprise that one holds no more. */
export async function leaveEnterprise(db: Database, actor: Actor, siret: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (actor === null || actor === 'operator') return
  await sql`delete from accounts.enterprise_holder where person = ${actor.id} and siret = ${siret}`.execute(db.kysely)
}
