import { homePage } from '#atlas'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals, url }) => ({
  page: await homePage(locals.app, url.searchParams.get('q') ?? ''),
})
