import { mapPage } from '#atlas'
import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

export const _permission = 'public'

export const load: PageServerLoad = async ({ locals, url }) => {
  // A form sends its empty fields too: the address that people keep has only what they chose.
  const chosen = [...url.searchParams].filter(([, value]) => value !== '')
  if (chosen.length < url.searchParams.size) redirect(303, `${url.pathname}?${new URLSearchParams(chosen)}`)
  return { page: await mapPage(locals.app, url.searchParams) }
}
