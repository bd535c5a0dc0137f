import * as v from 'valibot'
import { isSiret } from '#accounts/model'
import { badInput, sql, type Database, type FieldError } from '#platform'
import { getMetier } from '#registry'
import { sectors } from '#registry/model'
import { getTerritory } from '#territory'
import { isTerritoryCode } from '#territory/model'
import { findGuideItem } from '../guide/guides.ts'
import { practicePillars, type PracticeQuery } from './model.ts'

/** Several values in one parameter, joined by commas. */
const list = <T extends string>(one: v.GenericSchema<string, T>) =>
  v.optional(
    v.pipe(
      v.string(),
      v.transform((text) => [
        ...new Set(
          text
            .split(',')
            .map((part) => part.trim())
            .filter(Boolean),
        ),
      ]),
      v.array(one),
    ),
    '',
  )
const word = (message: string) => v.pipe(v.string(), v.regex(/^[a-z0-9_-]{1,80}$/, message))
const oneOf = <T extends string>(allowed: readonly T[], name: string) =>
  v.picklist(allowed, `${name} : choisissez parmi ${allowed.join(', ')}.`)

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
  pillar: list(oneOf(practicePillars, 'Pilier')),
  item: list(
    v.pipe(
      v.string(),
      v.check((id) => findGuideItem(id) !== null, 'Cette pratique (item) n’est pas dans le guide : voyez /api/guide.'),
    ),
  ),
  sector: list(oneOf(sectors, 'Secteur')),
  metier: list(word('Ce métier s’écrit en minuscules avec des tirets, par exemple boulanger.')),
  siret: v.optional(v.pipe(v.string(), v.check(isSiret, 'Un SIRET a 14 chiffres.'))),
  value: list(word('La réponse (value) est yes, no, partly, unknown, ou l’un des choix de la pratique.')),
  answers: v.optional(oneOf(['done', 'all'] as const, 'Réponses (answers)'), 'all'),
  craft: v.optional(oneOf(['craft', 'all'] as const, 'Artisanat (craft)'), 'craft'),
})

/** Names of the parameters of a query on practices. */
export const practiceKeys = Object.keys(schema.entries)

/**
 * Reads the filters of an address; several values of one filter are joined by a comma, or given several times.
 * @throws {UserError} 400 naming each wrong parameter
 */
export function parsePractices(parameters: URLSearchParams): PracticeQuery {
  const input = Object.fromEntries(
    practiceKeys.flatMap((key) => {
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
    throw badInput(`Le filtre n’est pas valable. ${fields.map(({ message }) => message).join(' ')}`, fields)
  }
  const { territory = null, siret = null, pillar, item, sector, metier, value, answers, craft } = parsed.output
  return {
    territory,
    pillars: pillar,
    items: item,
    sectors: sector,
    metiers: metier,
    siret,
    values: value,
    answers,
    craft,
  }
}

/** Every answer of the open crafts. */
export const everyPractice = (): PracticeQuery => parsePractices(new URLSearchParams())

/**
 * A query whose words exist: the territory under its code of today, crafts of the tree.
 * @throws {UserError} 404 for an unknown territory or craft
 */
export async function resolvePractices(db: Database, query: PracticeQuery): Promise<PracticeQuery> {
  for (const slug of query.metiers) await getMetier(db, slug)
  return query.territory ? { ...query, territory: (await getTerritory(db, query.territory)).code } : query
}

/** The SQL condition of a query on `survey.public_practice p`; the one meaning of the filters. */
export function wherePractices(query: PracticeQuery) {
  const parts = [sql`true`]
  const among = (column: ReturnType<typeof sql>, values: readonly string[]) =>
    values.length > 0 && parts.push(sql`${column} = any(${[...values]}::text[])`)
  if (query.craft === 'craft') parts.push(sql`p.unit_state = 'open' and p.craft_rule <> 'none'`)
  if (query.territory)
    parts.push(
      sql`p.commune in (select m.commune from territory.public_commune_of m where m.territory = ${query.territory})`,
    )
  if (query.siret) parts.push(sql`p.siret = ${query.siret}`)
  if (query.answers === 'done') parts.push(sql`p.done`)
  among(sql`p.pillar`, query.pillars)
  among(sql`p.item`, query.items)
  among(sql`p.sector`, query.sectors)
  among(sql`p.metier`, query.metiers)
  among(sql`p.choice`, query.values)
  return sql.join(parts, sql` and `)
}
