import type { Capability } from '#platform'
import { importTerritoryCommand } from './cli.ts'
import { loadDemonstrationTerritory, removeDemonstrationTerritory } from './demonstration/load.ts'
import { prepareReference } from './reference.ts'

export { importTerritory, importCustomTerritories, type TerritoryImport } from './commands.ts'
export { boundsOf } from './contours.ts'
export { demonstrationTerritory } from './demonstration/territory.ts'
export {
  findContour,
  findTerritory,
  getTerritory,
  listCommuneCenters,
  listCommuneCodes,
  listCommuneNames,
  listCommunes,
  listDepartements,
  listDepartementsOf,
  listOpenTerritories,
  listOutlines,
  listParents,
  listTerritoriesOf,
  listTowns,
  listUnopened,
  readCommuneCodes,
  searchTerritories,
} from './queries.ts'

/** Communes, EPCI, départements, régions and custom territories, their contours and vintages. */
export const territory: Capability = {
  name: 'territory',
  prepare: ({ db }) => prepareReference(db),
  commands: [importTerritoryCommand],
  demonstration: { load: loadDemonstrationTerritory, remove: removeDemonstrationTerritory },
}
