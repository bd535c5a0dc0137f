import { sql } from 'kysely'
import type { Database } from '../db/database.ts'

/** Something that the public saw and that was withdrawn. */
export interface Retired {
  kind: string
  id: string
  version: number
  /** ISO 8601 instant. */
  retiredAt: string
}

export interface RetiredQuery {
  /** Those that follow this version. */
  since: number
  kind: string | null
  limit: number
}

/** What was withdrawn, in the order of the versions; one more than `limit` is read, to know whether others follow. */
export async function listRetired(db: Database, { since, kind, limit }: RetiredQuery): Promise<Retired[]> {
  const ofKind = kind === null ? sql`true` : sql`kind = ${kind}`
  const found = await sql<Omit<Retired, 'retiredAt'> & { at: Date }>`
    select kind, id, version, retired_at as at from platform.retired
    where version > ${since} and ${ofKind} order by version limit ${limit + 1}`.execute(db.kysely)
  return found.rows.map(({ at, ...one }) => ({ ...one, retiredAt: at.toISOString() }))
}

/** The last version of the whole feed, 0 when nothing was ever withdrawn. */
export async function readRetiredVersion(db: Database): Promise<number> {
  const found = await sql<{ version: number }>`
    select coalesce(max(version), 0) as version from platform.retired`.execute(db.kysely)
  return found.rows[0]!.version
}
