import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { badInput, problemResponse, type ApiDescription, type App, type Subject } from '#platform'
import { findItem, findKind } from './items.ts'
import { agreedStates, isFresh, sourceKinds, type Side } from './model.ts'
import { listAgreed, listBodyNames, listReasons, type PublicAgreed } from './queries.ts'

/** @throws {UserError} 400 */
function subjectOf(text: string | null): Subject {
  const [, kind, id] = /^([a-z-]{1,40}):([\w-]{1,80})$/.exec(text ?? '') ?? []
  if (kind && id && findKind(kind)) return { kind, id }
  throw badInput('Dites de quoi il s’agit (subject), par exemple enterprise:73282932000074.', [
    { field: 'subject', message: 'enterprise:SIRET' },
  ])
}

const sideOf = (side: Side, names: ReadonlyMap<string, string>) => ({
  ...side,
  bodies: side.bodies.map((id) => ({ id, name: names.get(id) ?? null })),
})

async function describe(app: App, list: readonly PublicAgreed[]) {
  const bodies = list.flatMap(({ sides, settlement }) => [
    ...sides.flatMap((side) => side.bodies),
    ...(settlement?.dissents ?? []),
  ])
  const [names, reasons] = await Promise.all([
    listBodyNames(app.db.kysely, bodies),
    listReasons(
      app.db.kysely,
      list.flatMap(({ settlement }) => settlement?.id ?? []),
    ),
  ])
  const today = new Date().toISOString()
  return list.map(({ subject, item, sides, settlement, ...agreed }) => {
    const known = findItem(subject.kind, item)
    return {
      item,
      label: known?.label ?? null,
      pillar: known?.pillar ?? null,
      ...agreed,
      fresh: isFresh(agreed.saidOn, known?.windowDays ?? null, today),
      sides: sides.map((side) => sideOf(side, names)),
      settlement: settlement && {
        ...settlement,
        ...reasons.get(settlement.id),
        dissents: settlement.dissents.map((id) => ({ id, name: names.get(id) ?? null })),
      },
    }
  })
}

/** What is agreed about a subject, for programs. */
export async function statementRoutes(server: FastifyInstance, app: App) {
  server.get('/api/statements', { config: { permission: 'public' } }, async (request, reply) => {
    const parameters = new URL(request.url, 'http://localhost').searchParams
    const subject = subjectOf(parameters.get('subject'))
    const item = parameters.get('item')
    const list = (await listAgreed(app.db.kysely, subject)).filter((one) => item === null || one.item === item)
    const items = await describe(app, list)
    const body = JSON.stringify({
      subject,
      numberMatched: items.length,
      numberReturned: items.length,
      links: [],
      items,
    })
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    reply.headers({ etag, 'cache-control': 'public, no-cache' }).type('application/json')
    return request.headers['if-none-match']?.includes(etag) ? reply.status(304).send() : reply.send(body)
  })
}

const strings = { type: 'array', items: { type: 'string' } }
const bodies = {
  type: 'array',
  items: { type: 'object', properties: { id: { type: 'string' }, name: { type: ['string', 'null'] } } },
}

/** The statements' part of the API description. */
export function statementApi(): ApiDescription {
  const query = (name: string, description: string, required: boolean) => ({
    name,
    in: 'query',
    required,
    description,
    schema: { type: 'string' },
  })
  return {
    paths: {
      '/api/statements': {
        get: {
          summary: 'Ce qui est dit d’une entreprise, par qui, et la valeur retenue',
          parameters: [
            query('subject', 'enterprise:SIRET', true),
            query('item', 'Un seul sujet de déclaration, par exemple opening_hours', false),
          ],
          responses: {
            200: {
              description: 'Valeurs retenues',
              content: { 'application/json': { schema: { $ref: '#/components/schemas/AgreedList' } } },
            },
            400: problemResponse('Sujet non valable'),
          },
        },
      },
    },
    schemas: {
      AgreedList: {
        type: 'object',
        required: ['subject', 'numberMatched', 'numberReturned', 'links', 'items'],
        properties: {
          subject: { type: 'object', properties: { kind: { type: 'string' }, id: { type: 'string' } } },
          numberMatched: { type: 'integer' },
          numberReturned: { type: 'integer' },
          links: { type: 'array' },
          items: { type: 'array', items: { $ref: '#/components/schemas/Agreed' } },
        },
      },
      Agreed: {
        type: 'object',
        required: ['item', 'state', 'value', 'support', 'voices', 'disagreement', 'saidOn', 'fresh', 'sides'],
        properties: {
          item: { type: 'string' },
          label: { type: ['object', 'null'] },
          pillar: { type: ['string', 'null'] },
          state: { enum: [...agreedStates] },
          value: { type: ['object', 'null'], description: 'Vide quand les avis sont partagés' },
          support: { type: 'integer', description: 'Voix pour cette valeur' },
          voices: { type: 'integer' },
          disagreement: { type: 'boolean' },
          saidOn: { type: 'string', description: 'Dernier jour où cela a été dit' },
          fresh: { type: 'boolean' },
          sides: {
            type: 'array',
            description: `Qui dit quoi (${sourceKinds.join(', ')})`,
            items: {
              type: 'object',
              properties: {
                value: { type: 'object' },
                support: { type: 'integer' },
                bodies,
                subject: { type: 'boolean' },
                register: { type: 'boolean' },
                citizens: { type: 'integer' },
                saidOn: { type: 'string' },
                statements: strings,
              },
            },
          },
          settlement: { type: ['object', 'null'] },
          version: { type: 'integer' },
        },
      },
    },
  }
}
