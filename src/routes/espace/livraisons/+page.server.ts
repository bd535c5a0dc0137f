import { isId } from '#platform/model'
import { deliveriesPage } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const before = url.searchParams.get('avant')
  const later = before !== null && isId(before)
  return {
    page: await deliveriesPage(app, user, { refusal: url.searchParams.get('refus'), before: later ? before : null }),
    later,
  }
}
