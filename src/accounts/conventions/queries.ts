import { notFound, sql } from '#platform'
import { isId } from '#platform/model'
import { executorOf, type Source } from '../rights/queries.ts'
import type { ClauseText, ConventionDetail, ConventionEvent } from './model.ts'

type Row = Omit<ConventionDetail, 'startsAt' | 'endsAt' | 'signedAt' | 'endedAt' | 'clauses'> & {
  startsAt: Date
  endsAt: Date
  signedAt: Date | null
  endedAt: Date | null
}

const columns = sql`c.id, c.body, c.title, c.starts_at as "startsAt", c.ends_at as "endsAt", c.signed_at as "signedAt",
  c.ended_at as "endedAt", c.end_reason as "endReason", c.file is not null as "hasFile", c.replaces,
  (select r.id from accounts.convention r where r.replaces = c.id and r.signed_at is not null limit 1) as "replacedBy"`

/** Gives each convention its clauses, with the names of their territories. */
async function withClauses(source: Source, rows: readonly Row[]): Promise<ConventionDetail[]> {
  const found = await sql<ClauseText & { convention: string }>`
    select k.id, k.convention, k.action, k.items, k.pillars, k.territory, k.purpose, t.name as "territoryName",
      t.kind as "territoryKind"
    from accounts.clause k left join territory.public_territory t on t.code = k.territory
    where k.convention = any(${rows.map(({ id }) => id)}::uuid[]) order by k.id`.execute(executorOf(source))
  return rows.map((row) => ({
    ...row,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    signedAt: row.signedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    clauses: found.rows.filter(({ convention }) => convention === row.id).map(({ convention: _, ...clause }) => clause),
  }))
}

/** The conventions of some bodies, the latest first. */
export async function listConventions(source: Source, bodies: readonly string[]): Promise<ConventionDetail[]> {
  const found = await sql<Row>`select ${columns} from accounts.convention c
    where c.body = any(${bodies}::uuid[]) order by c.starts_at desc, c.id desc`.execute(executorOf(source))
  return withClauses(source, found.rows)
}

/** @throws {UserError} 404 */
export async function getConvention(source: Source, id: string): Promise<ConventionDetail> {
  const found = isId(id)
    ? await sql<Row>`select ${columns} from accounts.convention c where c.id = ${id}`.execute(executorOf(source))
    : { rows: [] }
  if (found.rows.length === 0) throw notFound('Cette convention')
  const [convention] = await withClauses(source, found.rows)
  return convention!
}

/** The life of a convention, from its writing on. */
export async function listConventionEvents(source: Source, convention: string): Promise<ConventionEvent[]> {
  const found = await sql<Omit<ConventionEvent, 'at'> & { at: Date }>`
    select id, kind, at, detail from accounts.convention_event where convention = ${convention} order by at, id`.execute(
    executorOf(source),
  )
  return found.rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

/** Key of the signed file of a convention, or null. */
export async function findConventionFile(source: Source, id: string): Promise<{ body: string; file: string } | null> {
  if (!isId(id)) return null
  const found = await sql<{ body: string; file: string }>`
    select body, file from accounts.convention where id = ${id} and file is not null`.execute(executorOf(source))
  return found.rows[0] ?? null
}
