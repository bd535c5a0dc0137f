import { fail, redirect } from '@sveltejs/kit'
import { signInWithLink } from '#accounts'
import { UserError } from '#platform'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'public'
export const _permissions = { default: 'public' }
export const csr = false

/** Only an address of this site: `//elsewhere` would be another. */
const ownPath = (text: string) => (/^\/(?![/\\])/.test(text) ? text : '/espace')

export const load: PageServerLoad = ({ url }) => ({
  token: url.searchParams.get('jeton') ?? '',
  back: ownPath(url.searchParams.get('retour') ?? '/espace'),
})

export const actions: Actions = {
  default: async ({ locals, request, cookies, url }) => {
    const form = await request.formData()
    let session: string
    try {
      session = await signInWithLink(locals.app.db, locals.user, String(form.get('jeton') ?? ''))
    } catch (error) {
      if (error instanceof UserError) return fail(error.status, { error: error.message })
      throw error
    }
    cookies.set('session', session, {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: url.protocol === 'https:',
      maxAge: 14 * 86_400,
    })
    redirect(303, ownPath(String(form.get('retour') ?? '/espace')))
  },
}
