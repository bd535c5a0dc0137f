import type { App } from '#platform'
import type { EstablishmentQuery } from '#registry/model'
import { listCommuneCenters } from '#territory'
import { viewParameter, type MapView, type StillMap } from '../model.ts'
import { viewOf } from '../register-index.ts'
import { defaultView, smallMapSize } from './ground.ts'
import { boundsOfAll, spotsOf } from './spots.ts'
import { frameOf } from './view.ts'

/** The small map of a page to read: what a query keeps, on its territory. */
export async function stillMap(app: App, query: EstablishmentQuery, view: MapView | null = null): Promise<StillMap> {
  const { points, filter, revision } = await viewOf(app, query)
  const shown = view ?? (await defaultView(app, query.territory, boundsOfAll(points, filter), smallMapSize))
  const centers = await listCommuneCenters(app.db)
  const parameters = new URLSearchParams({ vue: viewParameter(shown), taille: 'petite', v: String(revision) })
  if (query.territory) parameters.set('territory', query.territory)
  return {
    ground: `/carte/fond.svg?${parameters}`,
    size: smallMapSize,
    spots: spotsOf(points, filter, shown.zoom, frameOf(shown, smallMapSize.width, smallMapSize.height), centers),
  }
}
