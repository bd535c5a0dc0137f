import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { csvLine, notFound, problemResponse, type ApiDescription, type App } from '#platform'
import { parseQuery, readLayerState } from '#registry'
import { findTerritory, getTerritory, listOpenTerritories, listOutlines, searchTerritories } from '#territory'
import { readBasemap } from './map/basemap.ts'
import { groundOf, namedPlaces } from './map/ground.ts'
import { portraitTables, type PortraitTable } from './model.ts'
import { portraitOf, referenceOf } from './portraits/compute.ts'
import { tableOf } from './portraits/tables.ts'
import { parseTile, viewOf } from './register-index.ts'
import { encodeTile, tileEtag } from './tiles/tile.ts'

const open = { config: { permission: 'public' as const } }
const parametersOf = (request: FastifyRequest) => new URL(request.url, 'http://localhost').searchParams

/** Sends a text with an ETag of its own, or 304. */
function sendTagged(
  request: FastifyRequest,
  reply: FastifyReply,
  type: string,
  content: string | Uint8Array,
  known?: string,
) {
  const etag = known ?? `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  reply.headers({ etag, 'cache-control': 'public, no-cache' }).type(type)
  if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
  return reply.send(typeof content === 'string' ? content : Buffer.from(content))
}

async function readPortrait(app: App, code: string) {
  const territory = await getTerritory(app.db, code)
  const referenceCode = await referenceOf(app, territory)
  const reference = referenceCode ? await findTerritory(app.db, referenceCode) : null
  const portrait = await portraitOf(app, territory, reference, new Date().getFullYear())
  return { territory, reference, portrait }
}

async function communesOf(app: App): Promise<string> {
  const territories = (await listOpenTerritories(app.db)).filter((one) => one.kind === 'departement')
  const outlines = (await Promise.all(territories.map((one) => listOutlines(app.db, one.code)))).flat()
  return JSON.stringify({
    type: 'FeatureCollection',
    features: outlines.map(({ code, name, population, contour }) => ({
      type: 'Feature',
      properties: { code, name, population: population ?? 0 },
      geometry: contour,
    })),
  })
}

/** One point per commune, so that its name is drawn once; `rank` counts from the most populous. */
async function townsOf(app: App): Promise<string> {
  const places = await namedPlaces(app)
  return JSON.stringify({
    type: 'FeatureCollection',
    features: places.map(({ name, lon, lat }, rank) => ({
      type: 'Feature',
      properties: { name, rank },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  })
}

function tileRoutes(server: FastifyInstance, app: App) {
  server.get<{ Params: { z: string; x: string; y: string } }>(
    '/tiles/atlas/:z/:x/:y.mvt',
    open,
    async (request, reply) => {
      const { z, x, y } = request.params
      const tile = parseTile(z, x, y)
      const { points, filter, revision, query } = await viewOf(app, parseQuery(parametersOf(request)))
      const state = await readLayerState(app.db.kysely, query)
      const etag = tileEtag(`${revision} ${state}`, filter.key, ...tile)
      if (request.headers['if-none-match']?.includes(etag))
        return reply.headers({ etag, 'cache-control': 'public, no-cache' }).status(304).send()
      return sendTagged(request, reply, 'application/vnd.mapbox-vector-tile', encodeTile(points, filter, ...tile), etag)
    },
  )
  server.get('/carte/fond.svg', open, async (request, reply) =>
    sendTagged(request, reply, 'image/svg+xml', await groundOf(app, parametersOf(request))),
  )
  server.get('/carte/communes.geojson', open, async (request, reply) =>
    sendTagged(request, reply, 'application/geo+json', await communesOf(app)),
  )
  server.get('/carte/towns.geojson', open, async (request, reply) =>
    sendTagged(request, reply, 'application/geo+json', await townsOf(app)),
  )
  server.get('/carte/style.json', open, async () => readBasemap(app.config.basemapUrl))
}

/** Tiles, the ground of maps, and territories as data. */
export function atlasRoutes(server: FastifyInstance, app: App) {
  tileRoutes(server, app)
  server.get('/api/territories', open, async (request) => {
    const text = parametersOf(request).get('q') ?? ''
    const found = text ? await searchTerritories(app.db, text, 50) : await listOpenTerritories(app.db)
    return { numberMatched: found.length, numberReturned: found.length, links: [], territories: found }
  })
  server.get<{ Params: { code: string } }>('/api/territories/:code', open, async (request, reply) => {
    const { territory, reference, portrait } = await readPortrait(app, request.params.code)
    const { code: _, ...figures } = portrait
    const body = { ...territory, reference: reference ? { code: reference.code, name: reference.name } : null, figures }
    return sendTagged(request, reply, 'application/json', JSON.stringify(body))
  })
  server.get<{ Params: { code: string; table: string } }>(
    '/api/territories/:code/:table.csv',
    open,
    async (request, reply) => {
      const name = request.params.table as PortraitTable
      if (!portraitTables.includes(name)) throw notFound(`Le tableau « ${name.slice(0, 40)} »`)
      const { portrait } = await readPortrait(app, request.params.code)
      const { headers, rows } = tableOf(portrait, name)
      const parameters = parametersOf(request)
      const separator = parameters.get('separator') === ';' ? ';' : ','
      const text = [headers, ...rows].map((row) => csvLine(row, separator)).join('')
      reply.header('content-disposition', `attachment; filename="${portrait.code}-${name}.csv"`)
      return sendTagged(
        request,
        reply,
        'text/csv; charset=utf-8',
        (parameters.get('bom') === '1' ? '\uFEFF' : '') + text,
      )
    },
  )
}

const path = (name: string, description: string) => ({
  name,
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
})
const ok = (description: string, content: Record<string, unknown>) => ({
  200: { description, content },
  404: problemResponse('Territoire inconnu'),
})

/** The atlas's part of the API description. */
export function atlasApi(): ApiDescription {
  return {
    paths: {
      '/api/territories': {
        get: {
          summary: 'Territoires ouverts, ou ceux dont le nom ressemble à un texte',
          parameters: [{ name: 'q', in: 'query', description: 'Nom ou code', schema: { type: 'string' } }],
          responses: ok('Liste', { 'application/json': {} }),
        },
      },
      '/api/territories/{code}': {
        get: {
          summary: 'Un territoire et les chiffres de son portrait',
          parameters: [path('code', 'Commune, EPCI, département, region-76 ou territoire personnalisé')],
          responses: ok('Portrait', { 'application/json': {} }),
        },
      },
      '/api/territories/{code}/{table}.csv': {
        get: {
          summary: 'Un tableau du portrait, en CSV',
          parameters: [path('code', 'Code du territoire'), path('table', portraitTables.join(', '))],
          responses: ok('CSV', { 'text/csv': {} }),
        },
      },
      '/tiles/atlas/{z}/{x}/{y}.mvt': {
        get: {
          summary:
            'Tuile vectorielle (Mapbox Vector Tile 2) : couches « clusters » et « points », avec les filtres de /api/establishments',
          parameters: [path('z', '0 à 22'), path('x', 'colonne'), path('y', 'ligne')],
          responses: {
            200: { description: 'Tuile', content: { 'application/vnd.mapbox-vector-tile': {} } },
            400: problemResponse('Filtre ou tuile non valable'),
          },
        },
      },
    },
  }
}
