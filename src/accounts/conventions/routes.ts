import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { newId, notFound, requireSameOrigin, UserError, type App } from '#platform'
import { requireManager } from '../bodies/require.ts'
import { readSentFile } from '../sent-file.ts'
import { signConvention } from './commands.ts'
import type { FileRefusal } from './model.ts'
import { findConventionFile } from './queries.ts'

const maximumBytes = 20_000_000

interface Sending {
  Params: { body: string; convention: string }
}

/** The file of a sending, or why it is refused. */
async function readPdf(request: FastifyRequest): Promise<Buffer | FileRefusal> {
  const content = await readSentFile(request)
  if (typeof content === 'string') return content
  return content.subarray(0, 5).toString('latin1') === '%PDF-' ? content : 'pdf'
}

const refusalOf: Record<string, FileRefusal> = { 'convention.signed': 'signee', 'convention.no_clause': 'clause' }

/** Stores the signed copy and signs; a copy whose convention cannot be signed is not kept. */
async function sign(app: App, request: FastifyRequest<Sending>): Promise<FileRefusal | null> {
  const content = await readPdf(request)
  if (typeof content === 'string') return content
  const key = `conventions/${newId()}.pdf`
  await app.storage.put(
    key,
    (async function* () {
      yield content
    })(),
  )
  try {
    await signConvention(app.db, request.user, request.params.convention, key)
    return null
  } catch (error) {
    await app.storage.remove(key)
    const refusal = error instanceof UserError ? refusalOf[error.code] : undefined
    if (!refusal) throw error
    return refusal
  }
}

async function receive(server: FastifyInstance, app: App) {
  await server.register(multipart, {
    limits: { fileSize: maximumBytes, files: 1, fields: 2, fieldSize: 1000 },
    throwFileSizeLimit: false,
  })
  server.post<Sending>(
    '/espace/organismes/:body/conventions/:convention/signature',
    { config: { permission: 'admin' } },
    async (request, reply) => {
      requireSameOrigin(request)
      const { body, convention } = request.params
      const refusal = await sign(app, request)
      const page = `/espace/organismes/${encodeURIComponent(body)}/conventions/${encodeURIComponent(convention)}`
      return reply.redirect(refusal ? `${page}?refus=${refusal}#signer` : `${page}?fait=signed`, 303)
    },
  )
}

/** The signed copies of conventions: sending one signs, and the body's manager reads it. */
export async function conventionRoutes(server: FastifyInstance, app: App): Promise<void> {
  await server.register((scope) => receive(scope, app))
  server.get<Sending>(
    '/espace/organismes/:body/conventions/:convention/signee.pdf',
    { config: { permission: 'signed-in' } },
    async (request, reply) => {
      await requireManager(app.db, request.user, request.params.body)
      const found = await findConventionFile(app.db, request.params.convention)
      const content = found?.body === request.params.body ? await app.storage.read(found.file) : null
      if (!content) throw notFound('Cette convention signée')
      return reply
        .type('application/pdf')
        .headers({
          'cache-control': 'private, no-store',
          'content-disposition': 'attachment; filename="convention-signee.pdf"',
        })
        .send(content)
    },
  )
}
