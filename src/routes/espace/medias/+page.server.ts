import { findChoices, listMine } from '#media'
import { nameOf } from '../names.ts'
import type { PageServerLoad } from './$types'

export const _permission = 'signed-in'

export const load: PageServerLoad = async ({ locals: { app, user }, url }) => {
  const before = url.searchParams.get('avant')
  const known = before && /^[0-9a-f-]{36}$/.test(before) ? before : null
  const [choices, mine] = await Promise.all([findChoices(app.db, user), listMine(app.db, user!.id, known)])
  const sirets = choices?.enterprises ?? []
  const names = Object.fromEntries(
    await Promise.all(sirets.map(async (siret) => [siret, await nameOf(app, siret)] as const)),
  )
  return { choices, names, ...mine, refusal: url.searchParams.get('refus') }
}
