import type { Portrait, PortraitTable } from '../model.ts'

type Cell = string | number | null

const percent = (share: number | null) => (share === null ? null : Math.round(share * 10_000) / 10_000)

/** One table of a portrait as headers and rows, for CSV; shares are between 0 and 1. */
export function tableOf(portrait: Portrait, name: PortraitTable): { headers: string[]; rows: Cell[][] } {
  if (name === 'creations')
    return { headers: ['year', 'count'], rows: portrait.creations.map(({ year, count }) => [year, count]) }
  if (name === 'communes')
    return {
      headers: ['code', 'name', 'count', 'population', 'per_10000_inhabitants'],
      rows: portrait.communes.map((one) => [one.code, one.name, one.count, one.population, one.density]),
    }
  return {
    headers: [
      name === 'metiers' ? 'metier' : 'key',
      ...(name === 'metiers' ? ['label'] : []),
      'count',
      'share',
      'reference_share',
    ],
    rows: portrait[name].map((one) => [
      one.key,
      ...(name === 'metiers' ? [one.label] : []),
      one.count,
      percent(one.share),
      percent(one.reference),
    ]),
  }
}
