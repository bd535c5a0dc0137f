import type { App } from '#platform'
import { ensurePerson, signInWithLink } from './commands.ts'
import { createSignInPath } from './links.ts'
import type { Visit } from './visits.ts'

/** A visit of Firefox on Linux from a documentation address. */
export const visitWith = (changes: Partial<Visit> = {}): Visit => ({
  origin: 'http://127.0.0.1:3000',
  place: '192.0.2.1',
  cookie: null,
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  ...changes,
})

/** The Cookie header of a session. */
export const cookieOf = (session: string): string => `session=${encodeURIComponent(session)}`

/** The token of a link or a path. */
export const tokenOf = (link: string): string => {
  const { searchParams } = new URL(link, 'http://site')
  return (searchParams.get('jeton') ?? searchParams.get('courriel'))!
}

/** Opens an account and a session in it. */
export async function signIn(app: App, email: string, name = 'Ana') {
  const id = await ensurePerson(app.db.kysely, 'operator', { email, name })
  const token = tokenOf(await createSignInPath(app.db.kysely, email))
  const session = await signInWithLink(app, null, { token, visit: visitWith() })
  return { id, session, visit: visitWith({ cookie: cookieOf(session) }) }
}
