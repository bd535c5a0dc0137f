import { notFound, sql, UserError, type Database } from '#platform'
import { establishmentColumns } from './dataset.ts'
import type { Establishment, Point } from './model.ts'

/**
 * One unit of the register by its SIRET, as the public may see it.
 * @throws {UserError} 410 when it was removed, 404 when it was never there
 */
export async function getEstablishment(db: Database, siret: string): Promise<Establishment> {
  const found = await sql<Establishment>`
    select ${establishmentColumns} from registry.public_establishment e where e.siret = ${siret}`.execute(db.kysely)
  if (found.rows[0]) return found.rows[0]
  const gone = await sql`select 1 from registry.retired where siret = ${siret} limit 1`.execute(db.kysely)
  if (gone.rows.length > 0)
    throw new UserError(
      'registry.retired',
      410,
      'Cet établissement a été retiré du registre. Cherchez-en un autre depuis la carte.',
    )
  throw notFound(`L’établissement « ${siret.slice(0, 20)} »`)
}

/** The other open units of the same enterprise. */
export async function listSiblings(db: Database, siren: string, siret: string): Promise<Establishment[]> {
  const found = await sql<Establishment>`
    select ${establishmentColumns} from registry.public_establishment e
    where e.siren = ${siren} and e.siret <> ${siret} and e.state = 'open' order by e.siret limit 50`.execute(db.kysely)
  return found.rows
}

/** Enterprises whose public name looks like a text, in spite of accents and typing errors. */
export async function searchEstablishments(db: Database, folded: string, limit: number): Promise<Establishment[]> {
  if (folded.length < 3) return []
  const found = await sql<Establishment>`
    select ${establishmentColumns} from registry.public_establishment e
    where e.name is not null and e.state = 'open' and e.craft_rule <> 'none' and ${folded} <% e.search
    order by word_similarity(${folded}, e.search) desc, e.search collate "C", e.siret limit ${limit}`.execute(db.kysely)
  return found.rows
}

/** The active units of a craft that were created first, or last. */
export async function listByAge(
  db: Database,
  metier: string,
  which: 'oldest' | 'youngest',
  limit: number,
): Promise<Establishment[]> {
  const order = which === 'oldest' ? sql`e.created_on asc` : sql`e.created_on desc`
  const found = await sql<Establishment>`
    select ${establishmentColumns} from registry.public_establishment e
    where e.metier = ${metier} and e.state = 'open' and e.craft_rule <> 'none' and e.created_on is not null
    order by ${order}, e.siret limit ${limit}`.execute(db.kysely)
  return found.rows
}

/** The version of the public register: it grows with every change. */
export async function readRevision(db: Database): Promise<{ value: number; changedAt: string }> {
  const found = await sql<{ value: number; changedAt: string }>`
    select value, changed_at::text as "changedAt" from registry.public_revision`.execute(db.kysely)
  return found.rows[0]!
}

/** Number of units changed since a version. */
export async function countChanges(db: Database, since: number): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from registry.public_establishment e where e.version > ${since}`.execute(db.kysely)
  return found.rows[0]!.n
}

/** Units changed since a version, smallest version first, in pages of 5,000. */
export async function* streamChanges(db: Database, since: number): AsyncGenerator<Point[]> {
  let last = since
  for (;;) {
    const found = await sql<Point & { version: number }>`
      select e.id, e.siret, e.name, e.position[0] as lon, e.position[1] as lat, e.position_quality as "positionQuality", e.sector,
        e.metier, e.commune, e.employees, e.created_on::text as "createdOn", e.craft_rule as "craftRule", e.state, e.version
      from registry.public_establishment e where e.version > ${last} order by e.version limit 5000`.execute(db.kysely)
    if (found.rows.length > 0) yield found.rows
    if (found.rows.length < 5000) return
    last = found.rows.at(-1)!.version
  }
}

/** Internal numbers of the units removed since a version. */
export async function listRetiredIds(db: Database, since: number): Promise<number[]> {
  const found = await sql<{ id: number }>`select id from registry.retired where version > ${since}`.execute(db.kysely)
  return found.rows.map((row) => row.id)
}

/** Date of the most recent entry of the register, and the names of the files that it comes from. */
export interface Provenance {
  files: string[]
  importedAt: string | null
  registerUpdatedAt: string | null
}

/** Where the figures come from: the last import and the register's own last date. */
export async function readProvenance(db: Database): Promise<Provenance> {
  const [imports, updated] = await Promise.all([
    sql<{ label: string; at: string }>`
      select f.label, max(i.finished_at)::text as at from registry.import i, jsonb_to_recordset(i.formats) as f(label text)
      where i.status = 'done' group by 1 order by 2 desc limit 5`.execute(db.kysely),
    sql<{ at: string | null }>`select max(register_updated_at) as at from registry.establishment`.execute(db.kysely),
  ])
  return {
    files: imports.rows.map((row) => row.label),
    importedAt: imports.rows[0]?.at ?? null,
    registerUpdatedAt: updated.rows[0]?.at ?? null,
  }
}
