import { localized } from '#platform/model'
import {
  acceptDelivery,
  decideRow,
  deliveryPage,
  removeDelivery,
  resumeDelivery,
  setColumns,
  undoDelivery,
} from '#survey'
import { formAction } from '../../forms.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  columns: 'signed-in',
  decide: 'signed-in',
  accept: 'signed-in',
  resume: 'signed-in',
  undo: 'signed-in',
  remove: 'signed-in',
}
export const csr = false

const numberOf = (text: string | null) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : 0)

export const load: PageServerLoad = async ({ locals: { app, user, lang }, params, url }) => {
  const after = numberOf(url.searchParams.get('apres'))
  return {
    page: await deliveryPage(app, user, params.id, { lang, show: url.searchParams.get('lignes'), after }),
    done: url.searchParams.get('fait'),
    later: after > 0,
  }
}

const pageOf = ({ locals: { lang }, params }: RequestEvent) => localized(lang, `/espace/livraisons/${params.id}`)

/** Which rows were in sight. */
const shownIn = ({ url }: RequestEvent) => encodeURIComponent(url.searchParams.get('lignes') ?? 'all')

export const actions: Actions = {
  columns: formAction('columns', async (event: RequestEvent, { get }) => {
    const { app, user } = event.locals
    const chosen: string[] = []
    for (let i = 0; i < 300 && get(`column-${i}`) !== ''; i++) chosen.push(get(`column-${i}`))
    await setColumns(app, user, event.params.id, chosen)
    return `${pageOf(event)}?fait=columns`
  }),
  decide: formAction('decide', async (event: RequestEvent, { get }) => {
    const { app, user } = event.locals
    const choice = get('choice')
    const siret = choice === 'none' ? null : choice === 'other' ? get('siret') : choice
    await decideRow(app, user, { delivery: event.params.id, line: numberOf(get('line')), siret })
    return `${pageOf(event)}?lignes=${shownIn(event)}&fait=${siret === null ? 'skipped' : 'decided'}#lignes`
  }),
  accept: formAction('accept', async (event: RequestEvent) => {
    await acceptDelivery(event.locals.app, event.locals.user, event.params.id)
    return pageOf(event)
  }),
  resume: formAction('resume', async (event: RequestEvent) => {
    await resumeDelivery(event.locals.app, event.locals.user, event.params.id)
    return pageOf(event)
  }),
  undo: formAction('undo', async (event: RequestEvent, { get }) => {
    await undoDelivery(event.locals.app, event.locals.user, event.params.id, { confirmed: get('confirm') === 'yes' })
    return pageOf(event)
  }),
  remove: formAction('remove', async (event: RequestEvent) => {
    await removeDelivery(event.locals.app, event.locals.user, event.params.id)
    return localized(event.locals.lang, '/espace/livraisons')
  }),
}
