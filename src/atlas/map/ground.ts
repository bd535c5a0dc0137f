import { badInput, type App } from '#platform'
import { boundsOf, findContour, listOpenTerritories, listOutlines, listTowns } from '#territory'
import type { Contour, Territory } from '#territory/model'
import { parseView, type MapView } from '../model.ts'
import { drawGround } from './base.ts'
import { fit, frameOf } from './view.ts'

/** Size of the drawn map, in pixels; the page scales it. */
export const mapSize = { width: 540, height: 460 }
/** Size of the small map of a portrait or an enterprise. */
export const smallMapSize = { width: 480, height: 380 }

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
  const [outlines, borders, towns] = await Promise.all([
    Promise.all(open.map((one) => listOutlines(app.db, one.code))),
    Promise.all(borderCodes.map((code) => findContour(app.db, code))),
    listTowns(
      app.db,
      open.map((one) => one.code),
    ),
  ])
  return drawGround(
    outlines.flat(),
    borders.flatMap((contour): { contour: Contour }[] => (contour ? [{ contour }] : [])),
    towns,
    frame,
  )
}

type Bounds = [number, number, number, number]

function union(all: Bounds[]): Bounds | null {
  if (all.length === 0) return null
  return all.reduce((a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])])
}

/** The view that shows a territory, or every open one; without contours, the one that shows the points given. */
export async function defaultView(
  app: App,
  territory: string | null,
  points: Bounds | null,
  size = mapSize,
): Promise<MapView> {
  const territories = await groundTerritories(app, territory)
  const contours = await Promise.all(territories.map((one) => findContour(app.db, one.code)))
  const bounds = union(contours.flatMap((contour) => (contour ? [boundsOf(contour)] : []))) ?? points
  // Metropolitan France, when nothing is known.
  return fit(bounds ?? [-4.8, 42.3, 8.2, 51.1], size.width, size.height)
}
