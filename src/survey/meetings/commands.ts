import { getBody, listMyBodies } from '#accounts'
import { readFileOf } from '#media'
import {
  newId,
  notFound,
  requirePermission,
  sql,
  transaction,
  UserError,
  type Actor,
  type App,
  type Database,
  type Executor,
} from '#platform'
import { requireAgenda, requireWriter } from './access.ts'
import { checkAttendee, checkLink, checkMeeting, type AttendeeInput } from './checks.ts'
import {
  alreadyCancelled,
  alreadyOver,
  tooManyPeople,
  tooMuchMaterial,
  unknownFile,
  wrongMaterialTitle,
  wrongReason,
} from './errors.ts'
import { mostMaterial, mostPeople, type Meeting, type MeetingInput } from './model.ts'
import { findMeeting } from './queries.ts'

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)
const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** A meeting whose list and text nobody else changes until the end of the transaction. */
async function lockMeeting(trx: Executor, id: string): Promise<Meeting & { over: boolean }> {
  const known = await findMeeting(trx, id)
  if (!known) throw notFound('Cette rencontre')
  await sql`select 1 from survey.meeting where id = ${id} for update`.execute(trx)
  return (await findMeeting(trx, id)) ?? known
}

async function lockOwn(trx: Executor, actor: Actor, id: string): Promise<Meeting & { over: boolean }> {
  const meeting = await lockMeeting(trx, id)
  await requireWriter(trx, actor, meeting.body)
  return meeting
}

/**
 * Announces a meeting or a training of a body to all bodies.
 * @returns its id
 * @throws {UserError} 400 naming the wrong field, 401, 403 unless the actor writes for the body, 404 unknown body
 */
export async function planMeeting(db: Database, actor: Actor, input: MeetingInput): Promise<string> {
  requirePermission('signed-in', actor)
  await requireWriter(db, actor, await getBody(db, input.body))
  const { kind, title, startsAt, endsAt, place, agenda } = checkMeeting(input)
  const id = newId()
  await sql`insert into survey.meeting (id, body, author, kind, title, starts_at, ends_at, place, agenda)
    values (${id}, ${input.body}, ${idOf(actor)}, ${kind}, ${title}, ${startsAt}, ${endsAt}, ${place}, ${agenda})`.execute(
    db.kysely,
  )
  return id
}

/**
 * Changes what is announced of a meeting; it stays the same body's.
 * @throws {UserError} 400 naming the wrong field, 401, 403, 404, 409 when it is cancelled
 */
export async function changeMeeting(db: Database, actor: Actor, id: string, input: MeetingInput): Promise<void> {
  requirePermission('signed-in', actor)
  const { kind, title, startsAt, endsAt, place, agenda } = checkMeeting(input)
  await transaction(db, async (trx) => {
    const { cancelReason } = await lockOwn(trx, actor, id)
    if (cancelReason !== null) throw alreadyCancelled()
    await sql`update survey.meeting set kind = ${kind}, title = ${title}, starts_at = ${startsAt}, ends_at = ${endsAt},
        place = ${place}, agenda = ${agenda}, sequence = sequence + 1, changed_at = clock_timestamp()
      where id = ${id}`.execute(trx)
  })
}

/**
 * Cancels a meeting, and says why; it stays in the agenda.
 * @throws {UserError} 400 without a reason, 401, 403, 404, 409 when it is cancelled or over
 */
export async function cancelMeeting(db: Database, actor: Actor, id: string, reason: string): Promise<void> {
  requirePermission('signed-in', actor)
  const why = reason.trim().replace(/\s+/g, ' ')
  await transaction(db, async (trx) => {
    const { cancelReason, over } = await lockOwn(trx, actor, id)
    if (cancelReason !== null) throw alreadyCancelled()
    if (over) throw alreadyOver()
    if (why === '' || why.length > 500) throw wrongReason()
    await sql`update survey.meeting set cancelled_at = now(), cancel_reason = ${why}, sequence = sequence + 1,
      changed_at = clock_timestamp() where id = ${id}`.execute(trx)
  })
}

async function requireRoom(trx: Executor, meeting: string): Promise<void> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from survey.attendance where meeting = ${meeting}`.execute(trx)
  if (found.rows[0]!.n >= mostPeople) throw tooManyPeople()
}

/**
 * Puts somebody on the list: expected, or there without having been.
 * @throws {UserError} 400 naming the wrong field, 401, 403, 404, 409 when the list is full
 */
export async function addAttendee(db: Database, actor: Actor, id: string, input: AttendeeInput): Promise<void> {
  requirePermission('signed-in', actor)
  const { name, organisation, siret } = await checkAttendee(db, input)
  await transaction(db, async (trx) => {
    await lockOwn(trx, actor, id)
    await requireRoom(trx, id)
    await sql`insert into survey.attendance (id, meeting, name, organisation, siret, present)
      values (${newId()}, ${id}, ${name}, ${organisation}, ${siret}, ${input.present ? true : null})`.execute(trx)
  })
}

/**
 * Notes who came among those that were shown; the others of the list stay as they are.
 * @throws {UserError} 401, 403, 404
 */
export async function noteAttendance(
  db: Database,
  actor: Actor,
  id: string,
  { shown, present }: { shown: readonly string[]; present: readonly string[] },
): Promise<void> {
  requirePermission('signed-in', actor)
  await transaction(db, async (trx) => {
    await lockOwn(trx, actor, id)
    await sql`update survey.attendance set present = id = any(${present.filter(isId)}::uuid[])
      where meeting = ${id} and id = any(${shown.filter(isId)}::uuid[])`.execute(trx)
  })
}

/**
 * Takes somebody off the list.
 * @throws {UserError} 401, 403, 404
 */
export async function removeAttendee(db: Database, actor: Actor, id: string, attendee: string): Promise<void> {
  requirePermission('signed-in', actor)
  await transaction(db, async (trx) => {
    await lockOwn(trx, actor, id)
    if (isId(attendee)) await sql`delete from survey.attendance where meeting = ${id} and id = ${attendee}`.execute(trx)
  })
}

/**
 * Puts oneself on the list, for one's body; again, it changes nothing.
 * @throws {UserError} 401, 403 for who acts for no body, 404, 409 when it is cancelled, over or full
 */
export async function joinMeeting(db: Database, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  if (actor === null || actor === 'operator') return
  const roles = await requireAgenda(db, actor)
  const bodies = await listMyBodies(db, actor)
  const organisation = bodies.find((one) => roles.has(one.id))?.name ?? null
  await transaction(db, async (trx) => {
    const { cancelReason, over } = await lockMeeting(trx, id)
    if (cancelReason !== null) throw alreadyCancelled()
    if (over) throw alreadyOver()
    await requireRoom(trx, id)
    await sql`insert into survey.attendance (id, meeting, name, organisation, person)
      values (${newId()}, ${id}, ${actor.name}, ${organisation}, ${actor.id})
      on conflict (person, meeting) where person is not null do nothing`.execute(trx)
  })
}

/**
 * Takes oneself off the list of a meeting that is not over.
 * @throws {UserError} 401, 404, 409 when it is over
 */
export async function leaveMeeting(db: Database, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  await transaction(db, async (trx) => {
    const { over } = await lockMeeting(trx, id)
    if (over) throw alreadyOver()
    await sql`delete from survey.attendance where meeting = ${id} and person = ${idOf(actor)}`.execute(trx)
  })
}

async function requireReadable(app: App, actor: Actor, file: string): Promise<void> {
  try {
    await readFileOf(app, actor, file)
  } catch (error) {
    if (error instanceof UserError) throw unknownFile()
    throw error
  }
}

/**
 * Adds a support to a meeting: the address of a page, or a deposited file that the actor may read. The rights of the
 * file stay its own.
 * @throws {UserError} 400 naming the wrong field, 401, 403, 404, 409 when there are too many
 */
export async function addMaterial(
  app: App,
  actor: Actor,
  id: string,
  input: { title: string; link: string },
): Promise<void> {
  requirePermission('signed-in', actor)
  const title = input.title.trim().replace(/\s+/g, ' ')
  if (title === '' || title.length > 200) throw wrongMaterialTitle()
  const to = checkLink(input.link)
  if ('file' in to) await requireReadable(app, actor, to.file)
  const { link, file } = { link: null, file: null, ...to }
  await transaction(app.db, async (trx) => {
    await lockOwn(trx, actor, id)
    const found = await sql<{ n: number; last: number }>`
      select count(*)::int as n, coalesce(max(position), 0) as last from survey.material where meeting = ${id}`.execute(
      trx,
    )
    if (found.rows[0]!.n >= mostMaterial) throw tooMuchMaterial()
    await sql`insert into survey.material (id, meeting, title, link, file, position)
      values (${newId()}, ${id}, ${title}, ${link}, ${file}, ${found.rows[0]!.last + 1})`.execute(trx)
  })
}

/**
 * Takes a support away.
 * @throws {UserError} 401, 403, 404
 */
export async function removeMaterial(db: Database, actor: Actor, id: string, material: string): Promise<void> {
  requirePermission('signed-in', actor)
  await transaction(db, async (trx) => {
    await lockOwn(trx, actor, id)
    if (isId(material)) await sql`delete from survey.material where meeting = ${id} and id = ${material}`.execute(trx)
  })
}
