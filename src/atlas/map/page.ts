import type { App } from '#platform'
import { establishmentsDataset, listMetierTree, parseQuery } from '#registry'
import { establishmentSorts, metiersOfTree, queryParameters } from '#registry/model'
import { findTerritory, listCommuneCenters, listOpenTerritories, listTerritoriesOf } from '#territory'
import { parseView, viewParameter, type Choices, type MapPageData, type Spot } from '../model.ts'
import { filterOf } from '../points/filter.ts'
import { viewOf } from '../register-index.ts'
import { defaultView, mapSize } from './ground.ts'
import { boundsOfAll, spotsOf } from './spots.ts'
import { fit, frameOf, move } from './view.ts'

/** Rows of the list beside the map. */
const pageSize = 25

async function territoryChoices(app: App): Promise<Choices['territories']> {
  const open = await listOpenTerritories(app.db)
  const departements = open.filter((one) => one.kind === 'departement')
  const inside = (await Promise.all(departements.map((one) => listTerritoriesOf(app.db, one.code)))).flat()
  const pick = ({ code, name }: { code: string; name: string }) => ({ code, name })
  const groups: Choices['territories'] = [
    { group: 'departement', items: departements.map(pick) },
    { group: 'custom', items: open.filter((one) => one.kind === 'custom').map(pick) },
    { group: 'epci', items: inside.filter((one) => one.kind === 'epci').map(pick) },
    { group: 'commune', items: inside.filter((one) => one.kind === 'commune').map(pick) },
  ]
  return groups.filter((group) => group.items.length > 0)
}

async function metierChoices(app: App): Promise<Choices['metiers']> {
  const tree = await listMetierTree(app.db)
  return tree.map((sector) => ({
    sector: sector.slug,
    items: metiersOfTree([sector]).map(({ slug, label }) => ({ slug, label })),
  }))
}

const sumOf = (spots: Spot[]) => spots.reduce((sum, spot) => sum + spot.count, 0)

const address = (filters: string, more: Record<string, string>) =>
  `/carte?${new URLSearchParams([...new URLSearchParams(filters), ...Object.entries(more)])}`

/** The form has one choice where a query has two: crafts open, crafts closed, every unit. */
function withScope(parameters: URLSearchParams): URLSearchParams {
  const out = new URLSearchParams(parameters)
  const scope = out.get('scope')
  if (scope === 'all') out.set('craft', 'all')
  if (scope === 'closed') out.set('state', 'closed')
  return out
}

/**
 * All that the map's page shows, from its address: filters, `vue`, `bbox` (the list of one group), `cursor`.
 * @throws {UserError} 400 naming a wrong filter, 404 for an unknown territory
 */
export async function mapPage(app: App, parameters: URLSearchParams): Promise<MapPageData> {
  const asked = parseQuery(withScope(parameters))
  const whole = await viewOf(app, { ...asked, bbox: null })
  const { points, filter } = whole
  const query = { ...whole.query, bbox: asked.bbox }
  const filters = queryParameters(whole.query).toString()
  const bounds = boundsOfAll(points, filter)
  const view = parseView(parameters.get('vue')) ?? (await defaultView(app, query.territory, bounds))
  const frame = frameOf(view, mapSize.width, mapSize.height)
  const cursor = parameters.get('cursor')
  const sort = establishmentSorts.find((one) => one === parameters.get('sort')) ?? 'name'
  const spots = spotsOf(points, filter, view.zoom, frame, await listCommuneCenters(app.db))
  const [list, territories, metiers, territory] = await Promise.all([
    establishmentsDataset(app.db).page(query, pageSize, cursor, sort),
    territoryChoices(app),
    metierChoices(app),
    query.territory ? findTerritory(app.db, query.territory) : null,
  ])
  const vue = viewParameter(view)
  const step = (key: MapPageData['moves'][number]['key'], by: Parameters<typeof move>[1]) => ({
    key,
    href: address(filters, { vue: viewParameter(move(view, by, mapSize.width, mapSize.height)) }),
  })
  const counts = points.countBy(filterOf({ ...filter.query, sectors: [] }, filter), 'sector')
  return {
    query,
    filters,
    view,
    size: mapSize,
    ground: `/carte/fond.svg?${new URLSearchParams({ vue, ...(query.territory ? { territory: query.territory } : {}), v: String(whole.revision) })}`,
    count: list.numberMatched,
    unplaced: points.countUnplaced(filter),
    approximate: points.countBy(filter, 'positionQuality').get('commune') ?? 0,
    spots,
    outside: Math.max(0, points.count(filter) - points.countUnplaced(filter) - sumOf(spots)),
    whole: bounds ? address(filters, { vue: viewParameter(fit(bounds, mapSize.width, mapSize.height)) }) : null,
    sort,
    moves: [
      step('zoomIn', { zoom: 1 }),
      step('zoomOut', { zoom: -1 }),
      step('west', { dx: -1 }),
      step('north', { dy: -1 }),
      step('south', { dy: 1 }),
      step('east', { dx: 1 }),
    ],
    rows: list.rows.map(({ siret, name, metier, communeName, sector, state, createdOn }) => ({
      siret,
      name,
      metier,
      communeName,
      sector,
      state,
      createdOn,
    })),
    next: list.next
      ? address(filters, { vue, sort, ...(query.bbox ? { bbox: query.bbox.join(',') } : {}), cursor: list.next })
      : null,
    isFirst: cursor === null,
    sectorCounts: Object.fromEntries([...counts].map(([key, count]) => [key ?? 'none', count])),
    choices: { territories, metiers },
    territory: territory ? { code: territory.code, name: territory.name } : null,
    empty: points.size === 0,
  }
}
