import { listMyBodies } from '#accounts'
import { notFound, sql, type Actor, type Database, type Executor } from '#platform'
import { mayWrite, requireAgenda } from './access.ts'
import type { Attendee, Material, Meeting } from './model.ts'

const executorOf = (db: Database | Executor): Executor => ('kysely' in db ? db.kysely : db)
const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

type Row = Omit<Meeting, 'body' | 'startsAt' | 'endsAt' | 'changedAt'> & {
  body: string
  bodyName: string | null
  startsAt: Date
  endsAt: Date | null
  changedAt: Date
}

const columns = sql`m.id::text as id, m.kind, m.title, m.body, b.name as "bodyName", m.starts_at as "startsAt",
  m.ends_at as "endsAt", m.place, m.agenda, m.cancel_reason as "cancelReason", m.sequence, m.changed_at as "changedAt"`
/** A meeting without an end lasts some hours. */
const over = sql`coalesce(m.ends_at, m.starts_at + interval '3 hours') <= now()`

const meetingOf = ({ body, bodyName, startsAt, endsAt, changedAt, ...row }: Row): Meeting => ({
  ...row,
  body: { id: body, name: bodyName ?? '' },
  startsAt: startsAt.toISOString(),
  endsAt: endsAt?.toISOString() ?? null,
  changedAt: changedAt.toISOString(),
})

export interface MeetingLine extends Meeting {
  /** One of the reader's bodies holds it. */
  mine: boolean
}

export const meetingsPage = 20

/**
 * The agenda of all bodies: what is to come, the next first, or what is over, the latest first.
 * @param after id of the last meeting of the page before
 * @returns with the bodies for which the reader may announce one
 * @throws {UserError} 403 for who acts for no body
 */
export async function pageMeetings(
  db: Database,
  actor: Actor,
  { past, after }: { past: boolean; after: string | null },
): Promise<{ meetings: MeetingLine[]; next: string | null; writesFor: { id: string; name: string }[] }> {
  const roles = await requireAgenda(db, actor)
  const from = after !== null && isId(after) ? after : null
  const order = past ? sql`desc` : sql`asc`
  const further = past ? sql`<` : sql`>`
  const found = await sql<Row>`
    select ${columns} from survey.meeting m left join accounts.public_body b on b.id = m.body
    where (${over}) = ${past} and (${from}::uuid is null
      or (m.starts_at, m.id) ${further} (select p.starts_at, p.id from survey.meeting p where p.id = ${from}::uuid))
    order by m.starts_at ${order}, m.id ${order} limit ${meetingsPage + 1}`.execute(db.kysely)
  const meetings = found.rows.slice(0, meetingsPage).map((row) => ({ ...meetingOf(row), mine: roles.has(row.body) }))
  const bodies = new Map((await listMyBodies(db, actor)).map(({ id, name }) => [id, name]))
  return {
    meetings,
    next: found.rows.length > meetingsPage ? meetings.at(-1)!.id : null,
    writesFor: [...bodies].map(([id, name]) => ({ id, name })).filter(({ id }) => mayWrite(roles, id)),
  }
}

/** Whether there is no time left to join it, and the meeting itself; null when there is none. */
export async function findMeeting(
  source: Database | Executor,
  id: string,
): Promise<(Meeting & { over: boolean }) | null> {
  if (!isId(id)) return null
  const found = await sql<Row & { over: boolean }>`
    select ${columns}, ${over} as over from survey.meeting m left join accounts.public_body b on b.id = m.body
    where m.id = ${id}`.execute(executorOf(source))
  const [row] = found.rows
  return row ? { ...meetingOf(row), over: row.over } : null
}

/** A meeting as one person of a body sees it. */
export interface MeetingPage {
  meeting: Meeting & { over: boolean }
  material: Material[]
  /** Whether the reader put himself on the list. */
  joined: boolean
  /** The list, for the organising body's people; else null. */
  people: Attendee[] | null
  writes: boolean
}

/** The list by name, as French sorts names: the two databases have no collation in common. */
async function listPeople(db: Executor, meeting: string): Promise<Attendee[]> {
  const found = await sql<Attendee>`select id::text as id, name, organisation, siret, present from survey.attendance
    where meeting = ${meeting} order by created_at, id`.execute(db)
  return found.rows.sort((a, b) => a.name.localeCompare(b.name, 'fr'))
}

/** @throws {UserError} 403 for who acts for no body, 404 */
export async function getMeeting(db: Database, actor: Actor, id: string): Promise<MeetingPage> {
  const roles = await requireAgenda(db, actor)
  const meeting = await findMeeting(db, id)
  if (!meeting) throw notFound('Cette rencontre')
  const person = actor === null || actor === 'operator' ? null : actor.id
  const [material, joined] = [
    await sql<Material>`select id::text as id, title, link, file::text as file from survey.material
      where meeting = ${id} order by position, id`.execute(db.kysely),
    await sql`select 1 from survey.attendance where meeting = ${id} and person = ${person}`.execute(db.kysely),
  ]
  return {
    meeting,
    material: material.rows,
    joined: joined.rows.length > 0,
    people: roles.has(meeting.body.id) ? await listPeople(db.kysely, id) : null,
    writes: mayWrite(roles, meeting.body.id),
  }
}
