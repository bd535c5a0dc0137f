import { randomUUID } from 'node:crypto'
import multipart from '@fastify/multipart'
import type { FastifyInstance } from 'fastify'
import { badInput, notFound, requireSameOrigin, type App } from '#platform'
import { importJob, type ImportOrder } from './imports/jobs.ts'
import { getImport } from './imports/queries.ts'

const maximumBytes = 4_000_000_000

/** Takes what an administrator sends from « Importer un territoire », keeps it on disk and queues the import. */
async function receive(server: FastifyInstance, app: App) {
  await server.register(multipart, { limits: { fileSize: maximumBytes, files: 12, fields: 5, fieldSize: 1000 } })
  server.post('/espace/imports', { config: { permission: 'admin' } }, async (request, reply) => {
    requireSameOrigin(request)
    const order: ImportOrder = { departement: null, contours: null, files: [] }
    const folder = `uploads/${randomUUID()}`
    try {
      for await (const part of request.parts()) {
        if (part.type === 'field') {
          if (part.fieldname === 'departement' && typeof part.value === 'string' && part.value.trim() !== '')
            order.departement = part.value.trim().toUpperCase()
          continue
        }
        const key = `${folder}/${order.files.length + (order.contours ? 1 : 0)}`
        const { bytes } = await app.storage.put(key, part.file)
        if (part.file.truncated)
          throw badInput(
            `Le fichier « ${part.filename} » dépasse ${maximumBytes / 1e9} Go. Utilisez la commande import sirene.`,
          )
        if (bytes === 0 && part.filename === '') await app.storage.remove(key)
        else if (part.fieldname === 'contours') order.contours = { key, name: part.filename }
        else order.files.push({ key, name: part.filename })
      }
      checkOrder(order)
    } catch (error) {
      await app.storage.remove(folder)
      throw error
    }
    const job = await app.jobs.send(importJob.name, order)
    return reply.redirect(`/espace/imports/${job}`, 303)
  })
}

function checkOrder(order: ImportOrder) {
  if (order.contours && !order.departement) throw badInput('Choisissez le département des contours, puis recommencez.')
  if (!order.departement && order.files.length === 0)
    throw badInput('Choisissez un département ou au moins un fichier du registre, puis recommencez.')
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
