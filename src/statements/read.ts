import type { ProtectedRecord } from '#accounts/model'
import { findDisclosure } from '#consent'
import { sql, type Executor, type Subject } from '#platform'
import { moment } from './acts.ts'
import { unknownStatement, unknownSubject } from './errors.ts'
import { findKind, getItem } from './items.ts'
import type { Item, Statement, SubjectFacts } from './model.ts'

type Row = Omit<Statement, 'subject' | 'source'> & {
  subject_kind: string
  subject_id: string
  source: Statement['source']['kind']
  body: string | null
}

export const statementColumns = sql`s.id, s.subject_kind, s.subject_id, s.item, s.value, s.author, s.source, s.body, s.clause,
  s.said_on::text as "saidOn", ${moment('s.recorded_at')} as "recordedAt", ${moment('coalesce(s.said_at, s.recorded_at)')} as "saidAt", s.method, s.evidence, s.comment`

/** A row of `statementColumns` as a statement. */
export function toStatement({ subject_kind, subject_id, source, body, ...row }: Row): Statement {
  return { ...row, subject: { kind: subject_kind, id: subject_id }, source: { kind: source, body } }
}

export type StatementRow = Row

/** @throws {UserError} 404 */
export async function getStatement(db: Executor, id: string): Promise<Statement> {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw unknownStatement()
  const found = await sql<Row>`select ${statementColumns} from statements.statement s where s.id = ${id}::uuid`.execute(
    db,
  )
  if (!found.rows[0]) throw unknownStatement()
  return toStatement(found.rows[0])
}

/** @throws {UserError} 404 */
export async function getFacts(db: Executor, subject: Subject): Promise<SubjectFacts> {
  const facts = await findKind(subject.kind)?.describe(db, subject.id)
  if (!facts) throw unknownSubject()
  return facts
}

/** What a decision on rights sees of something said about a subject. */
export function recordOf(
  item: Item,
  subject: Subject,
  { commune, metier }: Pick<SubjectFacts, 'commune' | 'metier'>,
  of: Pick<ProtectedRecord, 'disclosure' | 'body' | 'author'>,
): ProtectedRecord {
  return { item: item.id, pillar: item.pillar, subject, commune, metier, ...of }
}

/** What a decision on rights sees of a statement. */
export async function protectedOf(db: Executor, statement: Statement): Promise<ProtectedRecord> {
  const { subject, source, author, id } = statement
  const facts = await getFacts(db, subject)
  const disclosure = await findDisclosure(db, 'statement', id)
  return recordOf(getItem(subject.kind, statement.item), subject, facts, { disclosure, body: source.body, author })
}
