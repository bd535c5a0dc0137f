import { metierPage } from '#atlas'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals, params }) => ({ page: await metierPage(locals.app, params.slug) })
