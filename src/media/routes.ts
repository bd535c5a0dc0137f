import type { FastifyInstance } from 'fastify'
import { badInput, problemResponse, type ApiDescription, type App, type Subject } from '#platform'
import { registerForm } from './deposit/form.ts'
import { registerTus } from './deposit/tus.ts'
import { addressOf, kinds, licences, licenceUrls, type Kind } from './model.ts'
import { pageOfMedia, type PublicFile } from './queries.ts'
import { isFileId } from './records.ts'
import { serveFile } from './serve.ts'

const wrong = (field: string, message: string) =>
  badInput(`Le paramètre ${field} n’est pas valable.`, [{ field, message }])

function readQuery(parameters: URLSearchParams) {
  const [text, kind, cursor] = ['subject', 'kind', 'cursor'].map((name) => parameters.get(name))
  const limit = parameters.get('limit') ?? '100'
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > 1000) throw wrong('limit', 'de 1 à 1000')
  const [, subjectKind, id] = /^([a-z]+):(.{1,100})$/.exec(text ?? '') ?? []
  if (text && !id) throw wrong('subject', 'enterprise:SIRET')
  if (kind && !(kinds as readonly string[]).includes(kind)) throw wrong('kind', kinds.join(', '))
  if (cursor && !isFileId(cursor)) throw wrong('cursor', 'donné par le lien « next »')
  const subject: Subject | null = id ? { kind: subjectKind!, id } : null
  return { subject, kind: (kind ?? null) as Kind | null, limit: Number(limit), after: cursor ?? null }
}

const toApi = (base: string, file: PublicFile) => ({
  id: file.id,
  kind: file.kind,
  subject: `${file.subject.kind}:${file.subject.id}`,
  caption: { fr: file.captionFr, en: file.captionEn },
  alt: { fr: file.altFr, en: file.altEn },
  author: file.author,
  credit: file.credit,
  licence: file.licence,
  licenceUrl: licenceUrls[file.licence],
  width: file.facts.width ?? null,
  height: file.facts.height ?? null,
  duration: file.facts.duration ?? null,
  depositedAt: file.createdAt,
  files: file.derived.map(({ name, type, bytes, width, height }) => ({
    href: `${base}${addressOf(file.id, name)}`,
    type,
    bytes,
    width,
    height,
  })),
})

/** Deposits, files and the list of those that everybody may see. */
export async function mediaRoutes(server: FastifyInstance, app: App): Promise<void> {
  const open = { config: { permission: 'public' as const } }
  server.get('/api/media', open, async (request, reply) => {
    const parameters = new URL(request.url, 'http://localhost').searchParams
    const { files, numberMatched, next } = await pageOfMedia(app.db.kysely, readQuery(parameters))
    const base = app.config.publicUrl ?? ''
    const links = [{ rel: 'self', type: 'application/json', href: `${base}${request.url}` }]
    if (next) {
      parameters.set('cursor', next)
      links.push({ rel: 'next', type: 'application/json', href: `${base}/api/media?${parameters}` })
    }
    reply.header('cache-control', 'public, no-cache')
    return { numberMatched, numberReturned: files.length, links, media: files.map((file) => toApi(base, file)) }
  })
  server.get<{ Params: { id: string; name: string } }>(
    '/medias/:id/:name',
    // Parts of a file are not compressed, nor what is compressed already.
    { ...open, compress: false } as typeof open,
    (request, reply) => serveFile(app, request, reply, request.params.id, request.params.name),
  )
  await registerTus(server, app)
  await registerForm(server, app)
}

const text = { type: 'string' }
const texts = { type: 'object', properties: { fr: text, en: text } }
const nullable = (type: string) => ({ type: [type, 'null'] })

/** Media's part of the API description. */
export function mediaApi(): ApiDescription {
  const parameter = (name: string, description: string, schema: unknown = text) => ({
    name,
    in: 'query',
    description,
    schema,
  })
  return {
    paths: {
      '/api/media': {
        get: {
          summary: 'Images, films, sons, modèles et documents publics, avec leur licence et leur crédit',
          parameters: [
            parameter('subject', 'Ce qu’ils montrent : enterprise:SIRET, ou une autre sorte de sujet'),
            parameter('kind', 'Une sorte de fichiers', { enum: kinds }),
            parameter('limit', 'Nombre de résultats d’une page', {
              type: 'integer',
              minimum: 1,
              maximum: 1000,
              default: 100,
            }),
            parameter('cursor', 'Suite, donnée par le lien « next »'),
          ],
          responses: {
            200: {
              description: 'Une page, les plus récents d’abord',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/MediaList' } } },
            },
            400: problemResponse('Un paramètre n’est pas valable'),
          },
        },
      },
    },
    schemas: {
      MediaList: {
        type: 'object',
        required: ['numberMatched', 'numberReturned', 'links', 'media'],
        properties: {
          numberMatched: { type: 'integer' },
          numberReturned: { type: 'integer' },
          links: { type: 'array', items: { type: 'object', properties: { rel: text, type: text, href: text } } },
          media: { type: 'array', items: { $ref: '#/components/schemas/Media' } },
        },
      },
      Media: {
        type: 'object',
        required: ['id', 'kind', 'subject', 'licence', 'files'],
        properties: {
          id: text,
          kind: { enum: kinds },
          subject: text,
          caption: texts,
          alt: texts,
          author: text,
          credit: { ...text, description: 'À qui est le geste ; à citer avec l’auteur' },
          licence: { enum: licences },
          licenceUrl: nullable('string'),
          width: nullable('integer'),
          height: nullable('integer'),
          duration: { type: ['number', 'null'], description: 'En secondes' },
          depositedAt: text,
          files: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                href: text,
                type: text,
                bytes: { type: 'integer' },
                width: nullable('integer'),
                height: nullable('integer'),
              },
            },
          },
        },
      },
    },
  }
}
