import { collectPage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => ({
  collect: await collectPage(app, user, url.searchParams.get('refus')),
})
