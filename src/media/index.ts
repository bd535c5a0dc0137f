import type { Capability } from '#platform'
import { settleIntake } from './deposit/intake.ts'
import { describeFile, exportMedia } from './queries.ts'
import { eraseMedia } from './erase.ts'
import { long, quick, resumeMedia, tidyJob } from './jobs.ts'
import { prepareHandler } from './process/queue.ts'
import { mediaApi, mediaRoutes } from './routes.ts'

export { attach, blurPicture, removeFile, setRights } from './commands.ts'
export { findChoices } from './deposit/access.ts'
export { findMedia, listMediaOf, listMine, readFileOf, type PublicFile } from './queries.ts'

/** Files that people deposit: received, made safe, derived, kept with their rights. */
export const media: Capability = {
  name: 'media',
  routes: mediaRoutes,
  api: mediaApi,
  jobs: [quick, long, tidyJob],
  handlers: [prepareHandler],
  erase: eraseMedia,
  export: exportMedia,
  describe: describeFile,
  start: resumeMedia,
  stop: settleIntake,
}
