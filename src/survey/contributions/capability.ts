import { discloseAfterConsent } from './disclosure.ts'
import { releaseAfterImport } from './release.ts'

export { describeContribution, eraseContributions, exportContributions } from './personal.ts'
export { forgetHeldJob } from './retention.ts'
export { contributionRoutes } from './routes.ts'

/** The artisan's decisions reach the answers; the register's changes, those that were held. */
export const contributionHandlers = [discloseAfterConsent, releaseAfterImport]
