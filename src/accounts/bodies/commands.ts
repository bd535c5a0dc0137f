import {
  newId,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Executor,
  queueMail,
} from '#platform'
import { isId } from '#platform/model'
import { findTerritory } from '#territory'
import { createSignInPath, siteAddress } from '../people/links.ts'
import { ensurePerson } from '../people/commands.ts'
import { toEmail } from '../people/model.ts'
import { startOfDay } from '../rights/days.ts'
import { roles, type Role } from '../rights/model.ts'
import {
  alreadyMember,
  nameTaken,
  wrongContact,
  wrongEnd,
  wrongKind,
  wrongMetiers,
  wrongName,
  wrongRole,
  wrongTerritory,
} from './errors.ts'
import { invitationMail } from './mails.ts'
import { bodyKinds, type Body } from './model.ts'
import { getBody } from './queries.ts'
import { requireManager } from './require.ts'

/** What a form says of a body; an empty text is none. */
export interface BodyInput {
  name: string
  kind: string
  territory: string
  email: string
}

async function checkBody(db: Database, input: BodyInput): Promise<Omit<Body, 'id'>> {
  const name = input.name.trim().replace(/\s+/g, ' ')
  if (name === '' || name.length > 200) throw wrongName()
  const kind = bodyKinds.find((one) => one === input.kind)
  if (!kind) throw wrongKind()
  const email = input.email.trim() === '' ? null : toEmail(input.email)
  if (input.email.trim() !== '' && !email) throw wrongContact()
  const code = input.territory.trim()
  const territory = code === '' ? null : await findTerritory(db, code)
  if (code !== '' && !territory) throw wrongTerritory(code)
  return { name, kind, territory: territory?.code ?? null, email }
}

/**
 * Opens a body, or changes what is known of it.
 * @param id of the body to change; null: a new one
 * @returns its id
 * @throws {UserError} 400 wrong field, 404, 409 when another body has the name
 */
export async function saveBody(db: Database, actor: Actor, id: string | null, input: BodyInput): Promise<string> {
  requirePermission('admin', actor)
  const { name, kind, territory, email } = await checkBody(db, input)
  const known = id === null ? null : await getBody(db, id)
  return transaction(db, async (trx) => {
    const taken = await sql`
      select 1 from accounts.body where lower(name) = lower(${name}) and id is distinct from ${known?.id ?? null}`.execute(
      trx,
    )
    if (taken.rows.length > 0) throw nameTaken(name)
    const saved = await sql<{ id: string }>`
      insert into accounts.body (id, name, kind, territory, email)
      values (${known?.id ?? newId()}, ${name}, ${kind}, ${territory}, ${email})
      on conflict (id) do update set name = excluded.name, kind = excluded.kind, territory = excluded.territory,
        email = excluded.email returning id`.execute(trx)
    return saved.rows[0]!.id
  })
}

export interface InvitationInput {
  body: string
  email: string
  name: string
  role: string
  /** Crafts of an expert; none: not limited. */
  metiers: readonly string[]
  /** Last day, as `2027-12-31`; empty: until it is ended. */
  until: string
}

interface Checked {
  role: Role
  metiers: readonly string[] | null
  endsAt: string | null
}

function checkInvitation(input: InvitationInput): Checked {
  const role = roles.find((one) => one === input.role)
  if (!role) throw wrongRole()
  const metiers = role === 'expert' && input.metiers.length > 0 ? [...new Set(input.metiers)] : null
  if (metiers && (metiers.length > 50 || metiers.some((one) => !/^[a-z0-9-]{1,80}$/.test(one)))) throw wrongMetiers()
  const endsAt = input.until.trim() === '' ? null : startOfDay(input.until.trim(), 1)
  if (input.until.trim() !== '' && (endsAt === null || Date.parse(endsAt) <= Date.now())) throw wrongEnd()
  return { role, metiers, endsAt }
}

async function addMember(trx: Executor, actor: Actor, input: InvitationInput, { role, metiers, endsAt }: Checked) {
  const person = await ensurePerson(trx, actor, input)
  const same = await sql`select 1 from accounts.membership where person = ${person} and body = ${input.body}
    and role = ${role} and (ends_at is null or ends_at > now())`.execute(trx)
  if (same.rows.length > 0) throw alreadyMember(input.email)
  await sql`insert into accounts.membership (id, body, person, role, metiers, ends_at, created_by)
    values (${newId()}, ${input.body}, ${person}, ${role}, ${metiers}, ${endsAt}, ${idOf(actor)})`.execute(trx)
}

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)
const nameOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'L’administrateur' : actor.name)

/**
 * Invites somebody to act for a body: his account is made if he has none, and a sign-in link sent to him.
 * @throws {UserError} 400 wrong field, 403 unless the actor manages the body or the platform, 404, 409 already in it
 */
export async function inviteMember(app: App, actor: Actor, input: InvitationInput): Promise<void> {
  requirePermission('signed-in', actor)
  await requireManager(app.db, actor, input.body)
  const body = await getBody(app.db, input.body)
  const checked = checkInvitation(input)
  const site = siteAddress(app.config)
  await transaction(app.db, async (trx) => {
    await addMember(trx, actor, input, checked)
    const email = toEmail(input.email)!
    const link = site + (await createSignInPath(trx, email, '/espace/organismes'))
    const again = `${site}/connexion?retour=/espace/organismes`
    const { name, role } = { name: input.name.trim(), role: checked.role }
    await queueMail(trx, invitationMail({ email, name, body: body.name, role, by: nameOf(actor), link, again }))
  })
}

/**
 * Ends at once what somebody does for a body; what he did stays.
 * @throws {UserError} 403 unless the actor manages the body or the platform
 */
export async function endMembership(
  db: Database,
  actor: Actor,
  { body, membership }: { body: string; membership: string },
): Promise<void> {
  requirePermission('signed-in', actor)
  await requireManager(db, actor, body)
  if (!isId(membership)) return
  await sql`update accounts.membership set ends_at = greatest(now(), starts_at)
    where id = ${membership} and body = ${body} and (ends_at is null or ends_at > now())`.execute(db.kysely)
}
