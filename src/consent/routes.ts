import type { FastifyInstance } from 'fastify'
import type { App } from '#platform'
import { collectPersonalData } from './screen/personal.ts'

/** The person's own copy of everything that is held about him (articles 15 and 20 of the GDPR). */
export function consentRoutes(server: FastifyInstance, app: App) {
  server.get('/espace/donnees.json', { config: { permission: 'signed-in' } }, async (request, reply) => {
    const data = await collectPersonalData(app, request.user)
    return reply
      .type('application/json; charset=utf-8')
      .headers({ 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="mes-donnees.json"' })
      .send(JSON.stringify(data, null, 2))
  })
}
