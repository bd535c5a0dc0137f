import { visitListPage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang }, url: { searchParams } }) =>
  visitListPage(app.db, user, lang, {
    territory: searchParams.get('territoire'),
    commune: searchParams.get('commune'),
    metier: searchParams.get('metier'),
    state: searchParams.get('etat'),
    after: searchParams.get('apres'),
  })
