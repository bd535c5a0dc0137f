import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { badInput, csvLine, problemResponse, type ApiDescription, type App, type Dataset } from '#platform'
import { csvColumns, establishmentsDataset } from './dataset.ts'
import { listLayers, readLayerState } from './layers.ts'
import { establishmentSorts, type Establishment, type EstablishmentQuery } from './model.ts'
import { parseQuery, resolveQuery } from './query.ts'
import { getEstablishment, readRevision } from './queries.ts'
import { registerUploads } from './uploads.ts'

type Source = Dataset<Establishment, EstablishmentQuery>

const parametersOf = (request: FastifyRequest) => new URL(request.url, 'http://localhost').searchParams

/** Answers 304 when the public register, or the layer that is asked, has not changed since the client's copy. */
async function isFresh(
  app: App,
  request: FastifyRequest,
  reply: FastifyReply,
  query: Pick<EstablishmentQuery, 'layer'> = { layer: null },
): Promise<boolean> {
  const [{ value }, state] = await Promise.all([readRevision(app.db), readLayerState(app.db.kysely, query)])
  const text = `${app.commit} ${value} ${state} ${request.url}`
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  reply.headers({ etag, 'cache-control': 'public, no-cache' })
  return request.headers['if-none-match']?.includes(etag) ?? false
}

function limitOf(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '100'
  const limit = Number(text)
  if (!/^\d{1,5}$/.test(text) || limit < 1 || limit > 1000)
    throw badInput('Le nombre de résultats (limit) va de 1 à 1000.', [{ field: 'limit', message: 'de 1 à 1000' }])
  return limit
}

async function listAsGeoJson(app: App, source: Source, request: FastifyRequest, query: EstablishmentQuery) {
  const parameters = parametersOf(request)
  const limit = limitOf(parameters)
  const sort = parameters.get('sort') ?? undefined
  const page = await source.page(query, limit, parameters.get('cursor'), sort)
  const base = app.config.publicUrl ?? ''
  const links = [{ rel: 'self', type: 'application/geo+json', href: `${base}${request.url}` }]
  if (page.next) {
    parameters.set('cursor', page.next)
    links.push({ rel: 'next', type: 'application/geo+json', href: `${base}/api/establishments?${parameters}` })
  }
  return {
    type: 'FeatureCollection',
    numberMatched: page.numberMatched,
    numberReturned: page.rows.length,
    links,
    features: page.rows.map((row) => source.feature(row)),
  }
}

async function* csvOf(source: Source, query: EstablishmentQuery, bom: boolean, separator: string) {
  yield (bom ? '\uFEFF' : '') + csvLine(csvColumns, separator)
  for await (const rows of source.stream(query))
    yield rows
      .map((row) =>
        csvLine(
          csvColumns.map((column) => (column === 'corrected' ? row.corrected.join(' ') : row[column])),
          separator,
        ),
      )
      .join('')
}

async function* geoJsonOf(source: Source, query: EstablishmentQuery) {
  yield '{"type":"FeatureCollection","features":[\n'
  let first = true
  for await (const rows of source.stream(query)) {
    yield (first ? '' : ',\n') + rows.map((row) => JSON.stringify(source.feature(row))).join(',\n')
    first = false
  }
  yield '\n]}\n'
}

function separatorOf(parameters: URLSearchParams): string {
  const separator = parameters.get('separator') ?? ','
  if (![',', ';', 'tab'].includes(separator))
    throw badInput('Le séparateur est « , », « ; » ou « tab ».', [{ field: 'separator', message: ', ; tab' }])
  return separator === 'tab' ? '\t' : separator
}

const asDownload = (reply: FastifyReply, type: string, name: string) =>
  reply.type(type).header('content-disposition', `attachment; filename="${name}"`)

/** Lists, exports and uploads of the register. */
export async function registryRoutes(server: FastifyInstance, app: App) {
  const source = establishmentsDataset(app.db)
  const open = { config: { permission: 'public' as const } }
  const queryOf = (request: FastifyRequest) => resolveQuery(app.db, parseQuery(parametersOf(request)))
  server.get('/api/establishments', open, async (request, reply) => {
    const query = await queryOf(request)
    if (await isFresh(app, request, reply, query)) return reply.status(304).send()
    return reply.type('application/geo+json').send(JSON.stringify(await listAsGeoJson(app, source, request, query)))
  })
  server.get('/api/establishments.csv', open, async (request, reply) => {
    const parameters = parametersOf(request)
    const query = await queryOf(request)
    const separator = separatorOf(parameters)
    if (await isFresh(app, request, reply, query)) return reply.status(304).send()
    const bom = parameters.get('bom') === '1'
    return asDownload(reply, 'text/csv; charset=utf-8', 'etablissements.csv').send(
      Readable.from(csvOf(source, query, bom, separator)),
    )
  })
  server.get('/api/establishments.geojson', open, async (request, reply) => {
    const query = await queryOf(request)
    if (await isFresh(app, request, reply, query)) return reply.status(304).send()
    return asDownload(reply, 'application/geo+json', 'etablissements.geojson').send(
      Readable.from(geoJsonOf(source, query)),
    )
  })
  server.get<{ Params: { siret: string } }>('/api/establishments/:siret', open, async (request, reply) => {
    const unit = await getEstablishment(app.db, request.params.siret)
    if (await isFresh(app, request, reply)) return reply.status(304).send()
    return reply.type('application/geo+json').send(JSON.stringify(source.feature(unit)))
  })
  await registerUploads(server, app)
}

const parameter = (name: string, description: string, schema: unknown = { type: 'string' }) => ({
  name,
  in: 'query',
  description,
  schema,
})

const filtersOf = () => [
  parameter(
    'territory',
    'Commune (5 caractères), EPCI (9 chiffres), département (2 ou 3), region-76, ou territoire personnalisé',
  ),
  parameter('sector', 'food, building, making, services ; plusieurs séparés par une virgule'),
  parameter('metier', 'Métiers (slug), séparés par une virgule'),
  parameter('employees', 'Tranches d’effectif de l’Insee, séparées par une virgule'),
  parameter('createdFrom', 'Créés depuis cette année', { type: 'integer' }),
  parameter('createdTo', 'Créés jusqu’à cette année', { type: 'integer' }),
  parameter('q', 'Mots cherchés dans le nom, le métier et la commune'),
  parameter(
    'layer',
    'Entreprises qui ont quelque chose en commun : une pratique, un label, une place dans une chaîne',
    {
      enum: listLayers().map(({ id }) => id),
    },
  ),
  parameter('bbox', 'Ouest,sud,est,nord en degrés WGS 84'),
  parameter('craft', 'craft : les unités artisanales ; all : toutes les unités importées', {
    enum: ['craft', 'all'],
    default: 'craft',
  }),
  parameter('state', 'open, closed ou all', { enum: ['open', 'closed', 'all'] }),
]

const csvOptions = [
  parameter('bom', '1 : commence par une marque d’ordre, pour les tableurs', { enum: ['1'] }),
  parameter('separator', 'Séparateur : , ; ou tab', { enum: [',', ';', 'tab'], default: ',' }),
]

const answer = (description: string, content: Record<string, unknown>) => ({
  200: { description, content },
  304: { description: 'Inchangé depuis la copie du client (ETag)' },
  400: problemResponse('Un paramètre n’est pas valable'),
})

/** The register's part of the API description. */
export function registryApi(app: App): ApiDescription {
  const { $id: _, ...schema } = establishmentsDataset(app.db).schema
  const collection = {
    type: 'object',
    required: ['type', 'numberMatched', 'numberReturned', 'links', 'features'],
    properties: {
      type: { const: 'FeatureCollection' },
      numberMatched: { type: 'integer' },
      numberReturned: { type: 'integer' },
      links: {
        type: 'array',
        items: {
          type: 'object',
          properties: { rel: { type: 'string' }, type: { type: 'string' }, href: { type: 'string' } },
        },
      },
      features: { type: 'array', items: { $ref: '#/components/schemas/EstablishmentFeature' } },
    },
  }
  const filters = filtersOf()
  const paging = [
    parameter('limit', 'Nombre de résultats d’une page', { type: 'integer', minimum: 1, maximum: 1000, default: 100 }),
    parameter('sort', 'Ordre de la liste', { enum: establishmentSorts, default: 'name' }),
    parameter('cursor', 'Suite, donnée par le lien « next »'),
  ]
  return {
    paths: {
      '/api/establishments': {
        get: {
          summary: 'Établissements, en GeoJSON, par pages',
          parameters: [...filters, ...paging],
          responses: answer('Une page', {
            'application/geo+json': { schema: { $ref: '#/components/schemas/EstablishmentCollection' } },
          }),
        },
      },
      '/api/establishments.csv': {
        get: {
          summary: 'La même liste entière, en CSV',
          parameters: [...filters, ...csvOptions],
          responses: answer('CSV (RFC 4180)', { 'text/csv': {} }),
        },
      },
      '/api/establishments.geojson': {
        get: {
          summary: 'La même liste entière, en GeoJSON',
          parameters: filters,
          responses: answer('GeoJSON (RFC 7946)', { 'application/geo+json': {} }),
        },
      },
      '/api/establishments/{siret}': {
        get: {
          summary: 'Un établissement',
          parameters: [{ name: 'siret', in: 'path', required: true, description: 'SIRET', schema: { type: 'string' } }],
          responses: {
            ...answer('GeoJSON', {
              'application/geo+json': { schema: { $ref: '#/components/schemas/EstablishmentFeature' } },
            }),
            404: problemResponse('SIRET inconnu'),
            410: problemResponse('Établissement retiré du registre'),
          },
        },
      },
    },
    schemas: {
      Establishment: schema,
      EstablishmentFeature: {
        type: 'object',
        required: ['type', 'id', 'geometry', 'properties'],
        properties: {
          type: { const: 'Feature' },
          id: { type: 'string' },
          geometry: { type: ['object', 'null'] },
          properties: { $ref: '#/components/schemas/Establishment' },
        },
      },
      EstablishmentCollection: collection,
    },
  }
}
