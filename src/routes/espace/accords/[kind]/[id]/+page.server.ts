import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit'
import {
  askConsent,
  getAgreementScreen,
  giveConsent,
  narrowConsent,
  parseAgreement,
  parseScope,
  refuseConsent,
  withdrawConsent,
} from '#consent'
import { UserError } from '#platform'
import type { Actions, PageServerLoad, RouteParams } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  give: 'signed-in',
  narrow: 'signed-in',
  refuse: 'signed-in',
  withdraw: 'signed-in',
  ask: 'signed-in',
}
export const csr = false

const steps = ['give', 'narrow', 'refuse', 'withdraw', 'ask'] as const

export const load: PageServerLoad = async ({ locals: { app, user, lang }, params, url }) => {
  try {
    return {
      screen: await getAgreementScreen(app, user, params, lang, url.searchParams.has('mineur')),
      done: steps.find((one) => one === url.searchParams.get('fait')) ?? null,
    }
  } catch (thrown) {
    if (thrown instanceof UserError) error(thrown.status, { message: thrown.message })
    throw thrown
  }
}

/** Does a step, then shows the screen again, so that a reload does it no second time. */
async function step(
  { request, url }: RequestEvent<RouteParams>,
  name: (typeof steps)[number],
  act: (form: FormData) => Promise<unknown>,
) {
  try {
    await act(await request.formData())
  } catch (thrown) {
    if (thrown instanceof UserError) return fail(thrown.status, { error: thrown.message })
    throw thrown
  }
  redirect(303, `${url.pathname}?fait=${name}`)
}

export const actions: Actions = {
  give: (event) =>
    step(event, 'give', (form) =>
      giveConsent(event.locals.app.db, event.locals.user, { ...event.params, ...parseAgreement(form) }),
    ),
  narrow: (event) =>
    step(event, 'narrow', (form) =>
      narrowConsent(event.locals.app.db, event.locals.user, { ...event.params, scope: parseScope(form) }),
    ),
  refuse: (event) => step(event, 'refuse', () => refuseConsent(event.locals.app.db, event.locals.user, event.params)),
  withdraw: (event) =>
    step(event, 'withdraw', () => withdrawConsent(event.locals.app.db, event.locals.user, event.params)),
  ask: (event) => step(event, 'ask', () => askConsent(event.locals.app.db, event.locals.user, event.params)),
}
