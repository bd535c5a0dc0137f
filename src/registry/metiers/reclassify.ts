import { emit, sql, type Executor } from '#platform'
import { fold } from '#platform/model'
import { withRegisterValues } from '../corrections/apply.ts'
import { fingerprint } from '../imports/merge.ts'
import {
  classify,
  createNomenclature,
  type Craft,
  type CraftCodes,
  type MetierRecord,
  type Nomenclature,
} from '../crafts/nomenclature.ts'

/** Units with the same codes and the same class, and the class that they should have. */
export interface ClassChange {
  codes: CraftCodes
  from: Craft
  to: Craft
  units: number
}

type CodesRow = CraftCodes & Craft & { units: number }

const sameCraft = (a: Craft, b: Craft) => a.craftRule === b.craftRule && a.sector === b.sector && a.metier === b.metier

/**
 * The units of the register that crafts would class otherwise, by their codes.
 * @param relabelled slugs whose French label changed: the search text of their units holds the old one
 */
export async function findClassChanges(
  db: Executor,
  nomenclature: Nomenclature,
  relabelled: ReadonlySet<string>,
): Promise<ClassChange[]> {
  const found = await sql<CodesRow>`
    select aprm, naf, naf_version as "nafVersion", naf2025, craft_rule as "craftRule", sector, metier, count(*)::int as units
    from registry.establishment group by 1, 2, 3, 4, 5, 6, 7`.execute(db)
  return found.rows
    .map(({ aprm, naf, nafVersion, naf2025, craftRule, sector, metier, units }) => {
      const codes = { aprm, naf, nafVersion, naf2025 }
      return { codes, from: { craftRule, sector, metier }, to: classify(nomenclature, codes), units }
    })
    .filter(({ from, to }) => !sameCraft(from, to) || (to.metier !== null && relabelled.has(to.metier)))
}

const key = sql`coalesce(e.aprm, '') || '|' || coalesce(e.naf, '') || '|' || coalesce(e.naf_version, '') || '|' || coalesce(e.naf2025, '')`
const keyOf = ({ aprm, naf, nafVersion, naf2025 }: CraftCodes) =>
  [aprm, naf, nafVersion, naf2025].map((code) => code ?? '').join('|')

async function listUnits(trx: Executor, changes: ClassChange[]): Promise<void> {
  const rows = changes.map(({ codes, to }) => ({
    key: keyOf(codes),
    craft_rule: to.craftRule,
    sector: to.sector,
    metier: to.metier,
  }))
  await sql`create temporary table reclassified (siret text primary key, craft_rule text, sector text, metier text) on commit drop`.execute(
    trx,
  )
  await sql`
    insert into reclassified
    select e.siret, c.craft_rule, c.sector, c.metier
    from (select distinct * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(key text, craft_rule text, sector text, metier text)) c
    join registry.establishment e on ${key} = c.key`.execute(trx)
}

async function writePart(trx: Executor, nomenclature: Nomenclature, after: string): Promise<string | null> {
  const found = await sql<{ siret: string; name: string | null; commune: string | null; metier: string | null }>`
    select r.siret, e.name, t.name as commune, r.metier from reclassified r join registry.establishment e on e.siret = r.siret
    left join territory.public_territory t on t.code = e.commune where r.siret > ${after} order by r.siret limit 5000`.execute(
    trx,
  )
  const searches = found.rows.map(({ siret, name, commune, metier }) => {
    const label = metier ? (nomenclature.metiers.get(metier)?.label.fr ?? '') : ''
    return { siret, search: `${name ? `${fold(name)} ` : ''}${fold(`${label} ${commune ?? ''} ${siret}`)}` }
  })
  await sql`
    update registry.establishment e set craft_rule = r.craft_rule, sector = r.sector, metier = r.metier, search = n.search,
      version = nextval('registry.version')
    from jsonb_to_recordset(${JSON.stringify(searches)}::jsonb) as n(siret text, search text) join reclassified r on r.siret = n.siret
    where e.siret = n.siret`.execute(trx)
  return found.rows.at(-1)?.siret ?? null
}

/**
 * Classes the units of the register again after a change of the crafts, with their search text, their version and the
 * register's revision. What the register itself says is untouched, so no history is kept.
 * @returns the number of units whose class or label changed
 */
export async function reclassify(
  trx: Executor,
  metiers: MetierRecord[],
  relabelled: ReadonlySet<string> = new Set(),
): Promise<number> {
  return withRegisterValues(trx, sql`true`, () => reclassifyRegister(trx, metiers, relabelled))
}

async function reclassifyRegister(
  trx: Executor,
  metiers: MetierRecord[],
  relabelled: ReadonlySet<string>,
): Promise<number> {
  const nomenclature = createNomenclature(metiers)
  const changes = await findClassChanges(trx, nomenclature, relabelled)
  if (changes.length === 0) return 0
  await listUnits(trx, changes)
  for (let last: string | null = ''; last !== null;) last = await writePart(trx, nomenclature, last)
  await sql`update registry.establishment set fingerprint = ${fingerprint}
    where siret in (select siret from reclassified)`.execute(trx)
  await sql`update registry.revision set value = (select max(version) from registry.establishment), changed_at = now()`.execute(
    trx,
  )
  await emit(trx, 'registry.imported', {})
  return changes.reduce((sum, change) => sum + change.units, 0)
}
