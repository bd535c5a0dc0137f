import { fail } from '@sveltejs/kit'
import { createEnterpriseCode, listCodeBodies, siteAddress } from '#accounts'
import { UserError } from '#platform'
import { getEstablishment } from '#registry'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { default: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const { siret, name } = await getEstablishment(app.db, url.searchParams.get('siret') ?? '')
  return {
    siret,
    name,
    bodies: await listCodeBodies(app.db, user),
    sendsMail: app.config.smtpUrl !== null,
    administrator: user?.administrator ?? false,
    address: `${siteAddress(app.config)}/espace/entreprise`,
  }
}

export const actions: Actions = {
  // The code is in the answer alone: an address would keep it in a history.
  default: async ({ locals: { app, user }, request, url }) => {
    const data = await request.formData()
    const text = (name: string) => String(data.get(name) ?? '')
    const values = { body: text('body'), email: text('email'), name: text('name') }
    try {
      const { siret, commune } = await getEstablishment(app.db, url.searchParams.get('siret') ?? text('siret'))
      const code = await createEnterpriseCode(app, user, { siret, commune, ...values })
      return { made: { code, mailed: values.email.trim() !== '' } }
    } catch (error) {
      if (!(error instanceof UserError) || error.status === 404) throw error
      return fail(error.status, { answer: { form: 'make', error: error.message, fields: error.fields, values } })
    }
  },
}
