import { mapPage } from '#atlas'
import type { PageServerLoad } from './$types'

export const _permission = 'public'

export const load: PageServerLoad = async ({ locals, url }) => ({ page: await mapPage(locals.app, url.searchParams) })
