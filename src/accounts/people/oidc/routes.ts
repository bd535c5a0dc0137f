import type { FastifyInstance, FastifyReply } from 'fastify'
import { UserError, type App } from '#platform'
import { countAttempt, triesLimit } from '../attempts.ts'
import { ownPath } from '../model.ts'
import { toHeaders, visitOfRequest, withScheme, type Visit } from '../visits.ts'
import { getProviderAuth, providerId } from './provider.ts'

const open = { config: { permission: 'public' } } as const
const failed = '/connexion?erreur=fournisseur'

/** Goes where better-auth says, with its cookies. */
function forward(reply: FastifyReply, visit: Visit, headers: Headers, location: string | null) {
  reply.header('set-cookie', withScheme(headers.getSetCookie(), visit.origin))
  return reply.redirect(location ?? failed, 303)
}

/** The two addresses of the sign-in through a provider; without one configured, they do not exist. */
export function oidcRoutes(http: FastifyInstance, app: App): void {
  const { oidc } = app.config
  if (!oidc) return
  // A link and not a form: the policy of pages lets no form lead to another site.
  http.get<{ Querystring: { retour?: unknown } }>('/oidc', open, async (request, reply) => {
    const visit = visitOfRequest(app, request)
    const { retour } = request.query
    const back = ownPath(typeof retour === 'string' ? retour : null)
    try {
      await countAttempt(app, `provider from ${visit.place}`, triesLimit)
      const { api } = await getProviderAuth(app, oidc)
      const { headers, response } = await api.signInSocial({
        body: { provider: providerId, callbackURL: back, errorCallbackURL: failed, disableRedirect: true },
        headers: toHeaders(visit),
        returnHeaders: true,
      })
      return forward(reply, visit, headers, response.url ?? null)
    } catch (error) {
      if (error instanceof UserError) return reply.redirect(`${failed}&code=${error.code}`, 303)
      throw error
    }
  })
  http.get('/callback/oidc', open, async (request, reply) => {
    const visit = visitOfRequest(app, request)
    const { api } = await getProviderAuth(app, oidc)
    const response = await api.callbackOAuth({
      method: 'GET',
      params: { id: providerId },
      query: request.query as Record<string, string>,
      headers: toHeaders(visit),
      asResponse: true,
    })
    return forward(reply, visit, response.headers, response.headers.get('location'))
  })
}
