import { sql, type Executor, type Subject } from '#platform'
import { displayValue } from './display.ts'
import { findItem, findKind, listChoices } from './items.ts'
import type { Statement } from './model.ts'
import { statementColumns, toStatement, type StatementRow } from './read.ts'

/** What a statement says, for whoever is asked to agree to it. */
export async function describeStatement(db: Executor, { kind, id }: Subject) {
  if (kind !== 'statement') return null
  const found = await sql<StatementRow>`
    select ${statementColumns} from statements.statement s where s.id::text = ${id}`.execute(db)
  if (!found.rows[0]) return null
  const { subject, item, value } = toStatement(found.rows[0])
  const known = findItem(subject.kind, item)
  const choices = known && (await listChoices(db, known))
  const facts = await findKind(subject.kind)?.describe(db, subject.id)
  return {
    title: known?.label.fr ?? item,
    text: displayValue(value, 'fr', choices ?? undefined),
    ...(facts ? { href: facts.path } : {}),
  }
}

/** Who else spoke stays theirs: of an agent or a citizen, not even the id. */
const withoutOthers = (statement: Statement, id: string): Statement =>
  statement.author === id ? statement : { ...statement, author: null }

/** What was said about a subject, and what a person said. */
export async function exportStatements(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  const found = await sql<StatementRow>`
    select ${statementColumns} from statements.statement s
    where (s.subject_kind = ${kind} and s.subject_id = ${id}) ${kind === 'person' ? sql`or s.author = ${id}` : sql``}
    order by s.recorded_at, s.id`.execute(db)
  return found.rows.length > 0 ? { statements: found.rows.map((row) => withoutOthers(toStatement(row), id)) } : {}
}
