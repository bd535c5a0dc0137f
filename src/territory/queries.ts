import { notFound, sql, type Database, type Executor } from '#platform'
import { fold } from '#platform/model'
import type { Contour, Outline, Territory, TerritoryKind } from './model.ts'

const columns = sql`code, kind, subtype, name, population, departement, region, epci, center[0] as lon, center[1] as lat, vintage,
  contour_source as "contourSource", valid_from::text as "validFrom", valid_to::text as "validTo", demonstration, contour is not null as "hasContour"`

/** A territory by its code; a merged commune gives its successor. */
export async function findTerritory(db: Database, code: string): Promise<Territory | null> {
  const found = await sql<Territory>`
    select ${columns} from territory.territory
    where code = coalesce((select successor from territory.former_commune where code = ${code}), ${code})`.execute(
    db.kysely,
  )
  return found.rows[0] ?? null
}

/** @throws {UserError} 404 */
export async function getTerritory(db: Database, code: string): Promise<Territory> {
  const found = await findTerritory(db, code)
  if (!found) throw notFound(`Le territoire « ${code.slice(0, 40)} »`)
  return found
}

/** The territories that an administrator opened: départements and custom territories. */
export async function listOpenTerritories(db: Database): Promise<Territory[]> {
  const found =
    await sql<Territory>`select ${columns} from territory.territory where imported_at is not null order by kind desc, folded`.execute(
      db.kysely,
    )
  return found.rows
}

/** The territories inside an opened département, for a choice: EPCI, customs, communes. */
export async function listTerritoriesOf(
  db: Database,
  departement: string,
): Promise<Pick<Territory, 'code' | 'kind' | 'name'>[]> {
  const found = await sql<{ code: string; kind: TerritoryKind; name: string }>`
    select code, kind, name, folded from territory.territory where kind = 'commune' and departement = ${departement} and part_of is null
    union all
    select code, kind, name, folded from territory.territory where kind = 'epci' and code in (select epci from territory.territory where kind = 'commune' and departement = ${departement})
    order by kind, folded`.execute(db.kysely)
  return found.rows
}

/** What a territory is part of: EPCI, département, région and custom territories of a commune; else its own parents. */
export async function listParents(db: Database, territory: Territory): Promise<Territory[]> {
  const found = await sql<Territory>`
    select ${columns} from territory.territory
    where code in (${territory.epci}, ${territory.departement}, ${territory.region})
      or code in (select territory from territory.membership where commune = ${territory.code})
    order by array_position(array['epci','custom','departement','region'], kind)`.execute(db.kysely)
  return found.rows.filter((row) => row.code !== territory.code)
}

/** The départements that a territory's communes are in, most communes first. */
export async function listDepartementsOf(db: Database, code: string): Promise<string[]> {
  const found = await sql<{ departement: string }>`
    select t.departement from territory.public_commune_of m join territory.territory t on t.code = m.commune
    where m.territory = ${code} and t.departement is not null group by 1 order by count(*) desc`.execute(db.kysely)
  return found.rows.map((row) => row.departement)
}

/** The départements of a territory that no administrator has opened: what the register says of them may be partial. */
export async function listUnopened(db: Database, code: string): Promise<{ code: string; name: string }[]> {
  const found = await sql<{ code: string; name: string }>`
    select d.code, d.name from territory.territory d
    where d.kind = 'departement' and d.imported_at is null and d.code in (
      select t.departement from territory.public_commune_of m join territory.territory t on t.code = m.commune where m.territory = ${code})
    order by d.code`.execute(db.kysely)
  return found.rows
}

/** The contours of a territory's communes, simplified as imported. */
export async function listOutlines(db: Database, code: string): Promise<Outline[]> {
  const found = await sql<Outline>`
    select t.code, t.name, t.population, t.contour from territory.public_commune_of m join territory.territory t on t.code = m.commune
    where m.territory = ${code} and t.contour is not null order by t.code`.execute(db.kysely)
  return found.rows
}

/** A territory's own contour, or null. */
export async function findContour(db: Database, code: string): Promise<Contour | null> {
  const found = await sql<{
    contour: Contour | null
  }>`select contour from territory.territory where code = ${code}`.execute(db.kysely)
  return found.rows[0]?.contour ?? null
}

/** Codes and names of a territory's communes. */
export async function listCommunes(
  db: Database,
  code: string,
): Promise<{ code: string; name: string; population: number | null }[]> {
  const found = await sql<{ code: string; name: string; population: number | null }>`
    select t.code, t.name, t.population from territory.public_commune_of m join territory.territory t on t.code = m.commune
    where m.territory = ${code} order by t.folded`.execute(db.kysely)
  return found.rows
}

/** Every code that a file may give to a commune, with the commune of today that it means. */
export async function readCommuneCodes(db: Executor): Promise<Map<string, string>> {
  const found = await sql<{ code: string; commune: string }>`
    select code, code as commune from territory.territory where kind = 'commune'
    union all select code, successor from territory.former_commune`.execute(db)
  return new Map(found.rows.map((row) => [row.code, row.commune]))
}

/** Names and centres of the communes that have a contour, in degrees. */
export async function listCommuneCenters(db: Database): Promise<{ name: string; lon: number; lat: number }[]> {
  const found = await sql<{ name: string; lon: number; lat: number }>`
    select name, center[0] as lon, center[1] as lat from territory.territory where kind = 'commune' and center is not null`.execute(
    db.kysely,
  )
  return found.rows
}

/** The most populous communes of some territories, with their centres in degrees, largest first. */
export async function listTowns(
  db: Database,
  territories: string[],
): Promise<{ name: string; lon: number; lat: number }[]> {
  const found = await sql<{ name: string; lon: number; lat: number }>`
    select t.name, t.center[0] as lon, t.center[1] as lat
    from territory.public_commune_of m join territory.territory t on t.code = m.commune
    where m.territory = any(${territories}) and t.center is not null order by t.population desc nulls last, t.code limit 200`.execute(
    db.kysely,
  )
  return found.rows
}

export interface FoundTerritory extends Territory {
  /** Whether an administrator opened it, or a part of it. */
  open: boolean
}

/**
 * Territories that a text may mean, by name in spite of accents and typing errors, by code or by postcode; the opened
 * ones first. Of those that are not open only the near-exact ones are told: they are many, and say nothing yet.
 */
export async function searchTerritories(db: Database, text: string, limit: number): Promise<FoundTerritory[]> {
  const words = fold(text)
  if (words.length < 2) return []
  const code = text.trim().toUpperCase()
  const found = await sql<FoundTerritory>`
    with found as (
      select t.*, t.imported_at is not null or t.departement in (select code from territory.territory where imported_at is not null)
          or exists (select from territory.territory c where c.epci = t.code and c.departement in (select code from territory.territory where imported_at is not null)) as open,
        similarity(folded, ${words}) as likeness, code = ${code} or postcodes @> array[${code}] as by_code
      from territory.territory t
      where part_of is null and (folded % ${words} or folded like ${`${words}%`} or code = ${code} or postcodes @> array[${code}])
    )
    select ${columns}, coalesce(open, false) as open from found
    where coalesce(open, false) or by_code or likeness > 0.6
    order by by_code desc, open desc nulls last, (folded = ${words}) desc, (folded like ${`${words}%`}) desc, likeness desc,
      population desc nulls last
    limit ${limit}`.execute(db.kysely)
  return found.rows
}

/** Codes of a territory's communes. */
export async function listCommuneCodes(db: Database, code: string): Promise<string[]> {
  const found = await sql<{
    commune: string
  }>`select commune from territory.public_commune_of where territory = ${code}`.execute(db.kysely)
  return found.rows.map((row) => row.commune)
}

/** Names of communes by code. */
export async function listCommuneNames(db: Database, codes: string[]): Promise<Map<string, string>> {
  if (codes.length === 0) return new Map()
  const found = await sql<{
    code: string
    name: string
  }>`select code, name from territory.territory where code = any(${codes})`.execute(db.kysely)
  return new Map(found.rows.map((row) => [row.code, row.name]))
}

/** Every département of France, for a choice. */
export async function listDepartements(db: Database): Promise<{ code: string; name: string }[]> {
  const found = await sql<{ code: string; name: string }>`
    select code, name from territory.territory where kind = 'departement' and not demonstration order by code`.execute(
    db.kysely,
  )
  return found.rows
}
