import { listBodies, pageAudit } from '#accounts'
import { itemNames } from '../names.ts'
import type { PageServerLoad } from './$types'

export const _permission = 'admin'
export const csr = false

const address = (body: string | null, before: string | null) => {
  const search = new URLSearchParams({ ...(body ? { organisme: body } : {}), ...(before ? { avant: before } : {}) })
  return search.size > 0 ? `?${search}` : '?'
}

export const load: PageServerLoad = async ({ locals: { app, lang }, url }) => {
  const body = url.searchParams.get('organisme') || null
  const before = url.searchParams.get('avant')
  const [bodies, { lines, next }] = await Promise.all([listBodies(app.db), pageAudit(app.db, { body, before })])
  return {
    entries: lines,
    items: itemNames(lang),
    bodies: bodies.map(({ id, name }) => ({ id, name })),
    body,
    first: before ? address(body, null) : null,
    next: next ? address(body, next) : null,
  }
}
