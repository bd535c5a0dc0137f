import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { badInput, csvLine, requireSameOrigin, sql, UserError, type App } from '#platform'
import { localized, type Lang } from '#platform/model'
import { latestGuide } from '../guide/guides.ts'
import { filesAMinute, limitedTo } from '../limit.ts'
import { limits } from '../tables/model.ts'
import { openDelivery } from './access.ts'
import { keepRefusal, readDelivery, type DeliveryInput } from './commands.ts'
import { deliveryMessages } from './messages.ts'
import { cellKinds } from './model.ts'
import type { ShownRow } from './queries.ts'

const tooLarge = () => {
  const message = `Ce fichier dépasse ${limits.bytes / 2 ** 20} Mo. Retirez-en les images, ou coupez-le en plusieurs fichiers.`
  return badInput(message, [{ field: 'file', message }])
}
const noFile = () => {
  const message = 'Choisissez un fichier CSV ou XLSX.'
  return badInput(message, [{ field: 'file', message }])
}

interface Sent extends DeliveryInput {
  lang: Lang
  truncated: boolean
}

async function readForm(request: FastifyRequest): Promise<Sent> {
  const sent: Sent = { body: '', title: '', fileName: '', bytes: new Uint8Array(), lang: 'fr', truncated: false }
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      sent.bytes = await part.toBuffer()
      sent.fileName = part.filename
      sent.truncated = part.file.truncated
      continue
    }
    const value = typeof part.value === 'string' ? part.value : ''
    if (part.fieldname === 'body') sent.body = value
    if (part.fieldname === 'title') sent.title = value
    if (part.fieldname === 'lang' && value === 'en') sent.lang = 'en'
  }
  return sent
}

/** Reads what was sent; a file that is refused leads back to the form, which says why. */
async function take(app: App, request: FastifyRequest): Promise<string> {
  const { lang, truncated, ...input } = await readForm(request)
  const page = localized(lang, '/espace/livraisons')
  try {
    if (truncated) throw tooLarge()
    if (input.bytes.length === 0 && input.fileName === '') throw noFile()
    return `${page}/${await readDelivery(app, request.user, input)}`
  } catch (error) {
    if (!(error instanceof UserError) || error.status === 401) throw error
    return `${page}?refus=${await keepRefusal(app.db, request.user, input, error)}#deposer`
  }
}

async function receive(server: FastifyInstance, app: App) {
  await server.register(multipart, {
    limits: { fileSize: limits.bytes, files: 1, fields: 4, fieldSize: 1000 },
    throwFileSizeLimit: false,
  })
  server.post('/espace/livraisons/fichier', { config: limitedTo(filesAMinute) }, async (request, reply) => {
    requireSameOrigin(request)
    return reply.redirect(await take(app, request), 303)
  })
}

/** A file to start from: the columns that are best understood, and a few practices of the guide. */
function modelFile(): string {
  const items = latestGuide().items.filter(({ kind, strength }) => strength && cellKinds.has(kind))
  const header = ['SIRET', 'Nom ou enseigne', 'Adresse', 'Code postal', 'Commune', 'Date de la visite', 'Commentaire']
  const chosen = items.filter(({ kind }) => kind === 'answer').slice(0, 6)
  const lines = [
    [...header, ...chosen.map(({ label }) => label.fr)],
    ['', 'Menuiserie Exemple', '12 rue du Moulin', '82000', 'Montauban', '21/03/2026', '', ...chosen.map(() => 'oui')],
  ]
  return `\u{feff}${lines.map((line) => csvLine(line, ';')).join('')}`
}

async function reportFile(app: App, id: string, lang: Lang): Promise<string> {
  const t = deliveryMessages[lang]
  const format = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeZone: 'UTC' })
  const day = (iso: string) => format.format(new Date(iso))
  const found =
    await sql<ShownRow>`select line, decision, siret, score, reasons, answers, problems from survey.delivery_row
    where delivery = ${id}::uuid order by line`.execute(app.db.kysely)
  const lines = found.rows.map(({ line, decision, siret, score, reasons, answers, problems }) => [
    line,
    t.decisions[decision],
    siret,
    siret === null ? null : score,
    reasons.map(({ code, value = '' }) => t.reasons[code](value, day)).join(' ; '),
    answers,
    problems.map(({ message }) => message).join(' '),
  ])
  return `\u{feff}${[[...t.csv], ...lines].map((line) => csvLine(line, ';')).join('')}`
}

const attached = (name: string) => ({
  'content-disposition': `attachment; filename="${name}"`,
  'cache-control': 'private, no-store',
})

/** Files of deliveries: sending one, the model, the report of one. */
export async function deliveryRoutes(server: FastifyInstance, app: App): Promise<void> {
  await server.register((scope) => receive(scope, app))
  const signedIn = { config: { permission: 'signed-in' as const } }
  server.get('/espace/livraisons/modele.csv', signedIn, async (_request, reply) =>
    reply.type('text/csv; charset=utf-8').headers(attached('modele-livraison.csv')).send(modelFile()),
  )
  server.get<{ Params: { id: string }; Querystring: { lang?: string } }>(
    '/espace/livraisons/:id/rapport.csv',
    signedIn,
    async (request, reply) => {
      const { delivery } = await openDelivery(app.db, request.user, request.params.id)
      const report = await reportFile(app, delivery.id, request.query.lang === 'en' ? 'en' : 'fr')
      return reply.type('text/csv; charset=utf-8').headers(attached('rapport-livraison.csv')).send(report)
    },
  )
}
