import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { requireSameOrigin, toUserError, type App } from '#platform'
import { localized, type Lang } from '#platform/model'
import { filesAMinute, limitedTo } from '../limit.ts'
import { limits } from '../tables/model.ts'
import { readCollection, type CollectInput } from './commands.ts'

/** What the form of the page sends; a file that is too large is cut just after the limit, and refused as such. */
async function readForm(request: FastifyRequest): Promise<CollectInput & { lang: Lang }> {
  const form = { body: '', fileName: '', bytes: new Uint8Array(), lang: 'fr' as Lang }
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer()
      if (part.fieldname === 'file' && part.filename !== '') Object.assign(form, { fileName: part.filename, bytes })
    } else if (part.fieldname === 'body') form.body = String(part.value)
    else if (part.fieldname === 'lang' && part.value === 'en') form.lang = 'en'
  }
  return form
}

/** Takes a file of answers from its form; what is wrong is told by the page. */
export async function collectRoutes(server: FastifyInstance, app: App): Promise<void> {
  await server.register(async (scope) => {
    await scope.register(multipart, {
      limits: { fileSize: limits.bytes + 1, files: 1, fields: 5, fieldSize: 1000 },
      throwFileSizeLimit: false,
    })
    scope.post('/espace/collecte/fichier', { config: limitedTo(filesAMinute) }, async (request, reply) => {
      requireSameOrigin(request)
      const { lang, ...input } = await readForm(request)
      try {
        const id = await readCollection(app, request.user, input)
        return reply.redirect(localized(lang, `/espace/collecte/${id}`), 303)
      } catch (error) {
        const { status, fields } = toUserError(error)
        if (status !== 400 && status !== 403) throw error
        const why = status === 403 ? 'right' : (fields[0]?.field ?? 'file')
        return reply.redirect(localized(lang, `/espace/collecte?refus=${why}`), 303)
      }
    })
  })
}
