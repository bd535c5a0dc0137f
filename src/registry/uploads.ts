import { randomUUID } from 'node:crypto'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notFound, requireSameOrigin, type App } from '#platform'
import { importJob, type ImportOrder } from './imports/jobs.ts'
import { getImport } from './imports/queries.ts'

const maximumBytes = 4_000_000_000

/** Which field of a sending is wrong. */
type Refusal = 'departement' | 'files' | 'size'

/** Keeps what an administrator sends on disk, under a folder of its own. */
async function keep(app: App, request: FastifyRequest, folder: string): Promise<ImportOrder | Refusal> {
  const order: ImportOrder = { departement: null, contours: null, files: [] }
  let number = 0
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'departement' && typeof part.value === 'string' && part.value.trim() !== '')
        order.departement = part.value.trim().toUpperCase()
      continue
    }
    const key = `${folder}/${number++}`
    const { bytes } = await app.storage.put(key, part.file)
    if (part.file.truncated) return 'size'
    // A field left empty is sent as a file without a name.
    if (bytes === 0 && part.filename === '') continue
    if (part.fieldname === 'contours') order.contours = { key, name: part.filename }
    else order.files.push({ key, name: part.filename })
  }
  if (!order.departement) return 'departement'
  return order.files.length === 0 ? 'files' : order
}

/** Takes what « Importer un territoire » sends and queues the import; what is wrong is said in the form. */
async function receive(server: FastifyInstance, app: App) {
  await server.register(multipart, {
    limits: { fileSize: maximumBytes, files: 12, fields: 5, fieldSize: 1000 },
    throwFileSizeLimit: false,
  })
  server.post('/espace/imports', { config: { permission: 'admin' } }, async (request, reply) => {
    requireSameOrigin(request)
    const folder = `uploads/${randomUUID()}`
    let kept: ImportOrder | Refusal = 'files'
    try {
      kept = await keep(app, request, folder)
    } finally {
      if (typeof kept === 'string') await app.storage.remove(folder)
    }
    if (typeof kept === 'string') return reply.redirect(`/espace/importer?refus=${kept}`, 303)
    const job = await app.jobs.send(importJob.name, kept)
    return reply.redirect(`/espace/imports/${job}`, 303)
  })
}

/** Routes of the administrator's imports: sending files, reading the private report. */
export async function registerUploads(server: FastifyInstance, app: App) {
  await server.register((scope) => receive(scope, app))
  server.get<{ Params: { id: string } }>(
    '/espace/imports/:id/rapport.csv',
    { config: { permission: 'admin' } },
    async (request, reply) => {
      const { reportKey } = await getImport(app.db, request.params.id)
      const report = reportKey ? await app.storage.read(reportKey) : null
      if (!report) throw notFound('Ce rapport (il est gardé trente jours)')
      return reply
        .type('text/csv; charset=utf-8')
        .headers({
          'cache-control': 'private, no-store',
          'content-disposition': 'attachment; filename="rapport-import.csv"',
        })
        .send(report)
    },
  )
}
