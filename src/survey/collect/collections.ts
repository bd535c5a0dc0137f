import { sql, type Database, type Executor, type User } from '#platform'
import { isId } from '#platform/model'
import { moment } from '../contributions/rows.ts'
import type { Table } from '../tables/read.ts'
import { notNow, unknownCollection } from './errors.ts'
import type { CollectionLine, CollectionState, CollectReport, FormReport } from './model.ts'

/** A file of answers as it is kept. */
export interface Collection extends CollectionLine {
  body: string | null
  author: string
  tables: Table[] | null
  report: CollectReport | FormReport | null
  problem: string | null
  job: string | null
}

const columns = sql`c.id, c.body, c.author, c.file_name as "fileName", c.state, c.tables, c.report, c.problem, c.job,
  ${moment('c.created_at')} as "createdAt"`

/** @throws {UserError} 404 when there is none, or it is somebody else's */
export async function getCollection(db: Executor, user: Pick<User, 'id'>, id: string): Promise<Collection> {
  if (!isId(id)) throw unknownCollection()
  const found = await sql<Collection>`select ${columns} from survey.collection c
    where c.id = ${id}::uuid and c.author = ${user.id}`.execute(db)
  if (!found.rows[0]) throw unknownCollection()
  return found.rows[0]
}

/** A collection by its id alone, for the job that takes it; null when it was removed. */
export async function findCollection(db: Executor, id: string): Promise<Collection | null> {
  const found = await sql<Collection>`select ${columns} from survey.collection c where c.id = ${id}::uuid`.execute(db)
  return found.rows[0] ?? null
}

/** The latest files of a person; those that could not be read are not listed. */
export async function listCollections(db: Database, user: User): Promise<CollectionLine[]> {
  const found = await sql<CollectionLine>`
    select c.id, c.file_name as "fileName", c.state, ${moment('c.created_at')} as "createdAt" from survey.collection c
    where c.author = ${user.id} and c.state in ('read', 'accepting', 'accepted')
    order by c.created_at desc, c.id desc limit 50`.execute(db.kysely)
  return found.rows
}

export type NewCollection = Pick<Collection, 'id' | 'body' | 'author' | 'fileName' | 'state'> &
  Partial<Pick<Collection, 'tables' | 'report' | 'problem'>>

const json = (value: unknown) => (value === undefined || value === null ? null : JSON.stringify(value))

/** Keeps a file; of those that were no answers, only the last one of a person. */
export async function insertCollection(trx: Executor, one: NewCollection): Promise<void> {
  await sql`delete from survey.collection where author = ${one.author} and state in ('refused', 'form')`.execute(trx)
  await sql`insert into survey.collection (id, body, author, file_name, state, tables, report, problem)
    values (${one.id}, ${one.body}, ${one.author}, ${one.fileName.slice(0, 200)}, ${one.state}, ${json(one.tables)}::jsonb,
      ${json(one.report)}::jsonb, ${one.problem ?? null})`.execute(trx)
}

/**
 * Passes a file from one state to another, once.
 * @throws {UserError} 409 when it is in another state
 */
export async function passTo(trx: Executor, id: string, from: CollectionState, state: CollectionState): Promise<void> {
  const passed = await sql`update survey.collection set state = ${state}
    where id = ${id}::uuid and state = ${from} returning 1`.execute(trx)
  if (passed.rows.length === 0) throw notNow()
}

/** Notes that the answers of a file are taken: only the report is left of it. */
export async function finishCollection(trx: Executor, id: string, report: CollectReport): Promise<void> {
  await sql`update survey.collection set state = 'accepted', accepted_at = clock_timestamp(), tables = null,
      report = ${JSON.stringify(report)}::jsonb
    where id = ${id}::uuid and state = 'accepting'`.execute(trx)
}
