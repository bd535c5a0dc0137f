import { getNotice, readProcessings } from '#consent'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals, url }) => ({
  ...(await readProcessings()),
  notice: await getNotice(locals.app.db),
  erased: url.searchParams.has('effacees'),
})
