import type { FastifyInstance } from 'fastify'
import { problemResponse, type ApiDescription, type App } from '#platform'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { guideOfText } from '../guides.ts'
import { guideToXlsform, workbookOf } from './write.ts'

const workbook = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The guide as a form of ODK and KoboToolbox. */
export function xlsformRoutes(server: FastifyInstance, app: App): void {
  server.get('/guide/xlsform.xlsx', { config: { permission: 'public' } }, async (request, reply) => {
    const guide = guideOfText(new URL(request.url, 'http://localhost').searchParams.get('version'))
    const tree = await listMetierTree(app.db)
    const names = {
      sectors: new Map(tree.map(({ slug, label }) => [slug, label])),
      metiers: new Map(metiersOfTree(tree).map(({ slug, label }) => [slug, label])),
    }
    const bytes = await workbookOf(guideToXlsform(guide, names))
    return reply
      .type(workbook)
      .headers({
        'content-disposition': `attachment; filename="guide-rse-version-${guide.version}.xlsx"`,
        'cache-control': 'public, no-cache',
      })
      .send(bytes)
  })
}

/** The form's part of the API description. */
export function xlsformApi(): ApiDescription {
  return {
    paths: {
      '/guide/xlsform.xlsx': {
        get: {
          summary: 'Le guide de l’enquête en XLSForm, pour ODK et KoboToolbox',
          parameters: [
            {
              name: 'version',
              in: 'query',
              description: 'Une version publiée ; la dernière si elle manque',
              schema: { type: 'integer', minimum: 1 },
            },
          ],
          responses: {
            200: {
              description: 'Un classeur XLSForm : feuilles survey, choices et settings',
              content: { [workbook]: { schema: { type: 'string', format: 'binary' } } },
            },
            400: problemResponse('Version mal écrite'),
            404: problemResponse('Version inconnue'),
          },
        },
      },
    },
  }
}
