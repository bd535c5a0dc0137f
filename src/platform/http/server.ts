import { randomUUID } from 'node:crypto'
import compress from '@fastify/compress'
import rateLimit from '@fastify/rate-limit'
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify'
import type { App, User } from '../application.ts'
import { notFound } from '../errors.ts'
import { requirePermission, type Permission } from '../permissions.ts'
import { openApiRoutes } from './openapi.ts'
import { mountPages } from './pages.ts'
import { sendProblem } from './problem.ts'
import { sourceRoute } from './source.ts'

declare module 'fastify' {
  interface FastifyRequest {
    user: User | null
  }
  interface FastifyContextConfig {
    permission?: Permission
  }
}

export interface ServerOptions {
  app: App
  /** SvelteKit's pages: as they were built, compiled on demand by Vite, or none. */
  pages: 'built' | 'dev' | 'none'
}

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(self), geolocation=(self), payment=(), usb=()',
  'cross-origin-opener-policy': 'same-origin',
}

const closedPolicy = "default-src 'none'; frame-ancestors 'none'"

/** Headers of every answer; the request's number lets a user and the logs speak of the same thing. */
const headersOf = (request: FastifyRequest): Record<string, string> => ({
  ...securityHeaders,
  'x-request-id': request.id,
  ...(request.protocol === 'https' ? { 'strict-transport-security': 'max-age=31536000' } : {}),
})

/** The value of one cookie, or undefined. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const at = part.indexOf('=')
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
  }
  return undefined
}

/** One HTTP server for everything: API, tiles, files and pages, in development too. */
export async function createServer({ app, pages }: ServerOptions): Promise<FastifyInstance> {
  const server = Fastify({
    loggerInstance: app.log as FastifyBaseLogger,
    trustProxy: app.config.trustProxy,
    bodyLimit: 1_000_000,
    // A register file of several gigabytes takes its time on a slow line.
    requestTimeout: 3_600_000,
    keepAliveTimeout: 5_000,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    // An address that cannot be decoded reaches no hook.
    frameworkErrors: (error, request, reply) =>
      sendProblem(request, reply.headers({ ...headersOf(request), 'content-security-policy': closedPolicy }), error),
  })
  server.decorateRequest('user', null)

  server.addHook('onRoute', (route) => {
    const permission = route.config?.permission
    if (!permission) throw new Error(`The route ${String(route.method)} ${route.url} declares no permission`)
  })
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOf(request))
    const authenticator = request.headers.cookie ? app.capabilities.find((one) => one.authenticate) : undefined
    request.user = (await authenticator?.authenticate?.(app, request.headers)) ?? null
  })
  server.addHook('preHandler', async (request) => {
    if (!request.is404) requirePermission(request.routeOptions.config.permission ?? 'admin', request.user)
  })
  server.addHook('onSend', async (request, reply) => {
    // Open data: another site's page may read it, without the visitor's cookie; but sign-in is no data.
    if (request.method === 'GET' && /^\/(api(?!\/auth\b)|tiles)\//.test(request.routeOptions.url ?? request.url))
      reply.header('access-control-allow-origin', '*')
    if (!reply.hasHeader('content-security-policy')) reply.header('content-security-policy', closedPolicy)
  })
  // The path alone: a query may hold a name that somebody searched for.
  server.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        path: request.url.split('?')[0]?.replace(/(\/invitation\/).*/, '$1…'),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'request',
    )
  })
  server.setErrorHandler((error, request, reply) => sendProblem(request, reply, error))
  server.setNotFoundHandler((request, reply) => sendProblem(request, reply, notFound('Cette adresse')))

  await server.register(rateLimit, { max: 6000, timeWindow: 60_000 })
  await server.register(compress, { global: true, threshold: 1024, encodings: ['br', 'gzip'] })

  server.get('/healthz', { config: { permission: 'public' } }, async () => ({
    version: app.version,
    commit: app.commit,
  }))
  openApiRoutes(server, app)
  sourceRoute(server, app)
  for (const capability of app.capabilities) await capability.routes?.(server, app)
  // The pages answer what is left, but for the API, whose errors programs read.
  server.all('/api/*', { config: { permission: 'public' } }, async () => {
    throw notFound('Cette adresse')
  })
  if (pages !== 'none') await mountPages(server, app, pages === 'dev')
  closeWithoutHanging(server)
  return server
}

// Fastify's close() waits for idle keep-alive connections: they are closed while it waits.
function closeWithoutHanging(server: FastifyInstance) {
  let timer: NodeJS.Timeout | undefined
  server.addHook('preClose', async () => {
    timer = setInterval(() => server.server.closeIdleConnections(), 50)
  })
  server.addHook('onClose', async () => clearInterval(timer))
}
