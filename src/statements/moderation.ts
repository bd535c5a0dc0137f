import { decide, filterAllowed, getStanding, type Grant, type ProtectedRecord, type Standing } from '#accounts'
import { listDisclosures } from '#consent'
import { narrower } from '#consent/model'
import { sql, type Actor, type Database, type Executor, type Subject } from '#platform'
import { moment } from './acts.ts'
import { findItem, findKind } from './items.ts'
import type { Agreed, Item, Statement, SubjectFacts } from './model.ts'
import { recordOf, statementColumns, toStatement, type StatementRow } from './read.ts'

export const moderationPage = 20

/** What a citizen proposes, and what it is about. */
export interface Proposal {
  statement: Statement
  item: Item
  facts: SubjectFacts
}

/** What bodies, the subject or citizens do not agree about. */
export interface Disagreement {
  subject: Subject
  item: Item
  facts: SubjectFacts
  agreed: Agreed
  /** What the right to settle it was decided on, and what gives it. */
  record: ProtectedRecord
  grant: Grant
}

interface Page<Row> {
  rows: Row[]
  /** Give it back to read on. */
  next: string | null
}

interface About {
  item: Item
  facts: SubjectFacts
}

async function findAbout(db: Executor, subject: Subject, id: string): Promise<About | null> {
  const item = findItem(subject.kind, id)
  const facts = item && (await findKind(subject.kind)?.describe(db, subject.id))
  return item && facts ? { item, facts } : null
}

const cursorOf = (text: string | null) => {
  const [, at, id] = /^(\d{4}-[\d:T.-]+Z)_(.+)$/.exec(text ?? '') ?? []
  return at && id ? { at, id } : null
}

/**
 * Reads pages until one is full: what somebody may not validate is not shown, and does not shorten the page.
 * @param read the rows after a cursor, each with its own
 */
async function fill<Row extends { cursor: string }, Out>(
  read: (after: string | null) => Promise<Row[]>,
  keep: (rows: Row[]) => Promise<(Out & { cursor: string })[]>,
  cursor: string | null,
): Promise<Page<Out & { cursor: string }>> {
  const rows: (Out & { cursor: string })[] = []
  let after = cursor
  for (;;) {
    const found = await read(after)
    rows.push(...(await keep(found)))
    after = found.at(-1)?.cursor ?? null
    const enough = rows.length >= moderationPage
    if (!enough && found.length === moderationPage) continue
    const shown = rows.slice(0, moderationPage)
    const more = rows.length > moderationPage || found.length === moderationPage
    return { rows: shown, next: more ? (shown.at(-1)?.cursor ?? null) : null }
  }
}

/** Whether somebody may validate anything at all: for anybody else, all that waits would be read for nothing. */
const mayValidate = ({ administrator, memberships }: Standing) => administrator || memberships.length > 0

/** What citizens propose and somebody may accept or refuse, the oldest first. */
export async function listProposals(
  db: Database,
  actor: Actor,
  cursor: string | null = null,
): Promise<Page<Proposal & { cursor: string }>> {
  const standing = await getStanding(db, actor)
  if (!mayValidate(standing)) return { rows: [], next: null }
  const read = async (after: string | null) => {
    const from = cursorOf(after)
    const found = await sql<StatementRow & { cursor: string }>`
      select ${statementColumns}, ${moment('p.recorded_at')} || '_' || s.id as cursor
      from statements.pending p join statements.statement s on s.id = p.statement
      where ${from ? sql`(p.recorded_at, p.statement) > (${from.at}::timestamptz, ${from.id}::uuid)` : sql`true`}
      order by p.recorded_at, p.statement limit ${moderationPage}`.execute(db.kysely)
    return found.rows.map(({ cursor: at, ...row }) => ({ statement: toStatement(row), cursor: at }))
  }
  const keep = async (rows: { statement: Statement; cursor: string }[]) => {
    const known: (Proposal & { cursor: string })[] = []
    for (const row of rows) {
      const about = await findAbout(db.kysely, row.statement.subject, row.statement.item)
      if (about) known.push({ ...row, ...about })
    }
    const disclosures = await listDisclosures(
      db,
      'statement',
      known.map(({ statement }) => statement.id),
    )
    return filterAllowed(standing, 'validate', known, ({ statement: { id, subject, author }, item, facts }) =>
      recordOf(item, subject, facts, { disclosure: disclosures.get(id)!, body: null, author }),
    )
  }
  return fill(read, keep, cursor)
}

/** Disagreements that somebody may settle, the oldest first: those of which he may validate every side. */
export async function listDisagreements(
  db: Database,
  actor: Actor,
  cursor: string | null = null,
): Promise<Page<Disagreement & { cursor: string }>> {
  const standing = await getStanding(db, actor)
  if (!mayValidate(standing)) return { rows: [], next: null }
  const read = async (after: string | null) => {
    const from = cursorOf(after)
    const found = await sql<DisagreementRow>`
      select subject_kind as kind, subject_id as id, item, state, value, support, voices, said_on::text as "saidOn", detail,
        statements, ${moment('computed_at')} || '_' || subject_kind || ' ' || subject_id || ' ' || item as cursor
      from statements.agreed where audience = 'all' and state in ('tied', 'contested')
        and ${from ? sql`(computed_at, subject_kind || ' ' || subject_id || ' ' || item) > (${from.at}::timestamptz, ${from.id})` : sql`true`}
      order by computed_at, subject_kind || ' ' || subject_id || ' ' || item limit ${moderationPage}`.execute(db.kysely)
    return found.rows
  }
  const keep = async (rows: DisagreementRow[]) => {
    const allowed: (Disagreement & { cursor: string })[] = []
    const at = new Date().toISOString()
    const disclosures = await listDisclosures(
      db,
      'statement',
      rows.flatMap(({ statements }) => statements),
    )
    for (const { kind, id, item, detail, statements, cursor, ...row } of rows) {
      const about = await findAbout(db.kysely, { kind, id }, item)
      if (!about) continue
      // What a body keeps to itself is settled by nobody else.
      const disclosure = statements.map((one) => disclosures.get(one)!).reduce(narrower, 'public')
      const subject = { kind, id }
      const record = recordOf(about.item, subject, about.facts, { disclosure, body: null, author: null })
      const grant = decide(standing, 'validate', record, at)
      if (grant.allowed) allowed.push({ subject, ...about, agreed: { ...row, ...detail }, cursor, record, grant })
    }
    return allowed
  }
  return fill(read, keep, cursor)
}

type DisagreementRow = Pick<Agreed, 'state' | 'value' | 'support' | 'voices' | 'saidOn'> & {
  kind: string
  id: string
  item: string
  detail: Pick<Agreed, 'disagreement' | 'sides' | 'settlement'>
  statements: string[]
  cursor: string
}
