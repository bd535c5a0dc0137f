import { holdsEnterprise, isLastAdministrator } from '#accounts'
import {
  forbidden,
  newId,
  requirePermission,
  scrub,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Erased,
  type Executor,
  type Subject,
} from '#platform'
import { confirmationExpected, lastAdministrator } from '../errors.ts'
import { erasureWord, type ErasureReason } from '../model.ts'
import { findRecord } from '../records.ts'
import { listOwnSubjects } from '../screen/queries.ts'
import { appendLedger, readLedger, type LedgerLine } from './ledger.ts'
import { listRecordsOf } from './records.ts'

/** What an erasure needs of the program. */
type Eraser = Pick<App, 'config' | 'db' | 'log' | 'storage' | 'capabilities'>

const subjectOf = ({ kind, subject }: LedgerLine): Subject => ({ kind, id: subject })

/** Everything that each capability holds about a subject, and about each record that the subject must agree to. */
async function destroy(
  { capabilities }: Pick<Eraser, 'capabilities'>,
  trx: Executor,
  subject: Subject,
): Promise<Erased> {
  const own = (one: Subject) => one.kind === subject.kind && one.id === subject.id
  const subjects = [subject, ...(await listRecordsOf(trx, subject)).filter((one) => !own(one))]
  const files = new Set<string>()
  const tables = new Set<string>()
  for (const one of subjects)
    for (const capability of capabilities) {
      const erased = await capability.erase?.(trx, one)
      erased?.files.forEach((key) => files.add(key))
      erased?.tables.forEach((table) => tables.add(table))
    }
  return { files: [...files], tables: [...tables] }
}

async function keepLine(trx: Executor, { id, kind, subject, reason, at }: LedgerLine, { files, tables }: Erased) {
  await sql`insert into consent.erasure (id, subject_kind, subject_id, reason, at, files, tables)
    values (${id}, ${kind}, ${subject}, ${reason}, ${at}, ${files}::text[], ${tables}::text[])`.execute(trx)
  // The register is public by law: what is left to whoever holds the enterprise is to object (article 21 of the GDPR).
  if (kind === 'enterprise')
    await sql`insert into consent.objection (siret, at) values (${subject}, ${at}) on conflict do nothing`.execute(trx)
}

async function eraseLine(app: Eraser, line: LedgerLine): Promise<void> {
  await transaction(app.db, async (trx) => keepLine(trx, line, await destroy(app, trx, subjectOf(line))))
  await finish(app, line)
}

/** What follows the commit; each step may be done twice, so that a start resumes where a stop cut it. */
async function finish(app: Eraser, line: LedgerLine): Promise<void> {
  const known = await readLedger(app.config)
  if (!known.some(({ id }) => id === line.id)) await appendLedger(app.config, line)
  const found = await sql<Erased>`select files, tables from consent.erasure where id = ${line.id} and pending`.execute(
    app.db.kysely,
  )
  if (!found.rows[0]) return
  const { files, tables } = found.rows[0]
  for (const key of files) await app.storage.remove(key)
  await scrub(app.db, tables)
  await sql`update consent.erasure set pending = false, files = '{}', tables = '{}' where id = ${line.id}`.execute(
    app.db.kysely,
  )
  app.log.info({ erasure: line.id, files: files.length, tables: tables.length }, 'an erasure is complete')
}

/** @throws {UserError} 401, 403 when the subject is neither the actor nor his */
async function requireOwn(db: Database, actor: Actor, subject: Subject): Promise<void> {
  if (actor === 'operator') return
  // A guest has no account: what is his is erased by whoever invited him, through the administrator.
  requirePermission('signed-in', actor)
  if (actor === null || actor.administrator) return
  const record = await findRecord(db, subject.kind, subject.id)
  for (const one of [subject, record?.holder]) {
    if (one?.kind === 'person' && one.id === actor.id) return
    if (one?.kind === 'enterprise' && (await holdsEnterprise(db, actor, one.id))) return
  }
  throw forbidden()
}

/**
 * Destroys what is held about a subject: a `person`, an `enterprise` (SIRET), a `guest`, or one record. Content, agreements
 * and files go; the ledger keeps ids and a reason, in the database and beside it, so that a restore erases again. What was
 * public is retired. Of an enterprise the public register's entry stays, with its objection (see `public_objection`).
 * @returns id of the line in the ledger
 * @throws {UserError} 401, 403
 */
export async function eraseSubject(
  app: Eraser,
  actor: Actor,
  subject: Subject,
  reason: ErasureReason,
): Promise<string> {
  requirePermission('public', actor)
  await requireOwn(app.db, actor, subject)
  const line = { id: newId(), kind: subject.kind, subject: subject.id, reason, at: new Date().toISOString() }
  await eraseLine(app, line)
  return line.id
}

interface Measure {
  /** Rows that would go, by table. */
  rows: Record<string, number>
  records: number
  files: number
}

const countRows = async (db: Executor, table: string) =>
  (await sql<{ count: number }>`select count(*)::int as count from ${sql.table(table)}`.execute(db)).rows[0]!.count

/**
 * What an erasure would destroy: it is done, then undone.
 * @throws {UserError} 401, 403
 */
export async function measureErasure(app: Eraser, actor: Actor, subject: Subject): Promise<Measure> {
  requirePermission('public', actor)
  await requireOwn(app.db, actor, subject)
  const records = (await listRecordsOf(app.db.kysely, subject)).length
  const undo = new Error('undo')
  let erased: Erased = { files: [], tables: [] }
  const left = new Map<string, number>()
  await transaction(app.db, async (trx) => {
    erased = await destroy(app, trx, subject)
    for (const table of erased.tables) left.set(table, await countRows(trx, table))
    throw undo
  }).catch((error: unknown) => {
    if (error !== undo) throw error
  })
  const rows: Record<string, number> = {}
  for (const [table, count] of left) rows[table] = (await countRows(app.db.kysely, table)) - count
  return { rows, records, files: erased.files.length }
}

/**
 * At a start: what a stop interrupted is finished, and what the ledger beside the database knows better than a database
 * that was restored is erased again.
 */
export async function prepareErasures(app: Eraser): Promise<void> {
  const known = await sql<
    LedgerLine & { pending: boolean }
  >`select id::text, subject_kind as kind, subject_id as subject,
      reason, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at, pending
    from consent.erasure order by at`.execute(app.db.kysely)
  const ledger = await readLedger(app.config)
  const written = new Set(ledger.map(({ id }) => id))
  for (const { pending, ...line } of known.rows) if (pending || !written.has(line.id)) await finish(app, line)
  const done = new Set(known.rows.map(({ id }) => id))
  for (const line of ledger) {
    if (done.has(line.id)) continue
    app.log.warn({ erasure: line.id }, 'an erasure is done again on a database that was restored')
    await eraseLine(app, line)
  }
}

/**
 * Erases a person's account and data, and on demand what is held about the enterprises that he holds, one after the other.
 * @throws {UserError} 400 when the word was not typed, 401
 */
export async function eraseOwnData(
  app: Eraser,
  actor: Actor,
  { confirmation, enterprises }: { confirmation: string; enterprises: boolean },
): Promise<void> {
  requirePermission('signed-in', actor)
  if (confirmation.trim() !== erasureWord) throw confirmationExpected()
  const [person, ...held] = await listOwnSubjects(app.db, actor)
  if (await isLastAdministrator(app.db.kysely, person!.id)) throw lastAdministrator()
  // The account goes last: it is what gives the right over the enterprises.
  for (const subject of enterprises ? held : []) await eraseSubject(app, actor, subject, 'request')
  await eraseSubject(app, actor, person!, 'request')
}
