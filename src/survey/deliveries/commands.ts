import { getStanding } from '#accounts'
import {
  newId,
  requirePermission,
  sql,
  transaction,
  UserError,
  type Actor,
  type App,
  type Database,
  type Executor,
} from '#platform'
import { findUnit } from '../contributions/rows.ts'
import { latestGuide } from '../guide/guides.ts'
import { readTables } from '../tables/read.ts'
import { getDelivery, openDelivery, passTo, requireDeliver, type Delivery } from './access.ts'
import {
  bodyExpected,
  confirmationExpected,
  doubleColumn,
  mayNotDeliver,
  notNow,
  titleExpected,
  unknownLine,
  unknownSiret,
  wrongMeaning,
} from './errors.ts'
import { acceptJob, matchJob, undoJob } from './jobs.ts'
import { dayOfDelivery, itemsOf, matchDelivery, refusalOf } from './matching.ts'
import { cellKinds, itemOf, meanings, repeated, type Column, type Meaning, type RowProblem } from './model.ts'
import { findWork, jobOf, requireSomething, waitForWork } from './queries.ts'
import { readDeliverySheet, withoutPersonal, type Sheet } from './reading.ts'
import { contentOf, type FileRow } from './rows.ts'

export interface DeliveryInput {
  body: string
  title: string
  fileName: string
  bytes: Uint8Array
}

/** Up to that many rows are matched while the person waits; more by a job. */
const soon = 600

const personId = (actor: Actor) => (actor === null || actor === 'operator' ? 'operator' : actor.id)

async function insertDelivery(
  trx: Executor,
  actor: Actor,
  { body, fileName }: DeliveryInput,
  title: string,
  sheet: Sheet,
) {
  const id = newId()
  await sql`insert into survey.delivery (id, body, author, title, file_name, state, guide, columns)
    values (${id}, ${body}, ${personId(actor)}, ${title}, ${fileName.slice(0, 200)}, 'matching', ${latestGuide().version},
      ${JSON.stringify(sheet.columns)}::jsonb)`.execute(trx)
  for (let at = 0; at < sheet.rows.length; at += 1000)
    await sql`insert into survey.delivery_row (delivery, line, cells, decision)
      select ${id}::uuid, r.line, array(select jsonb_array_elements_text(r.cells)), 'unknown'
      from jsonb_to_recordset(${JSON.stringify(sheet.rows.slice(at, at + 1000))}::jsonb) as r(line int, cells jsonb)`.execute(
      trx,
    )
  return id
}

async function matchSoon(app: App, id: string, rows: number): Promise<void> {
  return rows <= soon ? matchDelivery(app, id) : queue(app, matchJob.name, id)
}

/**
 * Reads what a partner delivers, guesses its columns and matches its rows: nothing counts before it is accepted. Columns with
 * personal data are not kept.
 * @returns the id of the delivery
 * @throws {UserError} 400 naming the field, 401, 403 without a convention that lets the actor add practices
 */
export async function readDelivery(app: App, actor: Actor, input: DeliveryInput): Promise<string> {
  requirePermission('signed-in', actor)
  if (input.body === '') throw bodyExpected()
  await requireDeliver(app.db, actor, input.body)
  const title = input.title.trim()
  if (title === '' || title.length > 120) throw titleExpected()
  const tables = await readTables(input.bytes, input.fileName)
  const sheet = readDeliverySheet(tables, latestGuide().items)
  const id = await transaction(app.db, async (trx) => {
    await forgetRefusals(trx, actor)
    return insertDelivery(trx, actor, input, title, sheet)
  })
  await matchSoon(app, id, sheet.rows.length)
  return id
}

const forgetRefusals = (trx: Executor, actor: Actor) =>
  sql`delete from survey.delivery where author = ${personId(actor)} and state = 'refused'`.execute(trx)

/**
 * Keeps why a file was refused until the next one, for the page that shows it; nothing of the file.
 * @returns an id to ask `findRefusal` for
 */
export async function keepRefusal(
  db: Database,
  actor: Actor,
  { body, title, fileName }: Omit<DeliveryInput, 'bytes'>,
  { message, fields }: UserError,
): Promise<string> {
  requirePermission('signed-in', actor)
  return transaction(db, async (trx) => {
    await forgetRefusals(trx, actor)
    const id = newId()
    const problem = JSON.stringify({ field: fields[0]?.field ?? 'file', message })
    await sql`insert into survey.delivery (id, body, author, title, file_name, state, guide, problem)
      values (${id}, ${body.slice(0, 40)}, ${personId(actor)}, ${title.slice(0, 200)}, ${fileName.slice(0, 200)}, 'refused',
        ${latestGuide().version}, ${problem})`.execute(trx)
    return id
  })
}

function checkColumns(before: readonly Column[], chosen: readonly string[], items: ReadonlySet<string>): Column[] {
  const columns = before.map((column, i): Column => {
    const meaning = chosen[i] ?? column.meaning
    const item = itemOf(meaning as Meaning)
    const known = item === null ? (meanings as readonly string[]).includes(meaning) : items.has(item)
    if (!known) throw wrongMeaning(i)
    return meaning === column.meaning ? column : { ...column, meaning: meaning as Meaning, confidence: null }
  })
  for (const { meaning, header } of columns) {
    const same = columns.flatMap((one, i) => (one.meaning === meaning ? [i] : []))
    if (same.length > 1 && !repeated.has(meaning)) throw doubleColumn(same, header || meaning)
  }
  return columns
}

/**
 * Says what each column is, and matches again. What is now personal is removed for good.
 * @param chosen a meaning for each column, in their order
 * @throws {UserError} 400 naming the field `column-N`, 401, 403, 404, 409 once it is accepted
 */
export async function setColumns(app: App, actor: Actor, id: string, chosen: readonly string[]): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery } = await openDelivery(app.db, actor, id)
  await requireDeliver(app.db, actor, delivery.body)
  const answerable = [...itemsOf(delivery.guide).values()].filter(({ kind }) => cellKinds.has(kind))
  const columns = checkColumns(delivery.columns, chosen, new Set(answerable.map((item) => item.id)))
  const rows = await transaction(app.db, async (trx) => {
    await passTo(trx, id, ['read'], 'matching')
    await sql`update survey.delivery set columns = ${JSON.stringify(columns)}::jsonb where id = ${id}::uuid`.execute(
      trx,
    )
    await emptyCells(trx, id, columns)
    const counted = await sql<{ rows: number }>`
      select count(*)::int as rows from survey.delivery_row where delivery = ${id}::uuid`.execute(trx)
    return counted.rows[0]!.rows
  })
  await matchSoon(app, id, rows)
}

async function emptyCells(trx: Executor, id: string, columns: readonly Column[]): Promise<void> {
  if (!columns.some(({ meaning }) => meaning === 'personal')) return
  const kept = await sql<FileRow>`
    select line, cells from survey.delivery_row where delivery = ${id}::uuid`.execute(trx)
  const emptied = kept.rows.map((row) => withoutPersonal(columns, row))
  await sql`update survey.delivery_row r set cells = array(select jsonb_array_elements_text(m.cells))
    from jsonb_to_recordset(${JSON.stringify(emptied)}::jsonb) as m(line int, cells jsonb)
    where r.delivery = ${id}::uuid and r.line = m.line`.execute(trx)
}

/** What a chosen enterprise makes of a row: it counts, unless the right does not reach it. */
async function chosenRow(trx: Executor, actor: Actor, delivery: Delivery, row: FileRow, siret: string) {
  const items = itemsOf(delivery.guide)
  const { answers, problems } = contentOf(delivery.columns, row, items, dayOfDelivery(delivery))
  const asked = answers.map(({ item }) => items.get(item)!)
  const message =
    asked.length === 0 ? null : await refusalOf(trx, await getStanding(trx, actor), delivery, siret, asked)
  const all: RowProblem[] = message === null ? problems : [{ column: null, message }, ...problems]
  return { decision: message === null ? 'matched' : 'refused', problems: all }
}

/**
 * Says which enterprise a row means, or with null that none is meant: the row is set aside.
 * @throws {UserError} 400 unknown SIRET (field `siret`), 401, 403, 404, 409 once it is accepted
 */
export async function decideRow(
  app: App,
  actor: Actor,
  { delivery: id, line, siret: typed }: { delivery: string; line: number; siret: string | null },
): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery } = await openDelivery(app.db, actor, id)
  await requireDeliver(app.db, actor, delivery.body)
  const siret = typed?.replace(/\s/g, '') ?? null
  await transaction(app.db, async (trx) => {
    if ((await getDelivery(trx, id, true)).state !== 'read') throw notNow()
    const found = await sql<FileRow>`select line, cells from survey.delivery_row
      where delivery = ${id}::uuid and line = ${line}`.execute(trx)
    if (!found.rows[0]) throw unknownLine()
    if (siret === null)
      return void (await sql`update survey.delivery_row set decision = 'skipped', siret = null
        where delivery = ${id}::uuid and line = ${line}`.execute(trx))
    if (!/^\d{14}$/.test(siret) || !(await findUnit(trx, siret))) throw unknownSiret(`siret-${line}`)
    const { decision, problems } = await chosenRow(trx, actor, delivery, found.rows[0], siret)
    await sql`update survey.delivery_row set siret = ${siret}, score = 1, reasons = '[{"code": "chosen"}]', decision = ${decision},
        problems = ${JSON.stringify(problems)}::jsonb where delivery = ${id}::uuid and line = ${line}`.execute(trx)
  })
}

/** Queues a work, notes it for the page, and waits a little. */
async function queue(app: App, name: string, id: string): Promise<void> {
  const job = await app.jobs.send(name, { delivery: id })
  await sql`update survey.delivery set job = ${job} where id = ${id}::uuid`.execute(app.db.kysely)
  await waitForWork(app.db, id)
}

/**
 * Accepts a delivery: a job makes a contribution of each matched row, in the name of who accepts.
 * @throws {UserError} 400 when no row brings anything, 401, 403, 404, 409
 */
export async function acceptDelivery(app: App, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery } = await openDelivery(app.db, actor, id)
  await requireDeliver(app.db, actor, delivery.body)
  await requireSomething(app.db, id)
  await transaction(app.db, async (trx) => {
    await passTo(trx, id, ['read'], 'accepting')
    await sql`update survey.delivery set accepted_by = ${personId(actor)}, job = null where id = ${id}::uuid`.execute(
      trx,
    )
  })
  await queue(app, acceptJob.name, id)
}

/** @throws {UserError} 403 unless the actor delivered or accepted it, manages the body or the platform */
function requireUndo(actor: Actor, { author, acceptedBy }: Delivery, manages: boolean): void {
  if (!manages && personId(actor) !== author && personId(actor) !== acceptedBy) throw mayNotDeliver()
}

/**
 * Undoes a delivery: a job destroys all that it brought, so that everything is as if it had never been. Its rows go too; the
 * delivery itself stays, as undone, with what the audit keeps. No convention is needed to undo.
 * @throws {UserError} 400 without confirmation, 401, 403, 404, 409 unless it is accepted
 */
export async function undoDelivery(
  app: App,
  actor: Actor,
  id: string,
  { confirmed }: { confirmed: boolean },
): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery, manages } = await openDelivery(app.db, actor, id)
  requireUndo(actor, delivery, manages)
  if (!confirmed) throw confirmationExpected()
  await transaction(app.db, async (trx) => {
    await passTo(trx, id, ['accepted'], 'undoing')
    await sql`update survey.delivery set undone_by = ${personId(actor)}, job = null where id = ${id}::uuid`.execute(trx)
  })
  await queue(app, undoJob.name, id)
}

/**
 * Starts the work of a delivery again where it stopped: nothing is done twice.
 * @throws {UserError} 401, 403, 404, 409 when nothing stands still
 */
export async function resumeDelivery(app: App, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery, manages } = await openDelivery(app.db, actor, id)
  requireUndo(actor, delivery, manages)
  const work = await findWork(app, delivery)
  if (work?.state !== 'failed') throw notNow()
  await queue(app, jobOf[delivery.state]!, id)
}

/**
 * Removes a delivery that was never accepted: nothing is left of it.
 * @throws {UserError} 401, 403, 404, 409 once it was accepted
 */
export async function removeDelivery(app: App, actor: Actor, id: string): Promise<void> {
  requirePermission('signed-in', actor)
  const { delivery, manages } = await openDelivery(app.db, actor, id)
  requireUndo(actor, delivery, manages)
  await transaction(app.db, async (trx) => {
    await passTo(trx, id, ['read', 'matching', 'refused'], 'refused')
    await sql`delete from survey.delivery where id = ${id}::uuid`.execute(trx)
  })
}
