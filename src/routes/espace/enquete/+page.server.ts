import { coveragePage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang }, url }) => ({
  ...(await coveragePage(app.db, user, lang, url.searchParams.get('territoire'))),
  today: new Date().toISOString().slice(0, 10),
})
