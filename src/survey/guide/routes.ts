import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { problemResponse, type ApiDescription } from '#platform'
import { guideOfText, listGuides } from './guides.ts'

/** The guide of the survey, for programs. */
export async function guideRoutes(server: FastifyInstance) {
  server.get('/api/guide', { config: { permission: 'public' } }, async (request, reply) => {
    const version = new URL(request.url, 'http://localhost').searchParams.get('version')
    const body = JSON.stringify({ versions: listGuides().map((one) => one.version), ...guideOfText(version) })
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    reply.headers({ etag, 'cache-control': 'public, no-cache' }).type('application/json')
    return request.headers['if-none-match']?.includes(etag) ? reply.status(304).send() : reply.send(body)
  })
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const text = { type: 'string' }
const list = (items: object) => ({ type: 'array', items })
const pillar = { enum: ['environment', 'economic', 'social'] }

const item = {
  type: 'object',
  required: ['id', 'pillar', 'section', 'kind', 'label', 'question', 'iso26000', 'strength', 'windowDays'],
  properties: {
    id: { type: 'string', description: 'Le même dans toutes les versions, et dans les déclarations' },
    pillar,
    section: text,
    kind: { enum: ['answer', 'number', 'choice', 'text', 'place', 'enterprise', 'person', 'file'] },
    media: { enum: ['picture', 'sound'] },
    label: ref('GuideLabel'),
    question: ref('GuideLabel'),
    help: ref('GuideLabel'),
    examples: ref('GuideLabel'),
    unit: text,
    choices: list({ type: 'object', properties: { id: text, label: ref('GuideLabel') } }),
    iso26000: { type: 'string', description: 'Question centrale de l’ISO 26000, 6.2 à 6.8' },
    relevance: {
      type: 'object',
      description: 'Quand la question se pose : toutes les conditions à la fois',
      properties: {
        when: { type: 'object', properties: { item: text, in: list(text) } },
        sectors: list(text),
        metiers: list(text),
      },
    },
    strength: { type: 'boolean', description: 'Peut être un point fort' },
    ceiling: { enum: ['public', 'partners', 'body', 'secret'], description: 'Divulgation la plus large' },
    windowDays: { type: ['integer', 'null'], description: 'Jours après lesquels une réponse est dite ancienne' },
  },
}

/** The guide's part of the API description. */
export function guideApi(): ApiDescription {
  return {
    paths: {
      '/api/guide': {
        get: {
          summary: 'Le guide de l’enquête : ses questions, leurs réponses possibles, quand elles se posent',
          parameters: [
            {
              name: 'version',
              in: 'query',
              required: false,
              description: 'Une version publiée ; la dernière si elle manque',
              schema: { type: 'integer', minimum: 1 },
            },
          ],
          responses: {
            200: { description: 'Une version du guide', content: { 'application/json': { schema: ref('Guide') } } },
            400: problemResponse('Version mal écrite'),
            404: problemResponse('Version inconnue'),
          },
        },
      },
    },
    schemas: {
      GuideLabel: { type: 'object', required: ['fr', 'en'], properties: { fr: text, en: text } },
      GuideItem: item,
      Guide: {
        type: 'object',
        required: ['versions', 'version', 'title', 'publishedOn', 'sections', 'items'],
        properties: {
          versions: { type: 'array', items: { type: 'integer' }, description: 'Versions publiées' },
          version: { type: 'integer' },
          title: ref('GuideLabel'),
          publishedOn: { type: 'string', format: 'date' },
          sections: list({ type: 'object', properties: { id: text, pillar, label: ref('GuideLabel') } }),
          items: list(ref('GuideItem')),
        },
      },
    },
  }
}
