import { isDemonstration } from '#platform'
import type { LayoutServerLoad } from './$types'

export const load: LayoutServerLoad = async ({ locals, url }) => ({
  lang: locals.lang,
  path: url.pathname,
  search: url.search,
  signedIn: locals.user !== null,
  demonstration: await isDemonstration(locals.app.db),
  version: locals.app.version,
  commit: locals.app.commit,
  sourceUrl: locals.app.config.sourceUrl ?? '/source.tar.gz',
})
