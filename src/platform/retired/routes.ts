import type { FastifyInstance } from 'fastify'
import type { App } from '../application.ts'
import { badInput } from '../errors.ts'
import { problemResponse, type ApiDescription } from '../http/openapi.ts'
import { listRetired, readRetiredVersion, type RetiredQuery } from './queries.ts'

const path = '/api/retired'
const most = 1000

const wrong = (field: string, message: string) =>
  badInput(`Le paramètre ${field} est faux : ${message}.`, [{ field, message }])

function parseQuery(parameters: URLSearchParams): RetiredQuery {
  const [since, limit, kind] = ['since', 'limit', 'kind'].map((name) => parameters.get(name))
  if (since && !/^\d{1,15}$/.test(since)) throw wrong('since', 'c’est un nombre entier, la dernière version reçue')
  if (limit && !(/^\d{1,4}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= most))
    throw wrong('limit', `de 1 à ${most}`)
  if (kind && !/^[a-z_-]{1,40}$/.test(kind)) throw wrong('kind', 'c’est un mot, comme « establishment »')
  return { since: Number(since || 0), limit: Number(limit || 100), kind: kind || null }
}

async function answer(app: App, url: string, query: RetiredQuery) {
  const found = await listRetired(app.db, query)
  const items = found.slice(0, query.limit)
  const base = app.config.publicUrl ?? ''
  const links = [{ rel: 'self', type: 'application/json', href: base + url }]
  if (found.length > query.limit) {
    const next = new URLSearchParams({ since: String(items.at(-1)!.version), limit: String(query.limit) })
    if (query.kind) next.set('kind', query.kind)
    links.push({ rel: 'next', type: 'application/json', href: `${base}${path}?${next}` })
  }
  return { numberReturned: items.length, items, links }
}

/** What was public and is no longer, for whoever keeps copies. */
export function retiredRoutes(server: FastifyInstance, app: App): void {
  server.get(path, { config: { permission: 'public' } }, async (request, reply) => {
    const query = parseQuery(new URL(request.url, 'http://localhost').searchParams)
    const etag = `"retired-${app.commit}-${await readRetiredVersion(app.db)}"`
    reply.headers({ etag, 'cache-control': 'public, no-cache' })
    if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
    return answer(app, request.url, query)
  })
}

const parameter = (name: string, description: string, schema: Record<string, unknown>) => ({
  name,
  in: 'query',
  description,
  schema,
})

const retired = {
  type: 'object',
  required: ['kind', 'id', 'version', 'retiredAt'],
  properties: {
    kind: { type: 'string', description: 'establishment, statement, media…' },
    id: { type: 'string', description: 'Celui que l’API donnait ; pour un établissement, son SIRET' },
    version: { type: 'integer', description: 'Croît toujours ; à renvoyer dans since' },
    retiredAt: { type: 'string', format: 'date-time' },
  },
}

export const retiredApi = (): ApiDescription => ({
  paths: {
    [path]: {
      get: {
        summary: 'Ce qui était public et ne l’est plus, dans l’ordre',
        description:
          'Retirez-le de vos copies. Ce qui redevient public reste dans la liste : reprenez-le de l’API, sauf s’il y manque.',
        parameters: [
          parameter('since', 'Dernière version reçue ; 0 par défaut', { type: 'integer', minimum: 0 }),
          parameter('kind', 'Une seule sorte de choses', { type: 'string' }),
          parameter('limit', 'Nombre de résultats', { type: 'integer', minimum: 1, maximum: most, default: 100 }),
        ],
        responses: {
          200: {
            description: 'Les retraits qui suivent cette version',
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['numberReturned', 'items', 'links'],
                  properties: {
                    numberReturned: { type: 'integer' },
                    items: { type: 'array', items: { $ref: '#/components/schemas/Retired' } },
                    links: { type: 'array', items: { type: 'object' } },
                  },
                },
              },
            },
          },
          304: { description: 'Inchangé depuis la copie du client (ETag)' },
          400: problemResponse('Un paramètre est faux'),
        },
      },
    },
  },
  schemas: { Retired: retired },
})
