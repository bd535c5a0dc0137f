import { sql, type Executor, type User } from '#platform'
import type { Channel, Entry, Mode } from '../model.ts'
import type { KeptEntry, Neighbours } from './take.ts'

/** A contribution as it is kept. */
export interface Contribution {
  id: string
  /** Null while its enterprise is a prospect that nobody has linked to the register. */
  siret: string | null
  prospect: string | null
  body: string | null
  clause: string | null
  author: string
  guide: number
  mode: Mode
  channel: Channel
  delivery: string | null
  commune: string | null
  metier: string | null
  /** Its enterprise was never in the register: all of it waits. */
  held: boolean
  /** The agreement as it was last seen, and when it was given or changed: ISO 8601. */
  agreement: string | null
  agreedAt: string | null
  openedAt: string
}

/** Where an enterprise is and what it does; null: not known. */
export interface Place {
  commune: string | null
  metier: string | null
}

/** SQL of a moment as ISO 8601 in UTC, with milliseconds. */
export const moment = (column: string) =>
  sql.raw<string>(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

export const contributionColumns = sql`c.id, c.siret, c.prospect, c.body, c.clause, c.author, c.guide, c.mode, c.channel, c.delivery,
  c.commune, c.metier, c.held, c.agreement, ${moment('c.agreed_at')} as "agreedAt", ${moment('c.opened_at')} as "openedAt"`

/** A contribution by its id, or null. */
export async function findContribution(db: Executor, id: string): Promise<Contribution | null> {
  const found = await sql<Contribution>`
    select ${contributionColumns} from survey.contribution c where c.id = ${id}::uuid`.execute(db)
  return found.rows[0] ?? null
}

/** Where a unit of the register is and what it does; null when the register does not have it. */
export async function findUnit(db: Executor, siret: string): Promise<Place | null> {
  const found = await sql<Place>`
    select commune, metier from registry.public_establishment where siret = ${siret}`.execute(db)
  return found.rows[0] ?? null
}

export async function findKept(db: Executor, id: string): Promise<KeptEntry | null> {
  const found = await sql<KeptEntry>`select payload as entry, author, coalesce(device, '') as device, state
    from survey.entry where id = ${id}::uuid`.execute(db)
  return found.rows[0] ?? null
}

/** Moments kept for what a device wrote just before and just after an entry. */
export async function findNeighbours(
  db: Executor,
  author: string,
  device: string,
  { at, id }: Entry,
): Promise<Neighbours> {
  const beside = (than: '<' | '>', order: 'asc' | 'desc') => sql`(
    select ${moment('e.said_at')} from survey.entry e where e.device = ${device} and e.author = ${author}
      and (e.payload->>'at', e.id) ${sql.raw(than)} (${at}, ${id}::uuid)
    order by e.payload->>'at' ${sql.raw(order)}, e.id ${sql.raw(order)} limit 1)`
  const found = await sql<Neighbours>`select ${beside('<', 'desc')} as before, ${beside('>', 'asc')} as after`.execute(
    db,
  )
  return found.rows[0]!
}

/** Until the end of the transaction nobody else writes what bears this id: a contribution, a prospect. */
export async function lockId(trx: Executor, id: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('survey.entry'), hashtext(${id}))`.execute(trx)
}

/** An account as an actor, where only its id is known: rights are read from the database anyhow. */
export const personOf = (id: string): User => ({ id, name: '', email: null, kind: 'person', administrator: false })
