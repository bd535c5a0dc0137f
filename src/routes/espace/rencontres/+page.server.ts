import { localized } from '#platform/model'
import { pageMeetings, planMeeting } from '#survey'
import { formAction } from '../forms.ts'
import { meetingInput } from './input.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { plan: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const past = url.searchParams.get('quand') === 'passees'
  const after = url.searchParams.get('apres')
  return { ...(await pageMeetings(app.db, user, { past, after })), past, first: after === null }
}

export const actions: Actions = {
  plan: formAction('plan', async ({ locals: { app, user, lang } }, texts) => {
    const id = await planMeeting(app.db, user, meetingInput(texts))
    return localized(lang, `/espace/rencontres/${id}?fait=planned`)
  }),
}
