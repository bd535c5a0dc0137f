import { redirect } from '@sveltejs/kit'
import { signOut } from '#accounts'
import type { Actions } from './$types'

export const _permission = 'admin'
export const _permissions = { signOut: 'admin' }
export const csr = false

export const actions: Actions = {
  signOut: async ({ locals, cookies }) => {
    await signOut(locals.app.db, locals.user, cookies.get('session'))
    cookies.delete('session', { path: '/' })
    redirect(303, '/')
  },
}
