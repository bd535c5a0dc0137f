import { localized } from '#platform/model'
import { linkByForm, prospectsPage } from '#survey'
import { formAction } from '../../forms.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { link: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const linked = url.searchParams.get('compte')
  return {
    ...(await prospectsPage(app.db, user)),
    linked: linked !== null && /^\d{1,6}$/.test(linked) ? Number(linked) : null,
  }
}

export const actions: Actions = {
  link: formAction('link', async ({ locals: { app, user, lang } }, { get }) => {
    const counted = await linkByForm(app.db, user, { prospect: get('prospect'), siret: get('siret') })
    return localized(lang, `/espace/enquete/a-rattacher?compte=${counted}`)
  }),
}
