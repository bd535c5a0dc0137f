import { fail, redirect } from '@sveltejs/kit'
import { collectPersonalData, countPersonalData, eraseOwnData, listOwnConsents, withdrawConsent } from '#consent'
import { UserError } from '#platform'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { withdraw: 'signed-in', erase: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const data = await collectPersonalData(app, user)
  return {
    held: countPersonalData(data),
    consents: await listOwnConsents(app, user),
    holdsEnterprises: data.subjects.length > 1,
    changed: url.searchParams.has('fait'),
  }
}

export const actions: Actions = {
  withdraw: async ({ locals: { app, user }, request, url }) => {
    const form = await request.formData()
    try {
      await withdrawConsent(app.db, user, { kind: String(form.get('kind')), id: String(form.get('id')) })
    } catch (error) {
      if (error instanceof UserError) return fail(error.status, { refusal: error.message, error: null })
      throw error
    }
    redirect(303, `${url.pathname}?fait`)
  },
  erase: async ({ locals: { app, user }, request, cookies }) => {
    const form = await request.formData()
    try {
      await eraseOwnData(app, user, {
        confirmation: String(form.get('confirmation') ?? ''),
        enterprises: form.get('enterprises') === 'on',
      })
    } catch (error) {
      if (error instanceof UserError) return fail(error.status, { refusal: null, error: error.message })
      throw error
    }
    cookies.delete('session', { path: '/' })
    redirect(303, '/confidentialite?effacees')
  },
}
