import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badInput, requireSameOrigin, UserError, type App, type User } from '#platform'
import { limitedTo } from '../limit.ts'
import { protocol, type SyncAnswer } from '../model.ts'
import { listAnswers, searchUnits } from './answers.ts'
import { takeForPerson } from './commands.ts'
import { parseSync } from './entry.ts'
import { createPack } from './pack.ts'
import { EntryRefused } from './refusal.ts'
import { startAnswer } from './start.ts'

/** The most that 200 entries take: texts of 3,000 characters in UTF-8. */
const largestBody = 3_000_000

const parametersOf = (request: FastifyRequest) => new URL(request.url, 'http://localhost').searchParams

function required(request: FastifyRequest, name: string, message: string): string {
  const text = parametersOf(request).get(name)?.trim() ?? ''
  if (text === '' || text.length > 200) throw badInput(message, [{ field: name, message }])
  return text
}

const otherPerson = () =>
  new UserError(
    'survey.other_person',
    409,
    'Un autre compte est connecté sur cet appareil. Reconnectez-vous avec le vôtre pour envoyer vos réponses.',
  )

async function sync(app: App, request: FastifyRequest): Promise<SyncAnswer> {
  requireSameOrigin(request)
  const actor = request.user as User
  // What somebody wrote must not go out as the word of whoever signed in after him.
  const writer = request.headers['x-survey-person']
  if (writer !== undefined && writer !== actor.id) throw otherPerson()
  const { request: asked, refused } = parseSync(request.body)
  const results = await takeForPerson(app, actor, asked, { channel: 'device' })
  return { protocol, results: [...refused, ...results] }
}

async function pack(app: App, request: FastifyRequest) {
  const body = required(request, 'body', 'Dites pour quel organisme (body).')
  const territory = required(request, 'territory', 'Choisissez un territoire (territory).')
  try {
    return await createPack(app, request.user as User, { body, territory })
  } catch (error) {
    throw error instanceof EntryRefused ? new UserError(error.code, 403, error.message) : error
  }
}

async function serve(server: FastifyInstance, app: App): Promise<void> {
  // What is answered is a person's own.
  server.addHook('onSend', async (_, reply) => {
    reply.header('cache-control', 'private, no-store')
  })
  server.get('/api/survey/start', { config: limitedTo(120) }, (request) => startAnswer(app, request.user as User))
  server.get('/api/survey/pack', { config: limitedTo(30) }, (request) => pack(app, request))
  server.post('/api/survey/sync', { config: limitedTo(600), bodyLimit: largestBody }, (request) => sync(app, request))
  server.get<{ Params: { siret: string } }>(
    '/api/survey/enterprises/:siret/answers',
    { config: limitedTo(300) },
    (request) => listAnswers(app, request.user as User, request.params.siret),
  )
  server.get('/api/survey/enterprises', { config: limitedTo(300) }, async (request) => ({
    enterprises: await searchUnits(app, request.user as User, {
      q: required(request, 'q', 'Tapez un nom ou un SIRET (q).'),
      territory: parametersOf(request).get('territory'),
    }),
  }))
}

/** What devices of surveyors ask and send. */
export async function contributionRoutes(server: FastifyInstance, app: App): Promise<void> {
  await server.register((scope) => serve(scope, app))
}
