import { getNotice } from '#consent'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals }) => ({
  contact: (await getNotice(locals.app.db)).contact,
})
