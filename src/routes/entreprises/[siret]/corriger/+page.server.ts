import { fail, redirect } from '@sveltejs/kit'
import { visitOf } from '#accounts'
import { UserError } from '#platform'
import { localized } from '#platform/model'
import {
  contest,
  dissent,
  getItem,
  HourlyLimiter,
  parseForm,
  sayStatement,
  statementForm,
  withdrawStatement,
} from '#statements'
import type { Method } from '#statements/model'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'public'
export const _permissions = { say: 'public', withdraw: 'signed-in', contest: 'signed-in', dissent: 'signed-in' }

const answers = ['waiting', 'published', 'withdrawn', 'contested', 'dissented'] as const

export const load: PageServerLoad = async ({ locals: { app, user, lang }, params, url }) => ({
  form: await statementForm(
    app,
    user,
    lang,
    { kind: 'enterprise', id: params.siret },
    url.searchParams.get('champ') || null,
  ),
  done: answers.find((one) => one === url.searchParams.get('fait')) ?? null,
  today: new Date().toISOString().slice(0, 10),
})

const fieldsOf = (form: FormData) =>
  Object.fromEntries([...form].filter((entry): entry is [string, string] => typeof entry[1] === 'string'))

/** What a refused form shows again. */
function refused(error: unknown, values: Record<string, string>) {
  if (!(error instanceof UserError)) throw error
  const errors = Object.fromEntries(error.fields.map(({ field, message }) => [field, message]))
  return fail(error.status, { error: error.message, errors, values })
}

const back = ({ locals: { lang }, params }: RequestEvent, done: (typeof answers)[number]): never =>
  redirect(303, localized(lang, `/entreprises/${params.siret}/corriger?fait=${done}`))

async function say(event: RequestEvent, fields: Record<string, string>): Promise<boolean> {
  const { locals, params, request, url, getClientAddress } = event
  const { app, user, lang } = locals
  const subject = { kind: 'enterprise', id: params.siret }
  const name = url.searchParams.get('champ') ?? ''
  const item = getItem(subject.kind, name)
  const value = parseForm(item, fields)
  // As the form said it: a right that ended meanwhile is refused with its reason.
  const as = fields.as === 'right' ? 'right' : 'citizen'
  if (as === 'citizen')
    app
      .once('statements.limiter', () => new HourlyLimiter(10))
      .pass(visitOf(app, request, url, getClientAddress()).place)
  const { pending } = await sayStatement(app.db, user, {
    subject,
    item: name,
    value,
    as,
    saidOn: fields.saidOn ?? '',
    method: fields.method as Method,
    evidence: fields.evidence ?? null,
    comment: fields.comment ?? null,
    consent: fields.consent === 'yes' ? { textVersion: fields.textVersion ?? '', textLang: lang } : null,
  })
  return pending
}

export const actions: Actions = {
  say: async (event) => {
    const fields = fieldsOf(await event.request.formData())
    // Only a program fills the field that nobody sees: it is thanked, and nothing is kept.
    if (fields.surnom) back(event, 'waiting')
    let pending: boolean
    try {
      pending = await say(event, fields)
    } catch (error) {
      return refused(error, fields)
    }
    return back(event, pending ? 'waiting' : 'published')
  },
  withdraw: async (event) => {
    const fields = fieldsOf(await event.request.formData())
    try {
      await withdrawStatement(event.locals.app.db, event.locals.user, fields.statement ?? '')
    } catch (error) {
      return refused(error, fields)
    }
    return back(event, 'withdrawn')
  },
  dissent: async (event) => {
    const fields = fieldsOf(await event.request.formData())
    const { settlement = '', reason = '' } = fields
    try {
      await dissent(event.locals.app.db, event.locals.user, { settlement, reason })
    } catch (error) {
      return refused(error, fields)
    }
    return back(event, 'dissented')
  },
  contest: async (event) => {
    const fields = fieldsOf(await event.request.formData())
    const { app, user } = event.locals
    const subject = { kind: 'enterprise', id: event.params.siret }
    try {
      await contest(app.db, user, { subject, item: fields.item ?? '', reason: fields.reason ?? '' })
    } catch (error) {
      return refused(error, fields)
    }
    return back(event, 'contested')
  },
}
