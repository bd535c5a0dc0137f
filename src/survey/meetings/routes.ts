import type { FastifyInstance } from 'fastify'
import { siteAddress } from '#accounts'
import type { App } from '#platform'
import { calendarOf } from './calendar.ts'
import { getMeeting } from './queries.ts'

/** A meeting as a file for one's own calendar. */
export function meetingRoutes(server: FastifyInstance, app: App) {
  server.get<{ Params: { id: string } }>(
    '/espace/rencontres/:id/rencontre.ics',
    { config: { permission: 'signed-in' } },
    async (request, reply) => {
      const { meeting } = await getMeeting(app.db, request.user, request.params.id)
      return reply
        .type('text/calendar; charset=utf-8')
        .headers({ 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="rencontre.ics"' })
        .send(calendarOf(meeting, siteAddress(app.config)))
    },
  )
}
