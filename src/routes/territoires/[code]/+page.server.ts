import { portraitPage } from '#atlas'
import { localized } from '#platform/model'
import { redirect } from '@sveltejs/kit'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const page = await portraitPage(locals.app, params.code, locals.lang, url.searchParams.get('tri'))
  if (page.territory.code !== params.code) redirect(301, localized(locals.lang, `/territoires/${page.territory.code}`))
  return { page }
}
