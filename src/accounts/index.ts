import type { Capability } from '#platform'
import { conventionRoutes } from './conventions/routes.ts'
import { loadDemonstrationBodies, removeDemonstrationBodies } from './demonstration/load.ts'
import { findGuest } from './guests/queries.ts'
import { logoRoutes } from './logos/routes.ts'
import { createUserCommand } from './people/cli.ts'
import { erasePerson, exportPerson } from './people/erase.ts'
import { peopleJobs } from './people/jobs.ts'
import { peopleRoutes } from './people/routes.ts'
import { findUser } from './people/sessions.ts'
import { eraseRights, exportRights } from './rights/erase.ts'

export { ensurePerson, sendSignInLink, signInWithLink, signInWithPassword, signOut } from './people/commands.ts'
export {
  confirmEmail,
  endSession,
  endSessions,
  removePasskey,
  removePassword,
  renamePasskey,
  renamePerson,
  requestEmail,
  setPassword,
} from './people/account/commands.ts'
export { getAccount } from './people/account/queries.ts'
export { announceFirstSignIn } from './people/first-sign-in.ts'
export { isLastAdministrator } from './people/people.ts'
export { findUser } from './people/sessions.ts'
export { sessionCookieOptions, visitOf } from './people/visits.ts'
export { audit } from './audit/audit.ts'
export { listAuditOf, pageAudit, pageAuditOf } from './audit/queries.ts'
export { endMembership, inviteMember, saveBody } from './bodies/commands.ts'
export { getBody, listBodies, listMembers, listMyBodies } from './bodies/queries.ts'
export { requireManager, requireMember } from './bodies/require.ts'
export {
  addClause,
  changeConvention,
  endConvention,
  extendConvention,
  removeClause,
  writeConvention,
} from './conventions/commands.ts'
export { getConvention, listConventionEvents, listConventions } from './conventions/queries.ts'
export { listMyRights } from './conventions/rights.ts'
export { claimEnterprise, createEnterpriseCode, leaveEnterprise, openAccountWithCode } from './enterprises/commands.ts'
export { holdsEnterprise, listCodeBodies, listMyEnterprises } from './enterprises/queries.ts'
export { createGuestLink, enterAsGuest } from './guests/commands.ts'
export { findGuest, findInvitation, guestSubject } from './guests/queries.ts'
export { removeLogo } from './logos/commands.ts'
export { findLogo } from './logos/queries.ts'
export { siteAddress } from './people/links.ts'
export { decide } from './rights/decide.ts'
export { filterAllowed, getStanding } from './rights/queries.ts'
export { explainRefusal, requireRight } from './rights/require.ts'
export type { Decision, Grant, ProtectedRecord, Purpose, Standing } from './rights/model.ts'

/** Who acts, and what each may do. */
export const accounts: Capability = {
  name: 'accounts',
  authenticate: async (app, headers) => (await findUser(app, headers)) ?? findGuest(app, headers),
  async routes(http, app) {
    await peopleRoutes(http, app)
    await conventionRoutes(http, app)
    await logoRoutes(http, app)
  },
  jobs: peopleJobs,
  commands: [createUserCommand],
  demonstration: { load: loadDemonstrationBodies, remove: removeDemonstrationBodies },
  export: async (db, subject) => ({ ...(await exportPerson(db, subject)), ...(await exportRights(db, subject)) }),
  async erase(trx, subject) {
    const parts = [await eraseRights(trx, subject), await erasePerson(trx, subject)]
    return { files: parts.flatMap(({ files }) => files), tables: parts.flatMap(({ tables }) => tables) }
  },
}
