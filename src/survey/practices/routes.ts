import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { badInput, csvLine, sql, type App, type Dataset } from '#platform'
import type { Value } from '#statements/model'
import { practicesDataset } from './dataset.ts'
import type { Practice, PracticeQuery } from './model.ts'
import { parsePractices, resolvePractices } from './query.ts'

type Source = Dataset<Practice, PracticeQuery>

const open = { config: { permission: 'public' as const } }
const parametersOf = (request: FastifyRequest) => new URL(request.url, 'http://localhost').searchParams

/** A text that differs whenever what everybody may read of practices does: withdrawals, agreements that end, names. */
async function revisionOf(app: App): Promise<string> {
  const found = await sql<{ revision: string }>`
    select concat_ws(' ', (select concat_ws(' ', count(*), sum(version), max(version)) from survey.public_practice),
      (select value from registry.public_revision),
      (select md5(string_agg(id || ' ' || name, ',' order by id)) from accounts.public_body)) as revision`.execute(
    app.db.kysely,
  )
  return found.rows[0]!.revision
}

async function isFresh(app: App, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const text = `${app.commit} ${await revisionOf(app)} ${request.url}`
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

async function listAsJson(app: App, source: Source, request: FastifyRequest, query: PracticeQuery) {
  const parameters = parametersOf(request)
  const limit = limitOf(parameters)
  const page = await source.page(query, limit, parameters.get('cursor'), parameters.get('sort') ?? undefined)
  const base = app.config.publicUrl ?? ''
  const links = [{ rel: 'self', type: 'application/json', href: `${base}${request.url}` }]
  if (page.next) {
    parameters.set('cursor', page.next)
    links.push({ rel: 'next', type: 'application/json', href: `${base}/api/practices?${parameters}` })
  }
  return { numberMatched: page.numberMatched, numberReturned: page.rows.length, links, items: page.rows }
}

/** A value in one cell: the answer, the choice, the number, the words; a place as latitude and longitude. */
function cellOf(value: Value | null): string | number | null {
  if (value === null) return null
  switch (value.kind) {
    case 'answer':
      return value.answer
    case 'choice':
      return value.choice
    case 'number':
      return value.number
    case 'text':
      return value.text
    case 'place':
      return `${value.lat} ${value.lon}`
    case 'period':
      return value.period
    case 'enterprise':
      return value.siret
    case 'person':
      return value.person
    case 'file':
      return value.file
  }
}

/** The columns of the CSV, in order. */
const columns: Record<string, (row: Practice) => string | number | boolean | null> = {
  siret: (row) => row.siret,
  name: (row) => row.name,
  commune: (row) => row.commune,
  communeName: (row) => row.communeName,
  departement: (row) => row.departement,
  sector: (row) => row.sector,
  metier: (row) => row.metier,
  pillar: (row) => row.pillar,
  item: (row) => row.item,
  label: (row) => row.label.fr,
  strength: (row) => row.strength,
  kind: (row) => row.value?.kind ?? null,
  value: (row) => cellOf(row.value),
  unit: (row) => (row.value?.kind === 'number' ? row.value.unit : null),
  done: (row) => row.done,
  state: (row) => row.state,
  disagreement: (row) => row.disagreement,
  support: (row) => row.support,
  voices: (row) => row.voices,
  saidOn: (row) => row.saidOn,
  bodies: (row) => row.bodies.join(' | '),
  bySubject: (row) => row.bySubject,
  citizens: (row) => row.citizens,
}

async function* csvOf(source: Source, query: PracticeQuery, bom: boolean, separator: string) {
  yield (bom ? '\uFEFF' : '') + csvLine(Object.keys(columns), separator)
  for await (const rows of source.stream(query))
    yield rows
      .map((row) =>
        csvLine(
          Object.values(columns).map((cell) => cell(row)),
          separator,
        ),
      )
      .join('')
}

function separatorOf(parameters: URLSearchParams): string {
  const separator = parameters.get('separator') ?? ','
  if (![',', ';', 'tab'].includes(separator))
    throw badInput('Le séparateur est « , », « ; » ou « tab ».', [{ field: 'separator', message: ', ; tab' }])
  return separator === 'tab' ? '\t' : separator
}

/** Practices as data: by pages, and whole as CSV. */
export function practiceRoutes(server: FastifyInstance, app: App): void {
  const source = practicesDataset(app.db)
  const queryOf = (request: FastifyRequest) => resolvePractices(app.db, parsePractices(parametersOf(request)))
  server.get('/api/practices', open, async (request, reply) => {
    const query = await queryOf(request)
    if (await isFresh(app, request, reply)) return reply.status(304).send()
    return reply.type('application/json').send(JSON.stringify(await listAsJson(app, source, request, query)))
  })
  server.get('/api/practices.csv', open, async (request, reply) => {
    const parameters = parametersOf(request)
    const query = await queryOf(request)
    const separator = separatorOf(parameters)
    if (await isFresh(app, request, reply)) return reply.status(304).send()
    reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="pratiques.csv"')
    return reply.send(Readable.from(csvOf(source, query, parameters.get('bom') === '1', separator)))
  })
}
