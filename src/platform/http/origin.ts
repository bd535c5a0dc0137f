import type { FastifyRequest } from 'fastify'
import { UserError } from '../errors.ts'

/**
 * Refuses a form that another site sent with the visitor's cookie (CSRF): the browser's own `Origin` decides.
 * @throws {UserError} 403
 */
export function requireSameOrigin(request: FastifyRequest): void {
  if (request.headers.origin === `${request.protocol}://${request.host}`) return
  throw new UserError(
    'forbidden_origin',
    403,
    'Cette demande vient d’un autre site : elle est refusée. Reprenez depuis la page du site.',
  )
}
