import { listBodies, listMyRights, saveBody } from '#accounts'
import { formAction } from '../forms.ts'
import { itemNames, listMetiers } from '../names.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { open: 'admin' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang } }) => {
  const [rights, bodies, metiers] = await Promise.all([
    listMyRights(app.db, user),
    user?.administrator ? listBodies(app.db) : null,
    listMetiers(app.db, lang),
  ])
  return {
    rights,
    bodies,
    items: itemNames(lang),
    metiers: Object.fromEntries(metiers.map(({ slug, label }) => [slug, label])),
  }
}

export const actions: Actions = {
  open: formAction('open', async ({ locals: { app, user } }, { get }) => {
    const id = await saveBody(app.db, user, null, {
      name: get('name'),
      kind: get('kind'),
      territory: get('territory'),
      email: get('email'),
    })
    return `/espace/organismes/${id}?fait=opened`
  }),
}
