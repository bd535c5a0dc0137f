import type { Feature, Point } from 'geojson'
import { badInput, sql, type Database, type Dataset, type DatasetPage } from '#platform'
import { isDay } from '#platform/model'
import { correctionItems } from './corrections/items.ts'
import { registryMessages } from './messages.ts'
import {
  craftRules,
  employeeBands,
  establishmentSorts,
  positionQualities,
  sectors,
  type Establishment,
  type EstablishmentQuery,
  type EstablishmentSort,
} from './model.ts'
import { whereOf } from './query.ts'

export const establishmentColumns = sql`e.id, e.siret, e.siren, e.state, e.name, e.natural_person as "naturalPerson",
  e.legal_category as "legalCategory", e.headquarters, e.diffusion, e.address, e.postcode, e.commune, e.commune_name as "communeName",
  e.departement, e.position[0] as lon, e.position[1] as lat, e.position_quality as "positionQuality", e.naf, e.naf_version as "nafVersion",
  e.naf2025, e.aprm, e.craft_rule as "craftRule", e.sector, e.metier, e.employees, e.employees_year as "employeesYear",
  e.created_on::text as "createdOn", e.closed_on::text as "closedOn", e.register_updated_at as "registerUpdatedAt", e.ess,
  e.website, e.opening_hours as "openingHours", e.in_activity as "inActivity", e.corrected`

/** What a list is ordered by; the SIRET comes last, so that an order is whole. Each has its index. */
const orders = {
  name: { key: sql`e.search collate "C"`, descending: false },
  newest: { key: sql`coalesce(e.created_on, date '0001-01-01')`, descending: true },
  oldest: { key: sql`coalesce(e.created_on, date '9999-12-31')`, descending: false },
} as const satisfies Record<EstablishmentSort, { key: unknown; descending: boolean }>

interface OrderedRow extends Establishment {
  orderKey: string
}

const { fields } = registryMessages.fr
const described = (name: keyof typeof fields, schema: Record<string, unknown>) => ({
  ...schema,
  description: fields[name],
})
const text = (name: keyof typeof fields) => described(name, { type: ['string', 'null'] })

const schema = {
  $id: 'establishments',
  type: 'object',
  required: ['siret', 'siren', 'state', 'positionQuality', 'craftRule'],
  properties: {
    siret: described('siret', { type: 'string', pattern: '^[0-9]{14}$' }),
    siren: described('siren', { type: 'string', pattern: '^[0-9]{9}$' }),
    state: described('state', { enum: ['open', 'closed'] }),
    name: text('name'),
    naturalPerson: described('naturalPerson', { type: ['boolean', 'null'] }),
    legalCategory: text('legalCategory'),
    headquarters: described('headquarters', { type: ['boolean', 'null'] }),
    diffusion: described('diffusion', { enum: ['full', 'partial'] }),
    address: text('address'),
    postcode: text('postcode'),
    commune: text('commune'),
    communeName: text('communeName'),
    departement: text('departement'),
    positionQuality: described('positionQuality', { enum: [...positionQualities] }),
    naf: text('naf'),
    nafVersion: text('nafVersion'),
    naf2025: text('naf2025'),
    aprm: text('aprm'),
    craftRule: described('craftRule', { enum: [...craftRules] }),
    sector: described('sector', { enum: [...sectors, null] }),
    metier: text('metier'),
    employees: described('employees', { enum: [...employeeBands, null] }),
    employeesYear: described('employeesYear', { type: ['integer', 'null'] }),
    createdOn: text('createdOn'),
    closedOn: text('closedOn'),
    registerUpdatedAt: text('registerUpdatedAt'),
    ess: described('ess', { type: ['boolean', 'null'] }),
    website: text('website'),
    openingHours: text('openingHours'),
    inActivity: described('inActivity', { enum: ['yes', 'no', null] }),
    corrected: described('corrected', { type: 'array', items: { enum: [...correctionItems] } }),
  },
}

/** Columns of the CSV, in order. */
export const csvColumns = [
  'siret',
  'siren',
  'state',
  'name',
  'naturalPerson',
  'address',
  'postcode',
  'commune',
  'communeName',
  'departement',
  'lon',
  'lat',
  'positionQuality',
  'naf',
  'naf2025',
  'aprm',
  'craftRule',
  'sector',
  'metier',
  'employees',
  'employeesYear',
  'createdOn',
  'closedOn',
  'registerUpdatedAt',
  'ess',
  'website',
  'openingHours',
  'inActivity',
  'corrected',
] as const satisfies readonly (keyof Establishment)[]

type Cursor = [sort: string, key: string, siret: string]

const encode = (sort: EstablishmentSort, row: OrderedRow) =>
  Buffer.from(JSON.stringify([sort, row.orderKey, row.siret] satisfies Cursor)).toString('base64url')

function decode(cursor: string, sort: EstablishmentSort): Cursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(value) &&
      value.length === 3 &&
      value.every((part) => typeof part === 'string') &&
      value[0] === sort
    )
      if (sort === 'name' || isDay(String(value[1]))) return value as Cursor
  } catch {
    // told below
  }
  throw badInput('La suite demandée (cursor) n’est pas valable. Reprenez depuis la première page.', [
    { field: 'cursor', message: 'non valable' },
  ])
}

function sortOf(sort: string | undefined): EstablishmentSort {
  const known = establishmentSorts.find((one) => one === (sort ?? 'name'))
  if (known) return known
  throw badInput(`L’ordre demandé (sort) n’existe pas. Choisissez parmi ${establishmentSorts.join(', ')}.`, [
    { field: 'sort', message: 'inconnu' },
  ])
}

const withoutKey = ({ orderKey: _, ...row }: OrderedRow): Establishment => row

/** The establishments of the register, as the public may see them. */
export function establishmentsDataset(db: Database): Dataset<Establishment, EstablishmentQuery> {
  async function read(
    query: EstablishmentQuery,
    limit: number,
    sort: EstablishmentSort,
    cursor: Cursor | null,
  ): Promise<OrderedRow[]> {
    const { key, descending } = orders[sort]
    const direction = descending ? sql`desc` : sql`asc`
    const value = sort === 'name' ? sql`${cursor?.[1]} collate "C"` : sql`${cursor?.[1]}::date`
    const after = cursor ? sql`and (${key}, e.siret) ${descending ? sql`<` : sql`>`} (${value}, ${cursor[2]})` : sql``
    const found = await sql<OrderedRow>`
      select ${establishmentColumns}, (${key})::text as "orderKey" from registry.public_establishment e
      where ${whereOf(query)} ${after} order by ${key} ${direction}, e.siret ${direction} limit ${limit}`.execute(
      db.kysely,
    )
    return found.rows
  }
  const count = async (query: EstablishmentQuery) => {
    const found = await sql<{
      n: number
    }>`select count(*)::int as n from registry.public_establishment e where ${whereOf(query)}`.execute(db.kysely)
    return found.rows[0]!.n
  }
  return {
    id: 'establishments',
    title: { fr: 'Établissements artisanaux', en: 'Craft establishments' },
    schema,
    geometry: 'point',
    time: { property: 'createdOn' },
    licence: {
      id: 'etalab-2.0',
      title: 'Licence Ouverte 2.0',
      url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    },
    async freshness() {
      const found = await sql<{ updatedAt: string | null; formats: string[] | null }>`
        select max(finished_at)::text as "updatedAt", array_agg(distinct f.label) as formats
        from registry.import i, jsonb_to_recordset(i.formats) as f(label text) where i.status = 'done'`.execute(
        db.kysely,
      )
      return { updatedAt: found.rows[0]?.updatedAt ?? null, sources: found.rows[0]?.formats ?? [] }
    },
    count,
    sorts: establishmentSorts,
    async page(query, limit, cursor, asked): Promise<DatasetPage<Establishment>> {
      const sort = sortOf(asked)
      const [numberMatched, rows] = await Promise.all([
        count(query),
        read(query, limit + 1, sort, cursor ? decode(cursor, sort) : null),
      ])
      const shown = rows.slice(0, limit)
      return {
        rows: shown.map(withoutKey),
        numberMatched,
        next: rows.length > limit ? encode(sort, shown.at(-1)!) : null,
      }
    },
    async *stream(query) {
      let cursor: Cursor | null = null
      for (;;) {
        const rows: OrderedRow[] = await read(query, 2000, 'name', cursor)
        if (rows.length > 0) yield rows.map(withoutKey)
        if (rows.length < 2000) return
        cursor = ['name', rows.at(-1)!.orderKey, rows.at(-1)!.siret]
      }
    },
    feature({ id: _, lon, lat, ...properties }): Feature<Point | null> {
      const geometry: Point | null = lon === null || lat === null ? null : { type: 'Point', coordinates: [lon, lat] }
      return { type: 'Feature', id: properties.siret, geometry, properties }
    },
  }
}
