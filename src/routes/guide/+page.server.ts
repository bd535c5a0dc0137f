import { guidePage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals, url }) => ({
  page: await guidePage(locals.app, locals.lang, url.searchParams),
})
