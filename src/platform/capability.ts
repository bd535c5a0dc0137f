import type { Capability } from './application.ts'
import { platformCommands } from './cli/commands.ts'
import { maintenanceJobs } from './db/maintenance.ts'

/** What the platform itself offers: the upkeep of the database and the commands of whoever runs the program. */
export const platform: Capability = {
  name: 'platform',
  jobs: maintenanceJobs,
  commands: platformCommands,
}
