import { fail, redirect } from '@sveltejs/kit'
import {
  confirmEmail,
  endSession,
  endSessions,
  getAccount,
  removePasskey,
  removePassword,
  renamePasskey,
  renamePerson,
  requestEmail,
  setPassword,
  visitOf,
} from '#accounts'
import { isDone, type Done } from '#accounts/model'
import { UserError } from '#platform'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  rename: 'signed-in',
  requestEmail: 'signed-in',
  confirmEmail: 'signed-in',
  setPassword: 'signed-in',
  removePassword: 'signed-in',
  renamePasskey: 'signed-in',
  removePasskey: 'signed-in',
  endSession: 'signed-in',
  endSessions: 'signed-in',
}

const visit = ({
  locals,
  request,
  url,
  getClientAddress,
}: Pick<RequestEvent, 'locals' | 'request' | 'url' | 'getClientAddress'>) =>
  visitOf(locals.app, request, url, getClientAddress())

export const load: PageServerLoad = async (event) => {
  const { app, user } = event.locals
  const done = event.url.searchParams.get('fait')
  return {
    name: user!.name,
    email: user!.email ?? '',
    emailToken: event.url.searchParams.get('courriel') ?? '',
    sendsMail: app.config.smtpUrl !== null,
    done: isDone(done) ? done : null,
    ...(await getAccount(app, user!.id, visit(event))),
  }
}

/** An action that does `work` with a form, then shows the page again with what was done. */
const action =
  (form: string, done: Done, work: (event: RequestEvent, text: (name: string) => string) => Promise<void>) =>
  async (event: RequestEvent) => {
    const data = await event.request.formData()
    try {
      await work(event, (name) => String(data.get(name) ?? ''))
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return fail(error.status, { form, error: error.message, fields: error.fields })
    }
    redirect(303, `${event.url.pathname}?fait=${done}`)
  }

export const actions: Actions = {
  rename: action('rename', 'name', ({ locals: { app, user } }, text) => renamePerson(app.db, user, text('name'))),
  requestEmail: action('requestEmail', 'email', (event, text) =>
    requestEmail(event.locals.app, event.locals.user, { email: text('email'), visit: visit(event) }),
  ),
  confirmEmail: action('confirmEmail', 'confirm', ({ locals: { app, user } }, text) =>
    confirmEmail(app, user, text('jeton')),
  ),
  setPassword: action('setPassword', 'password', (event, text) =>
    setPassword(event.locals.app, event.locals.user, {
      current: text('current'),
      password: text('password'),
      visit: visit(event),
    }),
  ),
  removePassword: action('removePassword', 'passwordRemoved', ({ locals: { app, user } }) => removePassword(app, user)),
  renamePasskey: action('renamePasskey', 'passkey', ({ locals: { app, user } }, text) =>
    renamePasskey(app.db, user, { id: text('id'), name: text('name') }),
  ),
  removePasskey: action('removePasskey', 'passkeyRemoved', ({ locals: { app, user } }, text) =>
    removePasskey(app.db, user, text('id')),
  ),
  endSession: action('endSession', 'session', ({ locals: { app, user } }, text) =>
    endSession(app.db, user, text('id')),
  ),
  endSessions: action('endSessions', 'sessions', (event) =>
    endSessions(event.locals.app, event.locals.user, visit(event)),
  ),
}
