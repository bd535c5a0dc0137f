import type { FastifyInstance } from 'fastify'
import type { App } from '../application.ts'

/** What a capability adds to the description of the API: paths and schemas as OpenAPI 3.1 writes them. */
export interface ApiDescription {
  paths: Record<string, unknown>
  schemas?: Record<string, unknown>
}

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string', description: 'Phrase en français' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Code stable' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'Numéro de la demande' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } } },
    },
  },
}

/** The answer of an error in every description. */
export const problemResponse = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
})

/** Serves `/api/openapi.json`, put together from every capability. */
export function openApiRoutes(server: FastifyInstance, app: App) {
  const parts = app.capabilities.flatMap((one) => (one.api ? [one.api(app)] : []))
  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Artisanumérique',
      version: app.version,
      description:
        'Données ouvertes des métiers et des entreprises artisanales. Les nombres sont ceux des pages et des exports.',
      license: { name: 'Licence Ouverte 2.0', url: 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/' },
    },
    servers: [{ url: app.config.publicUrl ?? '/' }],
    paths: Object.assign({}, ...parts.map((part) => part.paths)) as Record<string, unknown>,
    components: {
      schemas: Object.assign({ Problem: problem }, ...parts.map((part) => part.schemas ?? {})) as Record<
        string,
        unknown
      >,
    },
  }
  server.get('/api/openapi.json', { config: { permission: 'public' } }, async () => document)
}
