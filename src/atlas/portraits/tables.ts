import type { Portrait, PortraitTable } from '../model.ts'

type Cell = string | number | null

const percent = (share: number | null) => (share === null ? null : Math.round(share * 10_000) / 10_000)

/** What is withheld is empty, and its state says so; each choice of an item has a line of its own. */
function practiceRows({ items }: Portrait['practices']): Cell[][] {
  return items.flatMap(({ pillar, item, label, state, doing, answered, share, total, choices }) => {
    const unit = total ? total.unit : null
    const line = [
      pillar,
      item,
      label.fr,
      null,
      state,
      doing,
      answered,
      percent(share),
      total?.sum ?? null,
      total?.mean ?? null,
      unit,
    ]
    const chosen = choices.map(({ id, label: words, count }): Cell[] => [
      pillar,
      item,
      `${label.fr} : ${words.fr}`,
      id,
      state === 'known' && count === null ? 'withheld' : state,
      state === 'known' ? count : null,
      answered,
      null,
      null,
      null,
      null,
    ])
    return [line, ...chosen]
  })
}

const practiceHeaders = [
  'pillar',
  'item',
  'label',
  'choice',
  'state',
  'doing',
  'answered',
  'share',
  'sum',
  'mean',
  'unit',
]

/** One table of a portrait as headers and rows, for CSV; shares are between 0 and 1. */
export function tableOf(portrait: Portrait, name: PortraitTable): { headers: string[]; rows: Cell[][] } {
  if (name === 'creations')
    return { headers: ['year', 'count'], rows: portrait.creations.map(({ year, count }) => [year, count]) }
  if (name === 'practices') return { headers: practiceHeaders, rows: practiceRows(portrait.practices) }
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
