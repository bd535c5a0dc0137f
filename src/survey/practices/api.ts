import { problemResponse, type ApiDescription, type App } from '#platform'
import { sectors } from '#registry/model'
import { practicesDataset } from './dataset.ts'
import { practicePillars, practiceSorts } from './model.ts'

const parameter = (name: string, description: string, schema: unknown = { type: 'string' }) => ({
  name,
  in: 'query',
  description,
  schema,
})

const filters = [
  parameter(
    'territory',
    'Commune (5 caractères), EPCI (9 chiffres), département (2 ou 3), region-76, ou territoire personnalisé',
  ),
  parameter('pillar', `${practicePillars.join(', ')} ; plusieurs séparés par une virgule`),
  parameter('item', 'Pratiques du guide (identifiants de /api/guide), séparées par une virgule'),
  parameter('metier', 'Métiers (slug), séparés par une virgule'),
  parameter('sector', `${sectors.join(', ')} ; plusieurs séparés par une virgule`),
  parameter('siret', 'Un seul établissement'),
  parameter('value', 'Réponses (yes, no, partly, unknown) ou choix de la pratique, séparés par une virgule'),
  parameter('answers', 'done : ce que l’entreprise fait, au moins en partie ; all : toutes les réponses', {
    enum: ['done', 'all'],
    default: 'all',
  }),
  parameter('craft', 'craft : les établissements artisanaux en activité ; all : tous ceux du registre', {
    enum: ['craft', 'all'],
    default: 'craft',
  }),
]

const paging = [
  parameter('limit', 'Nombre de résultats d’une page', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
  parameter('sort', 'Ordre de la liste', { enum: practiceSorts, default: 'enterprise' }),
  parameter('cursor', 'Suite, donnée par le lien « next »'),
]

const csvOptions = [
  parameter('bom', '1 : commence par une marque d’ordre, pour les tableurs', { enum: ['1'] }),
  parameter('separator', 'Séparateur : , ; ou tab', { enum: [',', ';', 'tab'], default: ',' }),
]

const answer = (description: string, content: Record<string, unknown>) => ({
  200: { description, content },
  304: { description: 'Inchangé depuis la copie du client (ETag)' },
  400: problemResponse('Un paramètre n’est pas valable'),
  404: problemResponse('Territoire ou métier inconnu'),
})

/** The practices' part of the API description. */
export function practicesApi(app: App): ApiDescription {
  const { $id: _, ...schema } = practicesDataset(app.db).schema
  return {
    paths: {
      '/api/practices': {
        get: {
          summary: 'Ce que des entreprises disent faire et acceptent de montrer, par pages',
          parameters: [...filters, ...paging],
          responses: answer('Une page', {
            'application/json': { schema: { $ref: '#/components/schemas/PracticeList' } },
          }),
        },
      },
      '/api/practices.csv': {
        get: {
          summary: 'La même liste entière, en CSV',
          parameters: [...filters, ...csvOptions],
          responses: answer('CSV (RFC 4180)', { 'text/csv': {} }),
        },
      },
    },
    schemas: {
      Practice: schema,
      PracticeList: {
        type: 'object',
        required: ['numberMatched', 'numberReturned', 'links', 'items'],
        properties: {
          numberMatched: { type: 'integer' },
          numberReturned: { type: 'integer' },
          links: {
            type: 'array',
            items: {
              type: 'object',
              properties: { rel: { type: 'string' }, type: { type: 'string' }, href: { type: 'string' } },
            },
          },
          items: { type: 'array', items: { $ref: '#/components/schemas/Practice' } },
        },
      },
    },
  }
}
