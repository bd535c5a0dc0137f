import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { newId, requireSameOrigin, toUserError, UserError, type App, type User } from '#platform'
import { openDeposit } from '../commands.ts'
import { announcedKind, largest } from '../model.ts'
import { refused } from '../errors.ts'
import { readSubject } from './access.ts'
import { finishUpload } from './intake.ts'
import { removeUnfinished } from './unfinished.ts'
import { openUploads, receivedBytes, removeUpload, uploadPath } from './uploads.ts'

/** Writes the one file of a form to the disk; its subject precedes it. */
async function receive(app: App, request: FastifyRequest, id: string): Promise<number> {
  const fields: Record<string, string> = {}
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      fields[part.fieldname] = String(part.value)
      continue
    }
    if (part.filename === '') break
    const subject = readSubject(fields.siret?.trim() || fields.subject || '', request.user as User)
    const kind = announcedKind(part.filename)
    const most = kind ? largest[kind] : 0
    // The form is longer than its file.
    const announced = Math.min(Number(request.headers['content-length'] ?? most), most)
    await openDeposit(app.db, request.user, { id, name: part.filename, bytes: announced, subject })
    await pipeline(part.file, createWriteStream(uploadPath(app, id), { flags: 'wx', mode: 0o600, flush: true }))
    const bytes = await receivedBytes(app, id)
    if (part.file.truncated || bytes > most) throw refused('size')
    return bytes
  }
  throw new UserError('bad_input', 400, 'Choisissez un fichier.', [{ field: 'file', message: 'un fichier' }])
}

/** The form of the page without JavaScript: one file in one go, then as any other deposit. */
export async function registerForm(server: FastifyInstance, app: App): Promise<void> {
  openUploads(app)
  await server.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: Math.max(...Object.values(largest)), files: 1, fields: 5, fieldSize: 1000 },
      throwFileSizeLimit: false,
    })
    scope.post('/espace/medias/envoi', { config: { permission: 'signed-in' } }, async (request, reply) => {
      requireSameOrigin(request)
      const id = newId()
      try {
        await finishUpload(app, id, await receive(app, request, id))
      } catch (error) {
        await removeUnfinished(app, id)
        await removeUpload(app, id)
        const { code, status } = toUserError(error)
        if (status >= 500) throw error
        const why = code.startsWith('media.') ? code.slice(6) : code === 'bad_input' ? 'form' : code
        return reply.redirect(`/espace/medias?refus=${encodeURIComponent(why)}`, 303)
      }
      return reply.redirect(`/espace/medias/${id}`, 303)
    })
  })
}
