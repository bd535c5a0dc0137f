import { practicesPage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, lang }, url }) => ({
  page: await practicesPage(app, lang, url.searchParams),
})
