import { sql, type Executor, type Subject } from '#platform'
import type { Act, Said } from './model.ts'

/** A moment as ISO 8601 with microseconds, so that texts sort as moments do. */
export const moment = (column: string) =>
  sql.raw<string>(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`)

export interface KnownAct {
  act: Act
  /** Whether everybody may read it; what is done to statements follows them. */
  isPublic: boolean
}

/** One after the other: those who write about one item of one subject wait for each other until their commit. */
export async function lockItem(trx: Executor, { kind, id }: Subject, item: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('statements.agreed'), hashtext(${`${kind} ${id} ${item}`}))`.execute(
    trx,
  )
}

type SaidRow = Omit<Said, 'act' | 'source'> & { source: Said['source']['kind']; body: string | null; isPublic: boolean }

async function readSaid(db: Executor, { kind, id }: Subject, item: string): Promise<KnownAct[]> {
  const found = await sql<SaidRow>`
    select s.id, s.value, s.author, s.source, s.body, s.said_on::text as "saidOn", ${moment('s.recorded_at')} as "recordedAt",
      ${moment('coalesce(s.said_at, s.recorded_at)')} as "saidAt",
      exists (select from consent.public_record r where r.kind = 'statement' and r.id = s.id::text) as "isPublic"
    from statements.statement s
    where s.subject_kind = ${kind} and s.subject_id = ${id} and s.item = ${item}`.execute(db)
  return found.rows.map(({ isPublic, source, body, ...row }) => ({
    act: { act: 'said', ...row, source: { kind: source, body } },
    isPublic,
  }))
}

/** All that was said and done about one item of one subject. */
export async function readActs(db: Executor, subject: Subject, item: string): Promise<KnownAct[]> {
  const said = await readSaid(db, subject, item)
  const of = sql`s.subject_kind = ${subject.kind} and s.subject_id = ${subject.id} and s.item = ${item}`
  const at = moment('o.recorded_at')
  const done = await sql<{ act: Exclude<Act, Said> }>`
    select jsonb_build_object('act', 'withdrawn', 'id', o.id, 'statement', o.statement) as act
    from statements.withdrawal o join statements.statement s on s.id = o.statement where ${of}
    union all select jsonb_build_object('act', 'moderated', 'id', o.id, 'statement', o.statement, 'accepted', o.accepted, 'at', ${at})
    from statements.moderation o join statements.statement s on s.id = o.statement where ${of}
    union all select jsonb_build_object('act', 'settled', 'id', s.id, 'chosen', s.chosen, 'at', ${moment('s.recorded_at')})
    from statements.settlement s where ${of}
    union all select jsonb_build_object('act', 'dissented', 'id', o.id, 'settlement', o.settlement, 'body', o.body)
    from statements.dissent o join statements.settlement s on s.id = o.settlement where ${of}
    union all select jsonb_build_object('act', 'contested', 'id', s.id, 'at', ${moment('s.recorded_at')})
    from statements.contest s where ${of}`.execute(db)
  return [...said, ...done.rows.map(({ act }) => ({ act, isPublic: true }))]
}
