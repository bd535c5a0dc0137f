import { fail, redirect } from '@sveltejs/kit'
import { enterAsGuest, findInvitation } from '#accounts'
import { UserError } from '#platform'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'public'
export const _permissions = { default: 'public' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app }, params, setHeaders }) => {
  // The address is a key: it goes to no other site. Not “no-referrer”: the browser would then hide the form’s origin.
  setHeaders({ 'referrer-policy': 'same-origin', 'x-robots-tag': 'noindex' })
  const invitation = await findInvitation(app.db, params.token)
  return { label: invitation?.label ?? null }
}

export const actions: Actions = {
  default: async ({ locals: { app, user }, params, request, cookies, url }) => {
    const data = await request.formData()
    const values = { name: String(data.get('name') ?? ''), age: String(data.get('age') ?? '') }
    let entered: { cookie: string; path: string }
    try {
      entered = await enterAsGuest(app.db, user, { token: params.token, ...values })
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return fail(error.status, { form: 'enter', error: error.message, fields: error.fields, values })
    }
    cookies.set('guest', entered.cookie, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
      maxAge: 366 * 86_400,
    })
    redirect(303, entered.path)
  },
}
