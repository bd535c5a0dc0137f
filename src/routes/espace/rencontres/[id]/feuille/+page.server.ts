import { notFound } from '#platform'
import { getMeeting } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, user }, params }) => {
  const { meeting, people } = await getMeeting(app.db, user, params.id)
  if (people === null) throw notFound('Cette feuille de présence')
  return { meeting, people }
}
