import { metiersPage } from '#atlas'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals }) => ({ page: await metiersPage(locals.app) })
