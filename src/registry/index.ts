import type { Capability } from '#platform'
import { defineItems } from '#statements'
import { importSireneCommand } from './cli.ts'
import { correctAfterAgreement } from './corrections/apply.ts'
import { eraseEstablishment } from './corrections/erase.ts'
import { enterpriseKind, items } from './corrections/items.ts'
import { establishmentsDataset } from './dataset.ts'
import { loadDemonstrationRegister, removeDemonstrationRegister } from './demonstration/load.ts'
import { importJob, purgeReportsJob, resumeInterrupted } from './imports/jobs.ts'
import { importMetiersCommand } from './metiers/cli.ts'
import { prepareMetiers } from './metiers/commands.ts'
import { revisionAfterTerritory } from './revision.ts'
import { registryApi, registryRoutes } from './routes.ts'

export { establishmentsDataset } from './dataset.ts'
export { defineLayer, listLayers, readLayerState } from './layers.ts'
export { listIdsOf, parseQuery, resolveQuery } from './query.ts'
export { runImport, type ImportResult } from './imports/run.ts'
export { findImportOfJob, getImport, listImports, type ImportRecord } from './imports/queries.ts'
export { importJob, type ImportOrder } from './imports/jobs.ts'
export { listSaid } from './corrections/page.ts'
export { findRestriction } from './crafts/restriction.ts'
export { getMetier, listMetierTree, searchMetiers } from './metiers/queries.ts'
export {
  countChanges,
  getEstablishment,
  listByAge,
  listRetiredIds,
  listSiblings,
  readProvenance,
  readRevision,
  searchEstablishments,
  streamChanges,
  type Provenance,
} from './queries.ts'

defineItems(enterpriseKind, items)

/** Enterprises, establishments and crafts, from the public register. */
export const registry: Capability = {
  name: 'registry',
  prepare: ({ db }) => prepareMetiers(db),
  start: resumeInterrupted,
  routes: registryRoutes,
  api: registryApi,
  jobs: [importJob, purgeReportsJob],
  datasets: (app) => [establishmentsDataset(app.db)],
  handlers: [revisionAfterTerritory, correctAfterAgreement],
  commands: [importSireneCommand, importMetiersCommand],
  erase: eraseEstablishment,
  demonstration: { load: loadDemonstrationRegister, remove: removeDemonstrationRegister },
}
