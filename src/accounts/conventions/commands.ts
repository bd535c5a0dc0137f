import { newId, requirePermission, sql, transaction, type Actor, type Database, type Executor } from '#platform'
import { isId } from '#platform/model'
import { getBody } from '../bodies/queries.ts'
import { startOfDay } from '../rights/days.ts'
import { checkClause, type ClauseInput } from './clause.ts'
import {
  alreadyEnded,
  alreadySigned,
  noClause,
  notSigned,
  wrongEnd,
  wrongExtension,
  wrongReason,
  wrongStart,
  wrongTitle,
} from './errors.ts'
import type { ConventionDetail, ConventionEvent } from './model.ts'
import { getConvention } from './queries.ts'

const idOf = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)

/** A convention for a change: nobody else changes it meanwhile. */
async function lock(trx: Executor, id: string): Promise<ConventionDetail> {
  if (isId(id)) await sql`select 1 from accounts.convention where id = ${id} for update`.execute(trx)
  return getConvention(trx, id)
}

async function lockDraft(trx: Executor, id: string): Promise<ConventionDetail> {
  const convention = await lock(trx, id)
  if (convention.signedAt !== null) throw alreadySigned()
  return convention
}

/** A signed convention that nobody ended early. */
async function lockSigned(trx: Executor, id: string): Promise<ConventionDetail> {
  const convention = await lock(trx, id)
  if (convention.signedAt === null) throw notSigned()
  if (convention.endedAt !== null) throw alreadyEnded()
  return convention
}

async function keepEvent(
  trx: Executor,
  actor: Actor,
  convention: string,
  kind: ConventionEvent['kind'],
  detail: ConventionEvent['detail'] = {},
): Promise<void> {
  await sql`insert into accounts.convention_event (id, convention, kind, person, detail)
    values (${newId()}, ${convention}, ${kind}, ${idOf(actor)}, ${JSON.stringify(detail)}::jsonb)`.execute(trx)
}

export interface ConventionInput {
  title: string
  /** First and last day, as `2026-03-03`. */
  startsOn: string
  endsOn: string
}

function checkDates({ title, startsOn, endsOn }: ConventionInput) {
  const text = title.trim().replace(/\s+/g, ' ')
  if (text === '' || text.length > 200) throw wrongTitle()
  const startsAt = startOfDay(startsOn.trim())
  if (!startsAt) throw wrongStart()
  const endsAt = startOfDay(endsOn.trim(), 1)
  if (!endsAt || endsAt <= startsAt) throw wrongEnd()
  return { title: text, startsAt, endsAt }
}

/**
 * Writes a convention, without effect until it is signed.
 * @param replaces a convention of the same body whose clauses are taken over, and which the signature of this one ends
 * @returns its id
 * @throws {UserError} 400 wrong field, 404
 */
export async function writeConvention(
  db: Database,
  actor: Actor,
  { body, replaces, ...input }: ConventionInput & { body: string; replaces: string | null },
): Promise<string> {
  requirePermission('admin', actor)
  const { title, startsAt, endsAt } = checkDates(input)
  const { id: owner } = await getBody(db, body)
  const former = replaces === null ? null : await getConvention(db, replaces)
  const id = newId()
  await transaction(db, async (trx) => {
    await sql`insert into accounts.convention (id, body, title, starts_at, ends_at, replaces)
      values (${id}, ${owner}, ${title}, ${startsAt}, ${endsAt}, ${former?.body === owner ? former.id : null})`.execute(
      trx,
    )
    if (former?.body === owner) for (const clause of former.clauses) await insertClause(trx, id, clause)
    await keepEvent(trx, actor, id, 'written')
  })
  return id
}

/**
 * Changes the title and the days of a convention that is not signed.
 * @throws {UserError} 400 wrong field, 404, 409 when it is signed
 */
export async function changeConvention(db: Database, actor: Actor, id: string, input: ConventionInput): Promise<void> {
  requirePermission('admin', actor)
  const { title, startsAt, endsAt } = checkDates(input)
  await transaction(db, async (trx) => {
    await lockDraft(trx, id)
    await sql`update accounts.convention set title = ${title}, starts_at = ${startsAt}, ends_at = ${endsAt}
      where id = ${id}`.execute(trx)
  })
}

type ClauseRow = Pick<ConventionDetail['clauses'][number], 'action' | 'items' | 'pillars' | 'territory' | 'purpose'>

async function insertClause(trx: Executor, convention: string, clause: ClauseRow): Promise<void> {
  await sql`insert into accounts.clause (id, convention, action, items, pillars, territory, purpose) values (${newId()},
    ${convention}, ${clause.action}, ${clause.items}, ${clause.pillars}, ${clause.territory}, ${clause.purpose})`.execute(
    trx,
  )
}

/**
 * Adds a clause to a convention that is not signed.
 * @throws {UserError} 400 wrong field, 404, 409 when it is signed
 */
export async function addClause(db: Database, actor: Actor, id: string, input: ClauseInput): Promise<void> {
  requirePermission('admin', actor)
  const clause = await checkClause(db, input)
  await transaction(db, async (trx) => {
    await lockDraft(trx, id)
    await insertClause(trx, id, clause)
  })
}

/** @throws {UserError} 404, 409 when the convention is signed */
export async function removeClause(
  db: Database,
  actor: Actor,
  { convention, clause }: { convention: string; clause: string },
): Promise<void> {
  requirePermission('admin', actor)
  await transaction(db, async (trx) => {
    const { clauses } = await lockDraft(trx, convention)
    if (clauses.some(({ id }) => id === clause))
      await sql`delete from accounts.clause where id = ${clause}`.execute(trx)
  })
}

/**
 * Puts a convention in force from its first day on, and ends then the one that it replaces.
 * @param file key of the signed copy, stored already
 * @throws {UserError} 404, 409 when it is signed already, or allows nothing
 */
export async function signConvention(db: Database, actor: Actor, id: string, file: string): Promise<void> {
  requirePermission('admin', actor)
  await transaction(db, async (trx) => {
    const { clauses, replaces, title } = await lockDraft(trx, id)
    if (clauses.length === 0) throw noClause()
    await sql`update accounts.convention set signed_at = now(), file = ${file} where id = ${id}`.execute(trx)
    await keepEvent(trx, actor, id, 'signed')
    if (replaces) await endReplaced(trx, actor, { id, replaces, title })
  })
}

async function endReplaced(
  trx: Executor,
  actor: Actor,
  by: { id: string; replaces: string; title: string },
): Promise<void> {
  const reason = `Remplacée par la convention « ${by.title} »`
  const ended = await sql`
    update accounts.convention f set ended_at = greatest(now(), n.starts_at), end_reason = ${reason}
    from accounts.convention n where n.id = ${by.id} and f.id = ${by.replaces} and f.signed_at is not null
      and f.ended_at is null and f.ends_at > greatest(now(), n.starts_at) returning 1`.execute(trx)
  if (ended.rows.length > 0) await keepEvent(trx, actor, by.replaces, 'ended', { reason })
}

/**
 * Makes a signed convention last longer, even one whose end has passed.
 * @param until new last day, as `2028-12-31`
 * @throws {UserError} 400 unless it is later and to come, 404, 409 when it is not signed or was ended early
 */
export async function extendConvention(db: Database, actor: Actor, id: string, until: string): Promise<void> {
  requirePermission('admin', actor)
  const to = startOfDay(until.trim(), 1)
  await transaction(db, async (trx) => {
    const { endsAt: from } = await lockSigned(trx, id)
    if (to === null || to <= from || Date.parse(to) <= Date.now()) throw wrongExtension()
    await sql`update accounts.convention set ends_at = ${to} where id = ${id}`.execute(trx)
    await keepEvent(trx, actor, id, 'extended', { from, to })
  })
}

/**
 * Ends a signed convention at once.
 * @throws {UserError} 400 without a reason, 404, 409 when it is not signed or was ended already
 */
export async function endConvention(db: Database, actor: Actor, id: string, reason: string): Promise<void> {
  requirePermission('admin', actor)
  const text = reason.trim()
  if (text === '' || text.length > 500) throw wrongReason()
  await transaction(db, async (trx) => {
    await lockSigned(trx, id)
    await sql`update accounts.convention set ended_at = now(), end_reason = ${text} where id = ${id}`.execute(trx)
    await keepEvent(trx, actor, id, 'ended', { reason: text })
  })
}
