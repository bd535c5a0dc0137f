import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { requireSameOrigin, type App } from '#platform'
import { countAttempt, triesLimit } from './attempts.ts'
import { getAuth, type Auth } from './auth.ts'
import { notFresh, passkeyRefused } from './errors.ts'
import { browserOf } from './model.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { codeOf, toHeaders, visitOfRequest, withScheme, type Visit } from './visits.ts'

type Credential = NonNullable<Parameters<Auth['api']['verifyPasskeyAuthentication']>[0]>['body']['response']

const open = { config: { permission: 'public' }, bodyLimit: 20_000 } as const
const signedIn = { config: { permission: 'signed-in' }, bodyLimit: 20_000 } as const

/** Answers what better-auth answers, with its cookies, and its errors as ours. */
async function answer<T>(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  ask: (api: Auth['api'], visit: Visit) => Promise<{ headers: Headers; response: T }>,
): Promise<T> {
  const visit = visitOfRequest(app, request)
  await countAttempt(app, `passkey from ${visit.place}`, triesLimit)
  try {
    const { headers, response } = await ask((await getAuth(app)).api, visit)
    reply.header('set-cookie', withScheme(headers.getSetCookie(), visit.origin))
    return response
  } catch (error) {
    if (codeOf(error) === 'SESSION_NOT_FRESH') throw notFresh()
    if (codeOf(error)) throw passkeyRefused()
    throw error
  }
}

const ceremony = v.object({
  response: v.looseObject({ id: v.string(), rawId: v.string(), type: v.literal('public-key'), response: v.object({}) }),
  name: v.optional(v.string()),
})

/** What a browser answered; better-auth and SimpleWebAuthn check all that it claims. */
function readCeremony(request: FastifyRequest) {
  const read = v.safeParse(ceremony, request.body)
  if (!read.success) throw passkeyRefused()
  return { response: (request.body as { response: Credential }).response, name: read.output.name }
}

/** A name that tells one's devices apart, until their owner gives his own. */
function nameOf(name: string | undefined, userAgent: string | null): string {
  const { browser, system } = browserOf(userAgent)
  return name?.trim().slice(0, 100) || [browser, system].filter(Boolean).join(' · ') || 'Clé d’accès'
}

/** The two ceremonies of passkeys (WebAuthn): to sign in, and to add one. */
function passkeyRoutes(http: FastifyInstance, app: App) {
  http.post('/passkey/options', open, (request, reply) =>
    answer(app, request, reply, (api, visit) =>
      api.generatePasskeyAuthenticationOptions({
        headers: toHeaders({ ...visit, cookie: null }),
        returnHeaders: true,
      }),
    ),
  )
  http.post('/passkey/sign-in', open, async (request, reply) => {
    const { response } = readCeremony(request)
    await answer(app, request, reply, (api, visit) =>
      api.verifyPasskeyAuthentication({ body: { response }, headers: toHeaders(visit), returnHeaders: true }),
    )
    return { signedIn: true }
  })
  http.post('/passkey/new', signedIn, (request, reply) =>
    answer(app, request, reply, (api, visit) =>
      api.generatePasskeyRegistrationOptions({ query: {}, headers: toHeaders(visit), returnHeaders: true }),
    ),
  )
  http.post('/passkey/add', signedIn, async (request, reply) => {
    const { response, name } = readCeremony(request)
    await answer(app, request, reply, (api, visit) =>
      api.verifyPasskeyRegistration({
        body: { response, name: nameOf(name, visit.userAgent) },
        headers: toHeaders(visit),
        returnHeaders: true,
      }),
    )
    return { added: true }
  })
}

/**
 * The few addresses of sign-in that are no page, all of which this file or `oidc/routes.ts` names: better-auth's own
 * handler is not mounted. No other site may read or call them, and nothing keeps their answers.
 */
export async function peopleRoutes(http: FastifyInstance, app: App): Promise<void> {
  await http.register(
    async (scope) => {
      scope.addHook('preHandler', async (request) => {
        if (request.method === 'POST') requireSameOrigin(request)
      })
      scope.addHook('onSend', async (_request, reply) => {
        reply.removeHeader('access-control-allow-origin').header('cache-control', 'no-store')
      })
      passkeyRoutes(scope, app)
      oidcRoutes(scope, app)
    },
    { prefix: '/api/auth' },
  )
}
