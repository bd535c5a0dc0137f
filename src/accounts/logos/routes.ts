import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notFound, requireSameOrigin, type App } from '#platform'
import { requireManager } from '../bodies/require.ts'
import { readSentFile } from '../sent-file.ts'
import { setLogo } from './commands.ts'
import { logoPath, type LogoRefusal } from './model.ts'
import { findLogo } from './queries.ts'

const maximumBytes = 2_000_000

interface OfBody {
  Params: { body: string }
}

async function take(app: App, request: FastifyRequest<OfBody>): Promise<LogoRefusal | null> {
  const { user, params } = request
  // Before its bytes are read.
  await requireManager(app.db, user, params.body)
  const content = await readSentFile(request)
  return typeof content === 'string' ? content : setLogo(app, user, params.body, content)
}

async function receive(server: FastifyInstance, app: App) {
  await server.register(multipart, {
    limits: { fileSize: maximumBytes, files: 1, fields: 1, fieldSize: 100 },
    throwFileSizeLimit: false,
  })
  server.post<OfBody>(
    '/espace/organismes/:body/logo',
    { config: { permission: 'signed-in' } },
    async (request, reply) => {
      requireSameOrigin(request)
      const refusal = await take(app, request)
      const page = `/espace/organismes/${encodeURIComponent(request.params.body)}`
      return reply.redirect(refusal ? `${page}?refus=${refusal}#logo` : `${page}?fait=logo`, 303)
    },
  )
}

/** The logos of bodies: who manages one sends its logo, everybody reads it. */
export async function logoRoutes(server: FastifyInstance, app: App): Promise<void> {
  await server.register((scope) => receive(scope, app))
  server.get<OfBody>(logoPath(':body'), { config: { permission: 'public' } }, async (request, reply) => {
    const key = await findLogo(app.db, request.params.body)
    if (!key) throw notFound('Ce logo')
    // A key never gets another content.
    const etag = `"${key.split('/').at(-1)}"`
    reply.headers({ etag, 'cache-control': 'public, no-cache' })
    if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
    const content = await app.storage.read(key)
    if (!content) throw notFound('Ce logo')
    return reply.type('image/webp').send(content)
  })
}
