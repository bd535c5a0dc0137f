import type { Capability } from '#platform'
import { warmIndex } from './register-index.ts'
import { atlasApi, atlasRoutes } from './routes.ts'

export { homePage } from './home.ts'
export { mapPage } from './map/page.ts'
export { stillMap } from './map/still.ts'
export { metierPage, metiersPage } from './crafts.ts'
export { portraitPage } from './portraits/page.ts'
export { everyCraft } from './register-index.ts'

/** Crafts on maps, and the portraits of territories. */
export const atlas: Capability = {
  name: 'atlas',
  routes: atlasRoutes,
  api: atlasApi,
  start: warmIndex,
}
