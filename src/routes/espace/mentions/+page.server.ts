import { fail } from '@sveltejs/kit'
import { getNotice, saveNotice } from '#consent'
import { UserError } from '#platform'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'admin'
export const _permissions = { default: 'admin' }
export const csr = false

export const load: PageServerLoad = async ({ locals }) => ({ notice: await getNotice(locals.app.db) })

export const actions: Actions = {
  default: async ({ locals, request }) => {
    const form = await request.formData()
    const field = (name: string) => String(form.get(name) ?? '').trim()
    const notice = {
      publisher: field('publisher'),
      address: field('address'),
      director: field('director'),
      contact: field('contact'),
      host: field('host'),
      hostAddress: field('hostAddress'),
      dpo: field('dpo'),
    }
    try {
      await saveNotice(locals.app.db, locals.user, notice)
    } catch (error) {
      if (error instanceof UserError) return fail(error.status, { error: error.message, values: notice, saved: false })
      throw error
    }
    return { error: null, values: null, saved: true }
  },
}
