import type { App } from '#platform'
import { establishmentsDataset, listLayers, listMetierTree, parseQuery } from '#registry'
import { establishmentSorts, metiersOfTree, queryParameters } from '#registry/model'
import { findContour, findTerritory, listOpenTerritories, listTerritoriesOf } from '#territory'
import type { Contour } from '#territory/model'
import { parseView, viewParameter, type Choices, type ChosenBox, type MapPageData, type MapView } from '../model.ts'
import { filterOf, type Filter } from '../points/filter.ts'
import type { PointIndex } from '../points/point-index.ts'
import { viewOf, type View } from '../register-index.ts'
import { france, groundUnder, homeView, mapSize, namedPlaces } from './ground.ts'
import { lightOutline } from './outline.ts'
import { boundsOfPoints, spotsOf } from './spots.ts'
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

/** The legend's and the notes' numbers: of what the list keeps, so that they never contradict its heading. */
function figuresOf(points: PointIndex, filter: Filter, view: MapView, count: number) {
  const unplaced = points.countUnplaced(filter)
  const bounds = frameOf(view, mapSize.width, mapSize.height).bounds
  const inView = points.clusters(filter, view.zoom, bounds).reduce((sum, cluster) => sum + cluster.count, 0)
  const sectors = points.countBy(filter, 'sector')
  return {
    unplaced,
    approximate: points.countBy(filter, 'positionQuality').get('commune') ?? 0,
    outside: Math.max(0, count - unplaced - inView),
    sectorCounts: Object.fromEntries([...sectors].map(([key, number]) => [key ?? 'none', number])),
  }
}

const directions = {
  zoomIn: { zoom: 1 },
  zoomOut: { zoom: -1 },
  west: { dx: -1 },
  north: { dy: -1 },
  south: { dy: 1 },
  east: { dx: 1 },
} as const

/** Addresses of the views around one. */
const movesFrom = (view: MapView, filters: string, kept: Record<string, string>): MapPageData['moves'] =>
  (Object.keys(directions) as (keyof typeof directions)[]).map((key) => ({
    key,
    href: address(filters, { ...kept, vue: viewParameter(move(view, directions[key], mapSize.width, mapSize.height)) }),
  }))

const rowOf = ({ siret, name, metier, communeName, sector, state, createdOn }: MapPageData['rows'][number]) => ({
  siret,
  name,
  metier,
  communeName,
  sector,
  state,
  createdOn,
})

/** The drawn map: its view and what it shows, the chosen group being only marked. */
async function drawnMap(app: App, { points, filter, query, revision }: View, asked: MapView | null) {
  const { kept, known } = boundsOfPoints(points, filter)
  const home = await homeView(app, query.territory, known)
  const view = asked ?? home ?? france
  const places = await namedPlaces(app)
  const spots = spotsOf(points, filter, view.zoom, frameOf(view, mapSize.width, mapSize.height), places)
  return {
    home,
    view,
    spots,
    ground: home && groundUnder(places, spots, view, mapSize, { territory: query.territory, revision }),
    whole: kept && fit(kept, mapSize.width, mapSize.height),
  }
}

/** The chosen group's box, a little wider than its members' places. */
function chosenBox(bounds: [number, number, number, number], view: MapView): ChosenBox {
  const { toPixel } = frameOf(view, mapSize.width, mapSize.height)
  const [left, top] = toPixel(bounds[0], bounds[3])
  const [right, bottom] = toPixel(bounds[2], bounds[1])
  const around = 4
  return {
    bounds,
    x: left - around,
    y: top - around,
    width: right - left + 2 * around,
    height: bottom - top + 2 * around,
  }
}

/** The border of the chosen territory, which only the interactive map needs. */
async function outlineOf(app: App, territory: string | null): Promise<Contour | null> {
  const contour = territory ? await findContour(app.db, territory) : null
  return contour && lightOutline(contour)
}

/**
 * All that the map's page shows, from its address: filters, `vue`, `bbox` (the list of one group), `cursor`, `carte`
 * (`interactive`).
 * @throws {UserError} 400 naming a wrong filter, 404 for an unknown territory
 */
export async function mapPage(app: App, parameters: URLSearchParams): Promise<MapPageData> {
  const asked = parseQuery(withScope(parameters))
  const whole = await viewOf(app, { ...asked, bbox: null })
  const query = { ...whole.query, bbox: asked.bbox }
  const filters = queryParameters(whole.query).toString()
  const cursor = parameters.get('cursor')
  const sort = establishmentSorts.find((one) => one === parameters.get('sort')) ?? 'name'
  const interactive = parameters.get('carte') === 'interactive'
  const [drawn, list, territories, metiers, territory, outline] = await Promise.all([
    drawnMap(app, whole, parseView(parameters.get('vue'))),
    establishmentsDataset(app.db).page(query, pageSize, cursor, sort),
    territoryChoices(app),
    metierChoices(app),
    query.territory ? findTerritory(app.db, query.territory) : null,
    interactive ? outlineOf(app, query.territory) : null,
  ])
  const { view } = drawn
  const mode: Record<string, string> = interactive ? { carte: 'interactive' } : {}
  const box: Record<string, string> = query.bbox ? { bbox: query.bbox.join(',') } : {}
  const order: Record<string, string> = sort === 'name' ? {} : { sort }
  const next = list.next && { ...box, ...mode, vue: viewParameter(view), sort, cursor: list.next }
  return {
    ...drawn,
    ...figuresOf(whole.points, filterOf(query, whole.filter), view, list.numberMatched),
    query,
    filters,
    interactive,
    outline,
    chosen: query.bbox && chosenBox(query.bbox, view),
    size: mapSize,
    count: list.numberMatched,
    whole: drawn.whole && address(filters, { ...box, ...order, vue: viewParameter(drawn.whole) }),
    sort,
    moves: movesFrom(view, filters, { ...box, ...order }),
    rows: list.rows.map(rowOf),
    next: next && address(filters, next),
    isFirst: cursor === null,
    choices: {
      territories,
      metiers,
      layers: listLayers().map(({ id, label, explanation }) => ({ id, label, explanation })),
    },
    territory: territory ? { code: territory.code, name: territory.name } : null,
    empty: whole.points.size === 0,
  }
}
