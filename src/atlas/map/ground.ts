import { badInput, type App } from '#platform'
import { boundsOf, findContour, listCommuneCenters, listOpenTerritories, listOutlines, listTowns } from '#territory'
import type { Contour, Territory } from '#territory/model'
import { parseView, viewParameter, type Ground, type MapView, type Spot } from '../model.ts'
import { drawGround } from './base.ts'
import { placeNames, type Place } from './names.ts'
import { fit, frameOf } from './view.ts'

/** Size of the drawn map, in pixels; the page scales it. */
export const mapSize = { width: 540, height: 460 }
/** Size of the small map of a portrait or an enterprise. */
export const smallMapSize = { width: 480, height: 380 }

/** Metropolitan France, when nothing is known. */
export const france: MapView = fit([-4.8, 42.3, 8.2, 51.1], mapSize.width, mapSize.height)

/** The territories under a map: the one asked for, or all that are open (custom ones overlap départements). */
async function groundTerritories(app: App, code: string | null): Promise<Pick<Territory, 'code'>[]> {
  if (code) return [{ code }]
  const open = await listOpenTerritories(app.db)
  const departements = open.filter((one) => one.kind === 'departement')
  return departements.length > 0 ? departements : open
}

/** The ground of a map, as an SVG file. */
export async function groundOf(app: App, parameters: URLSearchParams): Promise<string> {
  const view = parseView(parameters.get('vue'))
  if (!view) throw badInput('Donnez la vue du fond de carte : vue=zoom/latitude/longitude.')
  const size = parameters.get('taille') === 'petite' ? smallMapSize : mapSize
  const frame = frameOf(view, size.width, size.height)
  const open = await groundTerritories(app, null)
  const asked = parameters.get('territory')
  const borderCodes = asked ? [asked] : open.map((one) => one.code)
  const [outlines, borders] = await Promise.all([
    Promise.all(open.map((one) => listOutlines(app.db, one.code))),
    Promise.all(borderCodes.map((code) => findContour(app.db, code))),
  ])
  return drawGround(
    outlines.flat(),
    borders.flatMap((contour): { contour: Contour }[] => (contour ? [{ contour }] : [])),
    frame,
  )
}

/** The communes that maps name, each once: the most populous of the open territories first, then the others. */
export async function namedPlaces(app: App): Promise<Place[]> {
  const open = await groundTerritories(app, null)
  const codes = open.map((one) => one.code)
  const [towns, others] = await Promise.all([listTowns(app.db, codes), listCommuneCenters(app.db)])
  return [...new Map([...towns, ...others].map((one) => [`${one.name} ${one.lon} ${one.lat}`, one])).values()]
}

/** What lies under the circles of a drawn map that shows `spots`. */
export function groundUnder(
  places: Place[],
  spots: Spot[],
  view: MapView,
  size: typeof mapSize,
  more: { territory: string | null; revision: number },
): Ground {
  const frame = frameOf(view, size.width, size.height)
  const parameters = new URLSearchParams({ vue: viewParameter(view), v: String(more.revision) })
  if (size === smallMapSize) parameters.set('taille', 'petite')
  if (more.territory) parameters.set('territory', more.territory)
  return {
    href: `/carte/fond.svg?${parameters}`,
    towns: placeNames(places, spots, frame, 13, 16),
    narrowTowns: placeNames(places, spots, frame, 19, 7),
  }
}

type Bounds = [number, number, number, number]

function union(all: Bounds[]): Bounds | null {
  if (all.length === 0) return null
  return all.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])])
}

/** Bounds of a territory: of its contour, else of those of its communes. */
async function territoryBounds(app: App, code: string): Promise<Bounds | null> {
  const contour = await findContour(app.db, code)
  if (contour) return boundsOf(contour)
  return union((await listOutlines(app.db, code)).map((outline) => boundsOf(outline.contour)))
}

/**
 * The view that shows a territory, or every open one; without contours, the one that shows the points given; null when
 * there are none either.
 */
export async function homeView(
  app: App,
  territory: string | null,
  points: Bounds | null,
  size = mapSize,
): Promise<MapView | null> {
  const territories = await groundTerritories(app, territory)
  const known = await Promise.all(territories.map((one) => territoryBounds(app, one.code)))
  const bounds = union(known.filter((one) => one !== null)) ?? points
  return bounds ? fit(bounds, size.width, size.height) : null
}
