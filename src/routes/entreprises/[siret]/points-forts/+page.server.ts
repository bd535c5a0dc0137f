import { localized } from '#platform/model'
import { tellPage, tellStrengths } from '#survey'
import { formAction } from '../../../espace/forms.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'public'
export const _permissions = { tell: 'signed-in' }
export const csr = false

/** What the form has just done, as its address says it: `public-3`. */
function toldIn(text: string | null) {
  const [, to, count] = /^(public|body|own)-(\d{1,3})$/.exec(text ?? '') ?? []
  return to && count ? { to: to as 'public' | 'body' | 'own', count: Number(count) } : null
}

export const load: PageServerLoad = async ({ locals: { app, lang, user }, params, url }) => ({
  page: await tellPage(app, user, lang, params.siret),
  told: toldIn(url.searchParams.get('fait')),
})

export const actions: Actions = {
  tell: formAction('tell', async ({ locals: { app, lang, user }, params }: RequestEvent, texts) => {
    const points = texts.all('points')
    const to = await tellStrengths(app, user!, lang, params.siret, {
      voice: texts.get('voice'),
      points,
      comment: texts.get('comment'),
      consent: texts.get('consent') === 'yes',
      textVersion: texts.get('textVersion'),
      visit: texts.get('visit'),
      at: texts.get('at'),
    })
    return localized(lang, `/entreprises/${params.siret}/points-forts?fait=${to}-${new Set(points).size}`)
  }),
}
