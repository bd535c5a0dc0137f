import {
  endMembership,
  findLogo,
  getBody,
  inviteMember,
  listConventions,
  listMembers,
  removeLogo,
  requireMember,
  saveBody,
  writeConvention,
} from '#accounts'
import { logoRefusals, stateOf } from '#accounts/model'
import { findTerritory } from '#territory'
import { formAction } from '../../forms.ts'
import { itemNames, listMetiers } from '../../names.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = {
  change: 'admin',
  write: 'admin',
  invite: 'signed-in',
  leave: 'signed-in',
  removeLogo: 'signed-in',
}
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang }, params, url }) => {
  const { manages } = await requireMember(app.db, user, params.id)
  const body = await getBody(app.db, params.id)
  const [members, conventions, territory, metiers, logo] = await Promise.all([
    manages ? listMembers(app.db, body.id) : null,
    listConventions(app.db, [body.id]),
    body.territory ? findTerritory(app.db, body.territory) : null,
    listMetiers(app.db, lang),
    findLogo(app.db, body.id),
  ])
  const now = Date.now()
  return {
    body,
    members,
    // A draft is between the platform and whoever manages the body.
    conventions: conventions
      .map((one) => ({ ...one, state: stateOf(one, now) }))
      .filter(({ state }) => manages || state !== 'draft'),
    territoryName: territory?.name ?? null,
    logo: logo !== null,
    logoRefusal: logoRefusals.find((one) => one === url.searchParams.get('refus')) ?? null,
    administrator: user?.administrator ?? false,
    sendsMail: app.config.smtpUrl !== null,
    items: itemNames(lang),
    metiers,
    done: url.searchParams.get('fait'),
  }
}

export const actions: Actions = {
  change: formAction('change', async ({ locals: { app, user }, params }, { get }) => {
    const input = { name: get('name'), kind: get('kind'), territory: get('territory'), email: get('email') }
    await saveBody(app.db, user, params['id'] ?? '', input)
    return `/espace/organismes/${params['id']}?fait=saved`
  }),
  write: formAction('write', async ({ locals: { app, user }, params }, { get }) => {
    const input = { title: get('title'), startsOn: get('startsOn'), endsOn: get('endsOn') }
    const id = await writeConvention(app.db, user, { body: params['id'] ?? '', replaces: null, ...input })
    return `/espace/organismes/${params['id']}/conventions/${id}?fait=written`
  }),
  invite: formAction('invite', async ({ locals: { app, user }, params }, { get, all }) => {
    await inviteMember(app, user, {
      body: params['id'] ?? '',
      email: get('email'),
      name: get('name'),
      role: get('role'),
      metiers: all('metiers'),
      until: get('until'),
    })
    return `/espace/organismes/${params['id']}?fait=invited`
  }),
  leave: formAction('leave', async ({ locals: { app, user }, params }, { get }) => {
    await endMembership(app.db, user, { body: params['id'] ?? '', membership: get('membership') })
    return `/espace/organismes/${params['id']}?fait=left`
  }),
  removeLogo: formAction('removeLogo', async ({ locals: { app, user }, params }) => {
    await removeLogo(app, user, params['id'] ?? '')
    return `/espace/organismes/${params['id']}?fait=logoRemoved`
  }),
}
