import { notFound, sql, type Database, type Executor } from '#platform'
import { sectors, type MetierFamily, type MetierRecord, type MetierSector } from '../model.ts'
import { sectorLabels } from './reference.ts'
import { createMetierIndex, searchMetierIndex, type MetierIndex } from './search.ts'

/** Every craft, the product's own and those added by file, in the order of the tree. */
export async function readMetiers(db: Executor): Promise<MetierRecord[]> {
  const found = await sql<{ record: MetierRecord }>`select record from registry.metier order by position, slug`.execute(
    db,
  )
  return found.rows.map((row) => row.record)
}

/** The crafts as a tree: the four sectors, their families, their crafts. */
export async function listMetierTree(db: Database): Promise<MetierSector[]> {
  const metiers = await readMetiers(db.kysely)
  return sectors.map((slug) => ({
    slug,
    label: sectorLabels.get(slug)!,
    families: listFamilies(metiers.filter((one) => one.sector === slug)),
  }))
}

function listFamilies(metiers: MetierRecord[]): MetierFamily[] {
  const families = new Map<string, MetierFamily>()
  for (const metier of metiers) {
    const family = families.get(metier.family) ?? { slug: metier.family, label: metier.familyLabel, metiers: [] }
    family.metiers.push(metier)
    families.set(metier.family, family)
  }
  return [...families.values()]
}

/**
 * A craft by its slug.
 * @throws {UserError} 404
 */
export async function getMetier(db: Database, slug: string): Promise<MetierRecord> {
  const found = await sql<{ record: MetierRecord }>`select record from registry.metier where slug = ${slug}`.execute(
    db.kysely,
  )
  if (!found.rows[0]) throw notFound(`Le métier « ${slug.slice(0, 80)} »`)
  return found.rows[0].record
}

const indexes = new WeakMap<Database, { stamp: string; index: MetierIndex }>()

/** The search index of a database's crafts, made again when any of them changed, in this process or another. */
async function indexOf(db: Database): Promise<MetierIndex> {
  const found = await sql<{ stamp: string }>`
    select coalesce(md5(string_agg(record::text, '' order by position, slug)), '') as stamp from registry.metier`.execute(
    db.kysely,
  )
  const { stamp } = found.rows[0]!
  const known = indexes.get(db)
  if (known?.stamp === stamp) return known.index
  const index = createMetierIndex(await readMetiers(db.kysely))
  indexes.set(db, { stamp, index })
  return index
}

/** Crafts that a text may mean, the likeliest first, in spite of accents, inflections and typing errors. */
export async function searchMetiers(db: Database, text: string, limit: number): Promise<MetierRecord[]> {
  return searchMetierIndex(await indexOf(db), text, limit)
}
