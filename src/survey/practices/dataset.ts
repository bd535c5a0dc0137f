import type { Feature } from 'geojson'
import { badInput, sql, type Database, type Dataset, type DatasetPage } from '#platform'
import { isDay } from '#platform/model'
import { sectors } from '#registry/model'
import { agreedStates } from '#statements/model'
import { findGuideItem } from '../guide/guides.ts'
import { practicesMessages } from './messages.ts'
import { practicePillars, practiceSorts, type Practice, type PracticeQuery, type PracticeSort } from './model.ts'
import { wherePractices } from './query.ts'

/** The side whose value is kept; where opinions are divided, all of them speak. */
const chosenSides = sql`select side from jsonb_array_elements(p.detail->'sides') as side
  where p.value is null or side->'value' = p.value`

const columns = sql`p.siret, p.name, p.commune, p.commune_name as "communeName", p.departement, p.sector, p.metier, p.pillar, p.item,
  p.strength, p.value, p.done, p.state, (p.detail->>'disagreement')::boolean as disagreement, p.support, p.voices,
  p.said_on::text as "saidOn",
  array(select distinct b.name from (${chosenSides}) as s, jsonb_array_elements_text(s.side->'bodies') as body
    join accounts.public_body b on b.id = body order by b.name) as bodies,
  exists (select from (${chosenSides}) as s where (s.side->>'subject')::boolean) as "bySubject",
  coalesce((select sum((s.side->>'citizens')::int) from (${chosenSides}) as s), 0)::int as citizens`

/** What a list is ordered by; SIRET and item come last, so that an order is whole. */
const orders = {
  enterprise: { key: sql`p.search collate "C"`, descending: false },
  newest: { key: sql`p.said_on`, descending: true },
} as const satisfies Record<PracticeSort, { key: unknown; descending: boolean }>

type Row = Omit<Practice, 'label'> & { orderKey: string }

const { fields } = practicesMessages.fr
const described = (name: keyof typeof fields, schema: Record<string, unknown>) => ({
  ...schema,
  description: fields[name],
})
const text = (name: keyof typeof fields) => described(name, { type: ['string', 'null'] })

const schema = {
  $id: 'practices',
  type: 'object',
  required: ['siret', 'pillar', 'item', 'label', 'value', 'done', 'state', 'saidOn', 'bodies'],
  properties: {
    siret: described('siret', { type: 'string', pattern: '^[0-9]{14}$' }),
    name: text('name'),
    commune: text('commune'),
    communeName: text('communeName'),
    departement: text('departement'),
    sector: described('sector', { enum: [...sectors, null] }),
    metier: text('metier'),
    pillar: described('pillar', { enum: [...practicePillars] }),
    item: described('item', { type: 'string' }),
    label: described('label', {
      type: 'object',
      properties: { fr: { type: 'string' }, en: { type: 'string' } },
    }),
    strength: described('strength', { type: 'boolean' }),
    value: described('value', { type: ['object', 'null'] }),
    done: described('done', { type: 'boolean' }),
    state: described('state', { enum: [...agreedStates] }),
    disagreement: described('disagreement', { type: 'boolean' }),
    support: described('support', { type: 'integer' }),
    voices: described('voices', { type: 'integer' }),
    saidOn: described('saidOn', { type: 'string', format: 'date' }),
    bodies: described('bodies', { type: 'array', items: { type: 'string' } }),
    bySubject: described('bySubject', { type: 'boolean' }),
    citizens: described('citizens', { type: 'integer' }),
  },
}

type Cursor = [sort: string, key: string, siret: string, item: string]

const encode = (sort: PracticeSort, { orderKey, siret, item }: Row) =>
  Buffer.from(JSON.stringify([sort, orderKey, siret, item] satisfies Cursor)).toString('base64url')

function decode(cursor: string, sort: PracticeSort): Cursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(value) && value.length === 4 && value.every((part) => typeof part === 'string'))
      if (value[0] === sort && (sort !== 'newest' || isDay(String(value[1])))) return value as Cursor
  } catch {
    // told below
  }
  throw badInput('La suite demandée (cursor) n’est pas valable. Reprenez depuis la première page.', [
    { field: 'cursor', message: 'non valable' },
  ])
}

function sortOf(asked: string | undefined): PracticeSort {
  const known = practiceSorts.find((one) => one === (asked ?? 'enterprise'))
  if (known) return known
  throw badInput(`L’ordre demandé (sort) n’existe pas. Choisissez parmi ${practiceSorts.join(', ')}.`, [
    { field: 'sort', message: 'inconnu' },
  ])
}

const labelled = ({ orderKey: _, ...row }: Row): Practice => ({
  ...row,
  label: findGuideItem(row.item)?.label ?? { fr: row.item, en: row.item },
})

/** When the last of what is public was agreed, and the bodies that say so. */
async function freshness(db: Database) {
  const found = await sql<{ updatedAt: string | null; sources: string[] | null }>`
    select max(p.said_on)::text as "updatedAt", (
      select array_agg(distinct b.name order by b.name) from survey.public_practice q, jsonb_array_elements(q.detail->'sides') as side,
        jsonb_array_elements_text(side->'bodies') as body join accounts.public_body b on b.id = body) as sources
    from survey.public_practice p`.execute(db.kysely)
  return { updatedAt: found.rows[0]?.updatedAt ?? null, sources: found.rows[0]?.sources ?? [] }
}

async function read(
  db: Database,
  query: PracticeQuery,
  limit: number,
  sort: PracticeSort,
  cursor: Cursor | null,
): Promise<Row[]> {
  const { key, descending } = orders[sort]
  const direction = descending ? sql`desc` : sql`asc`
  const value = sort === 'newest' ? sql`${cursor?.[1]}::date` : sql`${cursor?.[1]} collate "C"`
  const after = cursor
    ? sql`and (${key}, p.siret, p.item) ${descending ? sql`<` : sql`>`} (${value}, ${cursor[2]}, ${cursor[3]})`
    : sql``
  const found = await sql<Row>`
    select ${columns}, (${key})::text as "orderKey" from survey.public_practice p
    where ${wherePractices(query)} ${after}
    order by ${key} ${direction}, p.siret ${direction}, p.item ${direction} limit ${limit}`.execute(db.kysely)
  return found.rows
}

async function count(db: Database, query: PracticeQuery): Promise<number> {
  const found = await sql<{ n: number }>`
    select count(*)::int as n from survey.public_practice p where ${wherePractices(query)}`.execute(db.kysely)
  return found.rows[0]!.n
}

/** What enterprises do and agreed to show, one row an enterprise and item. */
export function practicesDataset(db: Database): Dataset<Practice, PracticeQuery> {
  return {
    id: 'practices',
    title: { fr: practicesMessages.fr.dataset, en: practicesMessages.en.dataset },
    schema,
    geometry: 'none',
    time: { property: 'saidOn' },
    licence: {
      id: 'etalab-2.0',
      title: 'Licence Ouverte 2.0',
      url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    },
    freshness: () => freshness(db),
    count: (query) => count(db, query),
    sorts: practiceSorts,
    async page(query, limit, cursor, asked): Promise<DatasetPage<Practice>> {
      const sort = sortOf(asked)
      const [numberMatched, rows] = await Promise.all([
        count(db, query),
        read(db, query, limit + 1, sort, cursor ? decode(cursor, sort) : null),
      ])
      const shown = rows.slice(0, limit)
      return {
        rows: shown.map(labelled),
        numberMatched,
        next: rows.length > limit ? encode(sort, shown.at(-1)!) : null,
      }
    },
    async *stream(query) {
      let cursor: Cursor | null = null
      for (;;) {
        const rows: Row[] = await read(db, query, 2000, 'enterprise', cursor)
        if (rows.length > 0) yield rows.map(labelled)
        if (rows.length < 2000) return
        const { orderKey, siret, item } = rows.at(-1)!
        cursor = ['enterprise', orderKey, siret, item]
      }
    },
    feature: ({ ...properties }): Feature<null> => ({
      type: 'Feature',
      id: `${properties.siret}:${properties.item}`,
      geometry: null,
      properties,
    }),
  }
}
