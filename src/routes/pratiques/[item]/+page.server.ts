import { practicePage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, lang }, params, url }) => ({
  page: await practicePage(app, lang, params.item, url.searchParams),
})
