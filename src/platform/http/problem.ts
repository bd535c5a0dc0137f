import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { badInput, UserError } from '../errors.ts'

export interface Problem {
  type: string
  title: string
  status: number
  code: string
  detail: string
  instance: string
  errors?: { field: string; message: string }[]
}

const unexpected =
  'Une erreur inattendue est survenue. Réessayez ; si elle revient, donnez le numéro de la demande à l’administrateur.'

/** What an error tells the outside: a user's error whole, a wrong request by its kind, anything else nothing. */
export function toUserError(error: unknown): UserError {
  if (error instanceof UserError) return error
  // PostgreSQL's `character_not_in_repertoire`: a text with a NUL, which no keyboard types.
  if ((error as { code?: unknown } | null)?.code === '22021')
    return badInput('Un des textes contient un signe qui ne s’écrit pas. Effacez-le, retapez-le, puis recommencez.')
  const status = (error as Partial<FastifyError>).statusCode ?? 500
  if (status === 413)
    return new UserError('too_large', 413, 'L’envoi est trop volumineux. Réduisez-le ou envoyez-le en plusieurs fois.')
  if (status === 429)
    return new UserError('too_many', 429, 'Trop de demandes en peu de temps. Attendez une minute puis réessayez.')
  if (status >= 400 && status < 500)
    return new UserError('bad_request', status, 'La demande n’est pas valable. Vérifiez l’adresse et les paramètres.')
  return new UserError('unexpected', 500, unexpected)
}

const pagePolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const escape = (text: string) =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!)

const problemPage = ({ detail, status }: Problem) => `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Artisanumérique · ${status}</title><link rel="stylesheet" href="/error.css"></head>
<body><main><h1>Cela n’a pas marché</h1><p>${escape(detail)}</p><p><a href="/">Revenir à l’accueil</a></p></main></body></html>`

/** Answers an error as a page to a browser's form, else as `application/problem+json` (RFC 9457). */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: unknown) {
  const known = toUserError(error)
  if (known.status >= 500) request.log.error({ err: error }, 'request failed')
  const problem: Problem = {
    type: `/problems/${known.code}`,
    title: known.message,
    status: known.status,
    code: known.code,
    detail: known.status >= 500 ? `${known.message} Demande n° ${request.id}.` : known.message,
    instance: request.id,
    ...(known.fields.length > 0 ? { errors: known.fields } : {}),
  }
  reply.status(known.status).header('cache-control', 'no-store')
  // A form that a browser sent gets a page.
  if (request.headers.accept?.includes('text/html') && !request.url.startsWith('/api/'))
    return reply
      .header('content-security-policy', pagePolicy)
      .type('text/html; charset=utf-8')
      .send(problemPage(problem))
  return reply.type('application/problem+json').send(problem)
}
