import { sql, type Database, type Executor, type Subject } from '#platform'
import { statementColumns, toStatement, type StatementRow } from './read.ts'
import type { Agreed, Statement } from './model.ts'

/** What everybody may read as agreed about one item. */
export interface PublicAgreed extends Agreed {
  subject: Subject
  item: string
  version: number
}

type AgreedRow = Pick<Agreed, 'state' | 'value' | 'support' | 'voices' | 'saidOn'> & {
  kind: string
  id: string
  item: string
  version: number
  detail: Pick<Agreed, 'disagreement' | 'sides' | 'settlement'>
}

/** What everybody may read as agreed about a subject, by the names of the items. */
export async function listAgreed(db: Executor, { kind, id }: Subject): Promise<PublicAgreed[]> {
  const found = await sql<AgreedRow>`
    select subject_kind as kind, subject_id as id, item, state, value, support, voices, said_on::text as "saidOn", detail, version
    from statements.public_agreed where subject_kind = ${kind} and subject_id = ${id} order by item`.execute(db)
  return found.rows.map(({ detail, kind: of, id: about, ...row }) => ({
    ...row,
    ...detail,
    subject: { kind: of, id: about },
  }))
}

/** Names of bodies, by id; one that is gone is absent. */
export async function listBodyNames(db: Executor, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; name: string }>`
    select id, name from accounts.public_body where id = any(${[...ids]}::text[])`.execute(db)
  return new Map(found.rows.map(({ id, name }) => [id, name]))
}

/** Why settlements were made, by id. */
export async function listReasons(
  db: Executor,
  ids: readonly string[],
): Promise<Map<string, { reason: string; at: string }>> {
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; reason: string; at: string }>`
    select id, reason, recorded_at::date::text as at from statements.settlement where id = any(${[...ids]}::uuid[])`.execute(
    db,
  )
  return new Map(found.rows.map(({ id, reason, at }) => [id, { reason, at }]))
}

/** What somebody said about a subject and has not taken back, the latest first. */
export async function listOwnStatements(db: Database, person: string, { kind, id }: Subject): Promise<Statement[]> {
  const found = await sql<StatementRow>`
    select ${statementColumns} from statements.statement s
    where s.subject_kind = ${kind} and s.subject_id = ${id} and s.author = ${person}
      and not exists (select from statements.withdrawal w where w.statement = s.id)
    order by s.recorded_at desc limit 100`.execute(db.kysely)
  return found.rows.map(toStatement)
}
