import { redirect } from '@sveltejs/kit'
import { listMyBodies, signOut } from '#accounts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { signOut: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user } }) => {
  const now = new Date().toISOString()
  const bodies = await listMyBodies(app.db, user)
  return {
    name: user?.name ?? '',
    administrator: user?.administrator ?? false,
    member: bodies.some(({ startsAt, endsAt }) => startsAt <= now && (endsAt === null || now < endsAt)),
  }
}

export const actions: Actions = {
  signOut: async ({ locals, cookies }) => {
    await signOut(locals.app.db, locals.user, cookies.get('session'))
    cookies.delete('session', { path: '/' })
    redirect(303, '/')
  },
}
