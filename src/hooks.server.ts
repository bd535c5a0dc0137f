import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { error } from '@sveltejs/kit'
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks'
import { requests, requirePermission, toUserError, UserError, type Permission } from '#platform'
import { langOf } from '#platform/model'

interface PageModule {
  _permission?: Permission
  _permissions?: Record<string, Permission>
}

const pages = import.meta.glob<PageModule>('./routes/**/{+page.server,+server}.ts', { eager: true })
const permissionOf = new Map(
  Object.entries(pages).map(([file, module]) => [
    file.replace(/^\.\/routes/, '').replace(/\/\+(page\.server|server)\.ts$/, '') || '/',
    module,
  ]),
)

/** What a page or one of its actions demands; one that declares nothing is refused. */
function demanded(route: string | null, method: string, search: URLSearchParams): Permission | null {
  const module = permissionOf.get(route ?? '')
  if (!module) return null
  if (method !== 'POST' || !module._permissions) return module._permission ?? 'admin'
  const action = [...search.keys()].find((key) => key.startsWith('/'))?.slice(1) ?? 'default'
  return module._permissions[action] ?? 'admin'
}

const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

async function compressed(request: Request, response: Response): Promise<Response> {
  const accepted = request.headers.get('accept-encoding') ?? ''
  const type = response.headers.get('content-type') ?? ''
  if (!/^(text|application\/(json|.*\+json))/.test(type) || response.headers.has('content-encoding') || !response.body)
    return response
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null
  const body = Buffer.from(await response.arrayBuffer())
  const headers = new Headers(response.headers)
  headers.append('vary', 'accept-encoding')
  if (!encoding || body.length < 1024) return new Response(body, { status: response.status, headers })
  headers.set('content-encoding', encoding)
  headers.delete('content-length')
  const smaller =
    encoding === 'br' ? await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }) : await zip(body)
  return new Response(new Uint8Array(smaller), { status: response.status, headers })
}

/** The page's own policy, plus the basemap that an administrator configured. */
function addConfiguredOrigins(response: Response, basemap: string | null) {
  const policy = response.headers.get('content-security-policy')
  if (!policy || !basemap || !/^https?:/.test(basemap)) return
  const { origin } = new URL(basemap)
  response.headers.set('content-security-policy', policy.replace(/(connect-src|img-src) /g, `$1 ${origin} `))
}

export const handle: Handle = async ({ event, resolve }) => {
  const context = requests.getStore()
  if (!context) throw new Error('A page was asked for outside of the HTTP server')
  event.locals.app = context.app
  event.locals.user = context.user
  event.locals.requestId = context.id
  event.locals.lang = langOf(event.url.pathname)
  const permission = demanded(event.route.id, event.request.method, event.url.searchParams)
  if (permission) {
    try {
      requirePermission(permission, context.user)
    } catch (refusal) {
      const { status, message } = toUserError(refusal)
      if (status === 401 && event.request.method === 'GET') {
        const back = encodeURIComponent(event.url.pathname + event.url.search)
        return new Response(null, { status: 303, headers: { location: `/connexion?retour=${back}` } })
      }
      error(status, { message })
    }
  }
  const response = await resolve(event, {
    transformPageChunk: ({ html }) => html.replace('%lang%', event.locals.lang),
  })
  addConfiguredOrigins(response, context.app.config.basemapUrl)
  if (!response.headers.has('cache-control')) response.headers.set('cache-control', 'private, no-cache')
  return compressed(event.request, response)
}

export const handleError: HandleServerError = ({ kind, error: thrown, event }) => {
  const requestId = event.locals.requestId
  if (kind === 'app') return { requestId }
  if (kind === 'framework' && thrown.status === 404)
    return { message: 'Cette page n’existe pas.', code: 'not_found', requestId }
  if (kind === 'framework') return { requestId }
  const known = toUserError(thrown)
  if (!(thrown instanceof UserError)) event.locals.app?.log.error({ err: thrown, request: requestId }, 'a page failed')
  return { status: known.status, message: known.message, code: known.code, requestId }
}
