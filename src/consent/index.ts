import type { Capability } from '#platform'
import { eraseCommand } from './erasure/cli.ts'
import { prepareErasures } from './erasure/commands.ts'
import { eraseConsents } from './erasure/records.ts'
import { expiryJob, forgetJob } from './jobs.ts'
import { consentRoutes } from './routes.ts'
import { exportConsents } from './screen/personal.ts'
import { prepareTexts } from './texts.ts'

export { askConsent, declareRecord, giveConsent, narrowConsent, refuseConsent, withdrawConsent } from './commands.ts'
export { eraseOwnData, eraseSubject } from './erasure/commands.ts'
export { eraseRecords } from './erasure/records.ts'
export { saveNotice } from './legal/commands.ts'
export { readProcessings } from './legal/processings.ts'
export { getNotice } from './legal/queries.ts'
export { findDisclosure, listDisclosures } from './queries.ts'
export { findRecord } from './records.ts'
export { parseAgreement, parseScope } from './screen/form.ts'
export { collectPersonalData, countPersonalData } from './screen/personal.ts'
export { getAgreementScreen, listOwnConsents } from './screen/queries.ts'
export { getText } from './texts.ts'

/** Who agreed to what, for which use, until when; what may be shown. */
export const consent: Capability = {
  name: 'consent',
  prepare: ({ db }) => prepareTexts(db),
  start: prepareErasures,
  routes: consentRoutes,
  jobs: [expiryJob, forgetJob],
  commands: [eraseCommand],
  erase: eraseConsents,
  export: exportConsents,
}
