import { sql, type Subject } from '#platform'
import { isId } from '#platform/model'
import { executorOf, type Source } from '../rights/queries.ts'
import { auditPage, type AuditEntry, type AuditLine } from './model.ts'

interface Page<Line> {
  lines: Line[]
  /** Asked for as `before`, gives the next page; null at the end. */
  next: string | null
}

/** One page of rows that were read with one more than it holds. */
function pageOf<Row extends { id: string; at: Date }>(rows: readonly Row[]): Page<Omit<Row, 'at'> & { at: string }> {
  const lines = rows.slice(0, auditPage).map((row) => ({ ...row, at: row.at.toISOString() }))
  return { lines, next: rows.length > auditPage ? lines.at(-1)!.id : null }
}

const after = (before: string | null) =>
  before !== null && isId(before) ? before : 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/**
 * Who read or changed what is not public of a subject, the latest first: the body and what for, never the agent.
 * @param before id of the last line of the page before
 */
export async function listAuditOf(
  source: Source,
  subject: Subject,
  before: string | null = null,
): Promise<AuditLine[]> {
  return (await pageAuditOf(source, subject, before)).lines
}

/** A page of `listAuditOf`, and where the next one starts. */
export async function pageAuditOf(source: Source, subject: Subject, before: string | null): Promise<Page<AuditLine>> {
  const found = await sql<Omit<AuditLine, 'at'> & { at: Date }>`
    select a.id, a.at, a.action, a.item, a.allowed_by as "allowedBy", b.name as body, a.purpose
    from accounts.audit a left join accounts.body b on b.id = a.body
    where a.subject_kind = ${subject.kind} and a.subject_id = ${subject.id} and a.id < ${after(before)}::uuid
    order by a.id desc limit ${auditPage + 1}`.execute(executorOf(source))
  return pageOf(found.rows)
}

/** A page of the whole journal, for the administrator: with the agent's name while he has an account. */
export async function pageAudit(
  source: Source,
  { body, before }: { body: string | null; before: string | null },
): Promise<Page<AuditEntry>> {
  const ofBody = body !== null && isId(body) ? sql`and a.body = ${body}` : sql``
  const found = await sql<Omit<AuditEntry, 'at'> & { at: Date }>`
    select a.id, a.at, a.action, a.item, a.allowed_by as "allowedBy", b.name as body, a.purpose, p.name as person,
      a.subject_kind as "subjectKind", a.subject_id as "subjectId"
    from accounts.audit a left join accounts.body b on b.id = a.body left join accounts.person p on p.id = a.person
    where a.id < ${after(before)}::uuid ${ofBody}
    order by a.id desc limit ${auditPage + 1}`.execute(executorOf(source))
  return pageOf(found.rows)
}
