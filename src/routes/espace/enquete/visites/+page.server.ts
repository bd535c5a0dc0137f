import { visitsPage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url: { searchParams } }) =>
  visitsPage(app.db, user, {
    whose: searchParams.get('de') === 'organisme' ? 'bodies' : 'mine',
    after: searchParams.get('apres'),
  })
