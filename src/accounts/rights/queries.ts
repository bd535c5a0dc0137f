import { sql, type Actor, type Database, type Executor } from '#platform'
import { decide } from './decide.ts'
import {
  nobody,
  type Action,
  type Clause,
  type Convention,
  type Membership,
  type ProtectedRecord,
  type Purpose,
  type Standing,
} from './model.ts'

/** The database itself, or a transaction that is open on it. */
export type Source = Database | Executor

export const executorOf = (source: Source): Executor => ('kysely' in source ? source.kysely : source)

interface Row {
  enterprises: string[]
  memberships: Membership[]
  conventions: (Omit<Convention, 'clauses'> & { clauses: Omit<Clause, 'communes'>[] })[]
  communes: Record<string, string[]>
}

const iso = (text: string) => new Date(text).toISOString()
const isoOrNull = (text: string | null) => (text === null ? null : iso(text))

function standingOf(person: string, administrator: boolean, row: Row): Standing {
  const communes = new Map(Object.entries(row.communes).map(([code, list]) => [code, new Set(list)]))
  const none: ReadonlySet<string> = new Set()
  return {
    person,
    administrator,
    enterprises: row.enterprises,
    memberships: row.memberships.map((one) => ({
      ...one,
      startsAt: iso(one.startsAt),
      endsAt: isoOrNull(one.endsAt),
    })),
    conventions: row.conventions.map((one) => ({
      ...one,
      signedAt: isoOrNull(one.signedAt),
      startsAt: iso(one.startsAt),
      endsAt: iso(one.endsAt),
      endedAt: isoOrNull(one.endedAt),
      clauses: one.clauses.map((clause) => ({
        ...clause,
        communes: clause.territory === null ? null : (communes.get(clause.territory) ?? none),
      })),
    })),
  }
}

/** All that decisions need to know of who acts, read at one moment; a guest, the operator and nobody have no standing. */
export async function getStanding(source: Source, actor: Actor): Promise<Standing> {
  if (actor === null || actor === 'operator' || actor.kind !== 'person') return nobody
  const found = await sql<Row>`
    with mine as (select * from accounts.membership where person = ${actor.id}),
      ours as (select * from accounts.convention where body in (select body from mine)),
      words as (select * from accounts.clause where convention in (select id from ours))
    select
      array(select siret from accounts.enterprise_holder where person = ${actor.id} order by siret) as enterprises,
      (select coalesce(jsonb_agg(jsonb_build_object('body', body, 'role', role, 'metiers', metiers,
        'startsAt', starts_at, 'endsAt', ends_at) order by starts_at, id), '[]') from mine) as memberships,
      (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'body', o.body, 'signedAt', o.signed_at,
        'startsAt', o.starts_at, 'endsAt', o.ends_at, 'endedAt', o.ended_at,
        'clauses', (select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'action', w.action, 'items', w.items,
          'pillars', w.pillars, 'territory', w.territory, 'purpose', w.purpose) order by w.id), '[]')
          from words w where w.convention = o.id)) order by o.starts_at, o.id), '[]') from ours o) as conventions,
      (select coalesce(jsonb_object_agg(t.territory, t.communes), '{}') from (
        select territory, jsonb_agg(commune) as communes from territory.public_commune_of
        where territory = any(array(select distinct territory from words where territory is not null)) group by territory) t) as communes`.execute(
    executorOf(source),
  )
  return standingOf(actor.id, actor.administrator, found.rows[0]!)
}

/**
 * The rows that somebody may read, export… as one standing decides.
 * @param toRecord what the decision needs to know of a row
 */
export function filterAllowed<Row>(
  standing: Standing,
  action: Action,
  rows: readonly Row[],
  toRecord: (row: Row) => ProtectedRecord,
  { at = new Date().toISOString(), purpose }: { at?: string; purpose?: Purpose } = {},
): Row[] {
  return rows.filter((row) => decide(standing, action, toRecord(row), at, purpose).allowed)
}
