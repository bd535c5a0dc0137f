import { localized } from '#platform/model'
import { acceptCollection, collectionPage, removeCollection } from '#survey'
import { formAction } from '../../forms.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'signed-in'
export const _permissions = { accept: 'signed-in', remove: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, params }) => ({
  collection: await collectionPage(app, user, params.id),
})

export const actions: Actions = {
  accept: formAction('accept', async ({ locals: { app, user, lang }, params }: RequestEvent) => {
    await acceptCollection(app, user, params.id)
    return localized(lang, `/espace/collecte/${params.id}`)
  }),
  remove: formAction('remove', async ({ locals: { app, user, lang }, params }: RequestEvent) => {
    await removeCollection(app, user, params.id)
    return localized(lang, '/espace/collecte')
  }),
}
