import { fail, redirect } from '@sveltejs/kit'
import {
  openAccountWithCode,
  sendSignInLink,
  sessionCookieOptions,
  signInWithLink,
  signInWithPassword,
  visitOf,
} from '#accounts'
import { ownPath } from '#accounts/model'
import { UserError } from '#platform'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'public'
export const _permissions = { link: 'public', send: 'public', password: 'public', code: 'public' }

export const load: PageServerLoad = ({ url, locals }) => {
  const token = url.searchParams.get('jeton') ?? ''
  const back = ownPath(url.searchParams.get('retour'))
  if (locals.user && !token && !url.search.startsWith('?/')) redirect(303, back)
  const { oidc, smtpUrl } = locals.app.config
  return {
    token,
    back,
    sendsMail: smtpUrl !== null,
    provider: oidc?.name ?? null,
    providerFailed: url.searchParams.get('erreur') === 'fournisseur',
  }
}

const visit = ({ locals, request, url, getClientAddress }: RequestEvent) =>
  visitOf(locals.app, request, url, getClientAddress())

const text = (form: FormData, name: string) => String(form.get(name) ?? '')

/** What a refused form shows again. */
function refused(error: unknown, form: FormData, name: 'link' | 'send' | 'password' | 'code') {
  if (!(error instanceof UserError)) throw error
  const answer = { form: name, error: error.message, email: text(form, 'email'), back: ownPath(text(form, 'retour')) }
  return fail(error.status, answer)
}

/** Sets the session's cookie and goes where the visitor wanted. */
function enter({ cookies, url }: RequestEvent, session: string, form: FormData): never {
  cookies.set('session', session, sessionCookieOptions(url.origin))
  redirect(303, ownPath(text(form, 'retour')))
}

export const actions: Actions = {
  link: async (event) => {
    const { app, user } = event.locals
    const form = await event.request.formData()
    let session: string
    try {
      session = await signInWithLink(app, user, { token: text(form, 'jeton'), visit: visit(event) })
    } catch (error) {
      return refused(error, form, 'link')
    }
    enter(event, session, form)
  },
  code: async (event) => {
    const { app, user } = event.locals
    const form = await event.request.formData()
    const email = text(form, 'email')
    try {
      await openAccountWithCode(app, user, {
        code: text(form, 'code'),
        email,
        name: text(form, 'name'),
        visit: visit(event),
      })
    } catch (error) {
      return refused(error, form, 'code')
    }
    return { form: 'code' as const, sent: true, email, back: ownPath(text(form, 'retour')) }
  },
  send: async (event) => {
    const { app, user } = event.locals
    const form = await event.request.formData()
    const back = ownPath(text(form, 'retour'))
    try {
      await sendSignInLink(app, user, { email: text(form, 'email'), back, visit: visit(event) })
    } catch (error) {
      return refused(error, form, 'send')
    }
    return { form: 'send' as const, sent: true, back }
  },
  password: async (event) => {
    const { app, user } = event.locals
    const form = await event.request.formData()
    const [email, password] = [text(form, 'email'), text(form, 'password')]
    let session: string
    try {
      session = await signInWithPassword(app, user, { email, password, visit: visit(event) })
    } catch (error) {
      return refused(error, form, 'password')
    }
    enter(event, session, form)
  },
}
