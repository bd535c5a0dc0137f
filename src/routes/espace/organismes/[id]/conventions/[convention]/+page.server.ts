import {
  addClause,
  changeConvention,
  endConvention,
  extendConvention,
  getBody,
  getConvention,
  listConventionEvents,
  removeClause,
  requireManager,
  writeConvention,
} from '#accounts'
import { fileRefusals, stateOf } from '#accounts/model'
import { notFound } from '#platform'
import { formAction, type FormTexts } from '../../../../forms.ts'
import { itemNames } from '../../../../names.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  change: 'admin',
  addClause: 'admin',
  removeClause: 'admin',
  extend: 'admin',
  end: 'admin',
  replace: 'admin',
}
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang }, params, url }) => {
  await requireManager(app.db, user, params.id)
  const convention = await getConvention(app.db, params.convention)
  if (convention.body !== params.id) throw notFound('Cette convention')
  const [body, events] = await Promise.all([getBody(app.db, params.id), listConventionEvents(app.db, convention.id)])
  return {
    body: { id: body.id, name: body.name },
    convention,
    state: stateOf(convention, Date.now()),
    events,
    administrator: user?.administrator ?? false,
    items: itemNames(lang),
    refusal: fileRefusals.find((one) => one === url.searchParams.get('refus')) ?? null,
    done: url.searchParams.get('fait'),
  }
}

const texts = ({ get }: FormTexts) => ({ title: get('title'), startsOn: get('startsOn'), endsOn: get('endsOn') })

/** An action that changes the convention of the page, then shows it again. */
const change = (
  form: string,
  done: string,
  work: (event: RequestEvent, id: string, texts: FormTexts) => Promise<void>,
) =>
  formAction<RequestEvent>(form, async (event, sent) => {
    const { id, convention } = event.params
    await work(event, convention, sent)
    return `/espace/organismes/${id}/conventions/${convention}?fait=${done}`
  })

export const actions: Actions = {
  change: change('change', 'changed', ({ locals: { app, user } }, id, sent) =>
    changeConvention(app.db, user, id, texts(sent)),
  ),
  addClause: change('addClause', 'added', ({ locals: { app, user } }, id, { get, all }) =>
    addClause(app.db, user, id, {
      action: get('action'),
      scope: get('scope'),
      pillars: all('pillars'),
      items: all('items'),
      territory: get('territory'),
      purpose: get('purpose'),
    }),
  ),
  removeClause: change('removeClause', 'removed', ({ locals: { app, user } }, convention, { get }) =>
    removeClause(app.db, user, { convention, clause: get('clause') }),
  ),
  extend: change('extend', 'extended', ({ locals: { app, user } }, id, { get }) =>
    extendConvention(app.db, user, id, get('until')),
  ),
  end: change('end', 'ended', ({ locals: { app, user } }, id, { get }) =>
    endConvention(app.db, user, id, get('reason')),
  ),
  replace: formAction<RequestEvent>('replace', async ({ locals: { app, user }, params }, sent) => {
    const { id: body, convention: replaces } = params
    const id = await writeConvention(app.db, user, { body, replaces, ...texts(sent) })
    return `/espace/organismes/${body}/conventions/${id}?fait=written`
  }),
}
