import type { Lang } from '#platform/model'
import type { EstablishmentQuery } from '#registry/model'
import { queryParameters } from '#registry/model'
import { bandNames, sectorNames } from '#registry/ui/names.ts'
import { atlasMessages } from '../messages.ts'

export interface ActiveFilter {
  text: string
  /** The filters as an address, without this one. */
  without: string
}

interface Names {
  lang: Lang
  territory: string | null
  metiers: ReadonlyMap<string, string>
  layers: ReadonlyMap<string, string>
}

const less = <T>(values: T[], value: T) => values.filter((other) => other !== value)

function yearsText({ createdFrom, createdTo }: EstablishmentQuery, lang: Lang): string {
  const t = atlasMessages[lang].map
  const [from, to] = [String(createdFrom), String(createdTo)]
  if (createdFrom === null) return t.createdTo(to)
  if (createdTo === null) return t.createdFrom(from)
  return createdFrom === createdTo ? t.createdIn(from) : t.createdBetween(from, to)
}

/** The filters of a query in words, in the order of the form, each with what remains when it is removed. */
export function activeFilters(query: EstablishmentQuery, { lang, territory, metiers, layers }: Names): ActiveFilter[] {
  const t = atlasMessages[lang].map
  const filter = (text: string, change: Partial<EstablishmentQuery>): ActiveFilter => ({
    text,
    without: queryParameters({ ...query, bbox: null, ...change }).toString(),
  })
  const out: ActiveFilter[] = []
  if (query.territory) out.push(filter(territory ?? query.territory, { territory: null }))
  for (const one of query.metiers) out.push(filter(metiers.get(one) ?? one, { metiers: less(query.metiers, one) }))
  if (query.layer) out.push(filter(layers.get(query.layer) ?? query.layer, { layer: null }))
  if (query.q) out.push(filter(`${t.text} : ${query.q}`, { q: '' }))
  for (const one of query.sectors) out.push(filter(sectorNames(lang)[one], { sectors: less(query.sectors, one) }))
  for (const one of query.employees)
    out.push(filter(`${t.employees} : ${bandNames(lang)[one]}`, { employees: less(query.employees, one) }))
  if (query.createdFrom !== null || query.createdTo !== null)
    out.push(filter(yearsText(query, lang), { createdFrom: null, createdTo: null }))
  if (query.craft === 'all') out.push(filter(t.all, { craft: 'craft', state: 'open' }))
  else if (query.state !== 'open')
    out.push(filter(query.state === 'closed' ? t.closed : t.allStates, { state: 'open' }))
  return out
}
