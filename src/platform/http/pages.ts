import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../application.ts'
import { requests } from '../requests.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void

const build = new URL('../../../build/handler.js', import.meta.url)

async function builtHandler(): Promise<Handler> {
  if (!existsSync(build)) throw new Error('The pages are not built: run `npm start`, which builds them')
  process.env.PROTOCOL_HEADER = 'x-own-proto'
  process.env.HOST_HEADER = 'x-own-host'
  const module = (await import(build.href)) as { handler: Handler }
  return module.handler
}

async function devHandler(server: FastifyInstance): Promise<Handler> {
  const { createServer } = await import('vite')
  const vite = await createServer({
    configLoader: 'native',
    server: { middlewareMode: true, hmr: { server: server.server } },
    appType: 'custom',
  })
  server.addHook('onClose', () => vite.close())
  return vite.middlewares as unknown as Handler
}

/** Serves SvelteKit's pages for every address that no other route takes. */
export async function mountPages(server: FastifyInstance, app: App, dev: boolean) {
  const handler = dev ? await devHandler(server) : await builtHandler()
  const serve = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value)
    request.raw.headers['x-own-proto'] = request.protocol
    request.raw.headers['x-own-host'] = request.host
    requests.run({ app, user: request.user, id: request.id }, () =>
      handler(request.raw, reply.raw, () => {
        reply.raw.statusCode = 404
        reply.raw.end()
      }),
    )
  }
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    // Each page declares its own permission; hooks.server.ts checks it.
    scope.route({
      method: ['GET', 'HEAD', 'POST', 'OPTIONS'],
      url: '/*',
      config: { permission: 'public' },
      handler: serve,
    })
  })
}
