import { redirect } from '@sveltejs/kit'
import { signOut } from '#accounts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { signOut: 'signed-in' }
export const csr = false

export const load: PageServerLoad = ({ locals: { user } }) => ({
  name: user?.name ?? '',
  administrator: user?.administrator ?? false,
})

export const actions: Actions = {
  signOut: async ({ locals, cookies }) => {
    await signOut(locals.app.db, locals.user, cookies.get('session'))
    cookies.delete('session', { path: '/' })
    redirect(303, '/')
  },
}
