import { claimEnterprise, leaveEnterprise, listMyEnterprises, pageAuditOf } from '#accounts'
import { formAction } from '../forms.ts'
import { itemNames, nameOf } from '../names.ts'
import type { Actions, PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const _permissions = { claim: 'signed-in', leave: 'signed-in' }
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user, lang }, url }) => ({
  enterprises: await Promise.all(
    (await listMyEnterprises(app.db, user)).map(async (siret) => {
      const { lines, next } = await pageAuditOf(app.db, { kind: 'enterprise', id: siret }, null)
      return { siret, name: await nameOf(app, siret), audit: lines, more: next !== null }
    }),
  ),
  items: itemNames(lang),
  done: url.searchParams.get('fait'),
  code: (url.searchParams.get('code') ?? '').slice(0, 40),
})

export const actions: Actions = {
  claim: formAction('claim', async ({ locals: { app, user } }, { get }) => {
    await claimEnterprise(app, user, get('code'))
    return '/espace/entreprise?fait=claimed'
  }),
  leave: formAction('leave', async ({ locals: { app, user } }, { get }) => {
    await leaveEnterprise(app.db, user, get('siret'))
    return '/espace/entreprise?fait=left'
  }),
}
