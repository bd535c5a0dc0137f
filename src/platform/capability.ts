import type { App, Capability } from './application.ts'
import { platformCommands } from './cli/commands.ts'
import { maintenanceJobs, scrubJob } from './db/maintenance.ts'
import { findPowers } from './db/powers.ts'
import { mailHandler, mailJob, purgeMailJob, resumeMails } from './mail/deliver.ts'
import { retiredApi, retiredRoutes } from './retired/routes.ts'

async function start(app: App): Promise<void> {
  for (const limit of (await findPowers(app.db)).limits) app.log.warn(limit)
  await resumeMails(app)
  await app.jobs.send(scrubJob.name, {})
}

/** What the platform itself offers: the upkeep of the database, mails, and the commands of whoever runs the program. */
export const platform: Capability = {
  name: 'platform',
  jobs: [...maintenanceJobs, mailJob, purgeMailJob],
  handlers: [mailHandler],
  commands: platformCommands,
  routes: retiredRoutes,
  api: retiredApi,
  start,
}
