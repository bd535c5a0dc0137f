import { isDeepStrictEqual } from 'node:util'
import {
  emit,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Database,
  type Executor,
} from '#platform'
import { createNomenclature, type MetierRecord } from '../crafts/nomenclature.ts'
import { importRunning } from '../errors.ts'
import { parseMetiers } from './file.ts'
import { readMetiers } from './queries.ts'
import { findClassChanges, reclassify } from './reclassify.ts'
import { referenceMetiers } from './reference.ts'

export interface MetiersImport {
  added: MetierRecord[]
  changed: MetierRecord[]
  unchanged: number
  /** Families that the file creates. */
  newFamilies: string[]
  /** Units of the register whose class or label changes. */
  units: number
}

/** After many rows changed, so that the next queries are planned on what is there. */
const tidy = 'vacuum analyze registry.establishment'

async function writeAll(trx: Executor, metiers: MetierRecord[]): Promise<void> {
  const rows = JSON.stringify(metiers.map((record, position) => ({ slug: record.slug, record, position })))
  await sql`delete from registry.metier where slug <> all(${metiers.map((one) => one.slug)})`.execute(trx)
  await sql`
    insert into registry.metier (slug, record, position)
    select slug, record, position from jsonb_to_recordset(${rows}::jsonb) as row(slug text, record jsonb, position int)
    on conflict (slug) do update set record = excluded.record, position = excluded.position`.execute(trx)
}

/** Slugs whose French label is not the same in two lists. */
function listRelabelled(before: MetierRecord[], after: MetierRecord[]): Set<string> {
  const labels = new Map(before.map((one) => [one.slug, one.label.fr]))
  return new Set(
    after.filter((one) => labels.has(one.slug) && labels.get(one.slug) !== one.label.fr).map((one) => one.slug),
  )
}

/**
 * Writes the crafts and classes the units again. Their names show in the register's pages, so its revision grows even
 * where no unit changes; not on a new database, where nothing was shown yet.
 */
async function replaceAll(trx: Executor, before: MetierRecord[], after: MetierRecord[]): Promise<number> {
  await writeAll(trx, after)
  const units = await reclassify(trx, after, listRelabelled(before, after))
  if (units === 0 && before.length > 0) {
    await sql`update registry.revision set value = nextval('registry.version'), changed_at = now()`.execute(trx)
    await emit(trx, 'registry.imported', {})
  }
  return units
}

/**
 * Writes the product's own crafts when the database lacks them or has those of another version, and classes the units
 * again. Crafts that were added or redefined by file stay as the file says.
 */
export async function prepareMetiers(db: Database): Promise<void> {
  const current = await readMetiers(db.kysely)
  const added = new Map(current.filter((one) => one.origin !== null).map((one) => [one.slug, one]))
  const own = referenceMetiers().map((one) => added.get(one.slug) ?? one)
  const slugs = new Set(own.map((one) => one.slug))
  const all = [...own, ...[...added.values()].filter((one) => !slugs.has(one.slug))]
  if (isDeepStrictEqual(all, current)) return
  const units = await transaction(db, (trx) => replaceAll(trx, current, all))
  if (units > 0) await db.outsideTransaction(tidy)
}

async function refuseDuringImport(trx: Executor): Promise<void> {
  const running =
    await sql`select 1 from registry.import where status = 'running' and alive_at > now() - interval '5 minutes'`.execute(
      trx,
    )
  if (running.rows.length > 0) throw importRunning()
}

/**
 * Adds or redefines crafts from a CSV or a JSON file, then classes the units of the register again, all or nothing.
 * @throws {UserError} naming the line that is wrong, or while an import of the register runs; nothing is changed then
 */
export async function importMetiers(
  app: App,
  actor: Actor,
  file: { text: string; name: string },
  dryRun = false,
): Promise<MetiersImport> {
  requirePermission('admin', actor)
  const done = await transaction(app.db, async (trx) => {
    await refuseDuringImport(trx)
    const current = await readMetiers(trx)
    const given = new Map(parseMetiers(file.text, file.name, current).map((one) => [one.slug, one]))
    const known = new Map(current.map((one) => [one.slug, one]))
    const families = new Set(current.map((one) => one.family))
    const added = [...given.values()].filter((one) => !known.has(one.slug))
    const changed = [...given.values()].filter(
      (one) => known.has(one.slug) && !isDeepStrictEqual(known.get(one.slug), one),
    )
    const all = [...current.map((one) => given.get(one.slug) ?? one), ...added]
    const result = {
      added,
      changed,
      unchanged: given.size - added.length - changed.length,
      newFamilies: [
        ...new Set([...given.values()].filter((one) => !families.has(one.family)).map((one) => one.familyLabel.fr)),
      ],
    }
    if (dryRun) {
      const changes = await findClassChanges(trx, createNomenclature(all), listRelabelled(current, all))
      return { ...result, units: changes.reduce((sum, change) => sum + change.units, 0) }
    }
    const units = added.length + changed.length > 0 ? await replaceAll(trx, current, all) : 0
    return { ...result, units }
  })
  if (!dryRun && done.units > 0) await app.db.outsideTransaction(tidy)
  return done
}
