import { readCookie, type Capability } from '#platform'
import { findUser } from './queries.ts'

export { signInWithLink, signOut } from './commands.ts'
export { announceFirstSignIn } from './first-sign-in.ts'

/** For now one administrator, who signs in by the one-time link of the start. */
export const accounts: Capability = {
  name: 'accounts',
  authenticate: (app, headers) => findUser(app.db, readCookie(headers.cookie, 'session')),
}
