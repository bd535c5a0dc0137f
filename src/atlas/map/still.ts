import type { App } from '#platform'
import type { EstablishmentQuery } from '#registry/model'
import type { MapView, StillMap } from '../model.ts'
import { viewOf } from '../register-index.ts'
import { groundUnder, homeView, namedPlaces, smallMapSize } from './ground.ts'
import { boundsOfPoints, spotsOf } from './spots.ts'
import { frameOf } from './view.ts'

/** The small map of a page to read: what a query keeps, on its territory. */
export async function stillMap(app: App, query: EstablishmentQuery, view: MapView | null = null): Promise<StillMap> {
  const { points, filter, revision } = await viewOf(app, query)
  const { territory } = query
  const size = smallMapSize
  const shown = view ?? (await homeView(app, territory, boundsOfPoints(points, filter).known, size))
  if (!shown) return { ground: null, size, spots: [] }
  const places = await namedPlaces(app)
  const spots = spotsOf(points, filter, shown.zoom, frameOf(shown, size.width, size.height), places)
  return { ground: groundUnder(places, spots, shown, size, { territory, revision }), size, spots }
}
