import * as v from 'valibot'
import { badInput, sql, type Database, type Executor, type FieldError } from '#platform'
import { fold } from '#platform/model'
import { getTerritory } from '#territory'
import { isTerritoryCode } from '#territory/model'
import { findLayer, inLayer, listLayers } from './layers.ts'
import { employeeBands, sectors, type EstablishmentQuery } from './model.ts'

/** Several values in one parameter, joined by commas. */
const valuesOf = v.pipe(
  v.string(),
  v.transform((text) => {
    const parts = text.split(',').map((part) => part.trim())
    return [...new Set(parts.filter(Boolean))]
  }),
)

const list = <T extends string>(allowed: readonly T[], name: string) =>
  v.optional(v.pipe(valuesOf, v.array(v.picklist(allowed, `${name} : choisissez parmi ${allowed.join(', ')}.`))), '')

const year = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^(18|19|20)\d\d$/, 'Donnez une année entre 1800 et 2099, par exemple 2015.'),
    v.transform(Number),
  ),
)

const bbox = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))),
    v.check(
      (box) =>
        box.length === 4 &&
        box.every(Number.isFinite) &&
        Math.abs(box[0]!) <= 180 &&
        Math.abs(box[2]!) <= 180 &&
        Math.abs(box[1]!) <= 90 &&
        Math.abs(box[3]!) <= 90 &&
        box[0]! <= box[2]! &&
        box[1]! <= box[3]!,
      'Donnez l’emprise en quatre nombres : ouest,sud,est,nord en degrés (par exemple 1.2,43.9,1.5,44.1).',
    ),
    v.transform((box) => box as [number, number, number, number]),
  ),
)

const schema = v.object({
  territory: v.optional(
    v.pipe(
      v.string(),
      v.check(
        isTerritoryCode,
        'Ce code de territoire n’a pas la bonne forme (commune 82121, EPCI à 9 chiffres, département 82, region-76).',
      ),
    ),
  ),
  sector: list(sectors, 'Secteur'),
  metier: v.optional(
    v.pipe(
      valuesOf,
      v.array(
        v.pipe(
          v.string(),
          v.regex(/^[a-z0-9-]{1,80}$/, 'Ce métier s’écrit en minuscules avec des tirets, par exemple boulanger.'),
        ),
      ),
    ),
    '',
  ),
  employees: list(employeeBands, 'Effectif'),
  createdFrom: year,
  createdTo: year,
  q: v.optional(v.pipe(v.string(), v.maxLength(100, 'La recherche est limitée à 100 caractères.')), ''),
  layer: v.optional(
    v.pipe(
      v.string(),
      v.check(
        (id) => findLayer(id) !== null,
        () =>
          `Cette couche n’existe pas. Choisissez parmi ${listLayers()
            .map(({ id }) => id)
            .join(', ')}.`,
      ),
    ),
  ),
  bbox,
  craft: v.optional(v.picklist(['craft', 'all'], 'Artisanat : « craft » ou « all ».'), 'craft'),
  state: v.optional(v.picklist(['open', 'closed', 'all'], 'État : « open », « closed » ou « all ».')),
})

/** Names of the parameters of a query on establishments. */
export const queryKeys = Object.keys(schema.entries)

/**
 * Reads the filters of an address. Several values of one filter are joined by a comma, or given several times.
 * `state` is `open` by default, and `all` with `craft=all`, which means every imported unit.
 * @throws {UserError} 400 naming each wrong parameter
 */
export function parseQuery(parameters: URLSearchParams): EstablishmentQuery {
  const input = Object.fromEntries(
    queryKeys.flatMap((key) => {
      const values = parameters.getAll(key).filter((value) => value.trim() !== '')
      return values.length > 0 ? [[key, values.join(',')]] : []
    }),
  )
  const parsed = v.safeParse(schema, input)
  if (!parsed.success) {
    const fields = parsed.issues.map((issue): FieldError => ({
      field: String(issue.path?.[0]?.key ?? ''),
      message: issue.message,
    }))
    throw badInput(`Le filtre n’est pas valable. ${fields.map((field) => field.message).join(' ')}`, fields)
  }
  const out = parsed.output
  return {
    territory: out.territory ?? null,
    sectors: out.sector,
    metiers: out.metier,
    employees: out.employees,
    createdFrom: out.createdFrom ?? null,
    createdTo: out.createdTo ?? null,
    q: out.q.trim(),
    layer: out.layer ?? null,
    bbox: out.bbox ?? null,
    craft: out.craft,
    state: out.state ?? (out.craft === 'all' ? 'all' : 'open'),
  }
}

/**
 * A query whose words exist: the territory under its code of today, crafts of the tree.
 * @throws {UserError} 404 for an unknown territory, 400 for an unknown craft
 */
export async function resolveQuery(db: Database, query: EstablishmentQuery): Promise<EstablishmentQuery> {
  if (query.metiers.length > 0) {
    const found = await sql<{
      slug: string
    }>`select slug from registry.metier where slug = any(${query.metiers}::text[])`.execute(db.kysely)
    const known = new Set(found.rows.map((row) => row.slug))
    const unknown = query.metiers.filter((slug) => !known.has(slug))
    if (unknown.length > 0)
      throw badInput(`Ce métier n’existe pas : ${unknown.join(', ')}. Choisissez-le dans la liste des métiers.`, [
        { field: 'metier', message: 'inconnu' },
      ])
  }
  return query.territory ? { ...query, territory: (await getTerritory(db, query.territory)).code } : query
}

/** The SQL condition of a query on `registry.public_establishment e`; the one meaning of the filters. */
export function whereOf(query: EstablishmentQuery) {
  const parts = [sql`true`]
  if (query.craft === 'craft') parts.push(sql`e.craft_rule <> 'none'`)
  if (query.state !== 'all') parts.push(sql`e.state = ${query.state}`)
  if (query.territory)
    parts.push(
      sql`e.commune in (select m.commune from territory.public_commune_of m where m.territory = ${query.territory})`,
    )
  if (query.sectors.length > 0) parts.push(sql`e.sector = any(${query.sectors}::text[])`)
  if (query.metiers.length > 0) parts.push(sql`e.metier = any(${query.metiers}::text[])`)
  if (query.employees.length > 0) parts.push(sql`e.employees = any(${query.employees}::text[])`)
  if (query.createdFrom !== null) parts.push(sql`e.created_on >= make_date(${query.createdFrom}::int, 1, 1)`)
  if (query.createdTo !== null) parts.push(sql`e.created_on < make_date(${query.createdTo}::int + 1, 1, 1)`)
  if (query.bbox) {
    const [west, south, east, north] = query.bbox
    parts.push(
      sql`e.position <@ box(point(${west}::float8, ${south}::float8), point(${east}::float8, ${north}::float8))`,
    )
  }
  parts.push(...textConditions(query.q))
  if (query.layer) parts.push(inLayer(query.layer))
  return sql.join(parts, sql` and `)
}

/** The words of a free text search: each must be found, without accents or case, anywhere in the unit's words. */
export const textWords = (text: string): string[] => fold(text).split(' ').filter(Boolean)

const textConditions = (text: string) => textWords(text).map((word) => sql`e.search like ${`%${word}%`}`)

/** Internal numbers of the units that the free text and the layer of a query find; null when it has neither. */
export async function listIdsOf(
  db: Executor,
  { q, layer }: Pick<EstablishmentQuery, 'q' | 'layer'>,
): Promise<number[] | null> {
  const conditions = [...textConditions(q), ...(layer ? [inLayer(layer)] : [])]
  if (conditions.length === 0) return null
  const found = await sql<{ ids: number[] | null }>`
    select array_agg(e.id) as ids from registry.establishment e where ${sql.join(conditions, sql` and `)}`.execute(db)
  return found.rows[0]?.ids ?? []
}
