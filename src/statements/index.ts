import type { Capability } from '#platform'
import { recomputeAfterConsent } from './agreed.ts'
import { eraseStatements } from './erase.ts'
import { describeStatement, exportStatements } from './personal.ts'
import { statementApi, statementRoutes } from './routes.ts'

export { recomputeSubjects } from './agreed.ts'
export { contest, dissent, moderate, sayStatement, settle, withdrawStatement } from './commands.ts'
export { setDisclosures } from './disclose.ts'
export { displaySources, displayValue } from './display.ts'
export { eraseStatements, eraseSubjects } from './erase.ts'
export { statementForm } from './form.ts'
export { addItems, defineItems, findItem, getItem, listItems, type SubjectKind } from './items.ts'
export { HourlyLimiter } from './limiter.ts'
export { moderationPageData } from './moderation-page.ts'
export { listAgreed, listBodyNames, listReasons, type PublicAgreed } from './queries.ts'
export { parseForm, parseValue } from './values.ts'

/** What somebody says about a subject, and the rule that makes an agreed value of it. */
export const statements: Capability = {
  name: 'statements',
  routes: statementRoutes,
  api: statementApi,
  handlers: [recomputeAfterConsent],
  erase: eraseStatements,
  export: exportStatements,
  describe: describeStatement,
}
