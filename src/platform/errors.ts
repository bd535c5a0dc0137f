export interface FieldError {
  field: string
  message: string
}

/**
 * An error that a user may read: a stable code, an HTTP status, and a French message that says what to do.
 * Anything else that is thrown becomes a 500 whose inner text is never shown.
 */
export class UserError extends Error {
  readonly code: string
  readonly status: number
  readonly fields: FieldError[]

  constructor(code: string, status: number, message: string, fields: FieldError[] = []) {
    super(message)
    this.name = 'UserError'
    this.code = code
    this.status = status
    this.fields = fields
  }
}

export const notFound = (what: string) =>
  new UserError('not_found', 404, `${what} est introuvable. Vérifiez l’adresse, ou cherchez depuis l’accueil.`)

export const signInRequired = () =>
  new UserError('sign_in_required', 401, 'Cette action demande d’être connecté. Connectez-vous, puis recommencez.')

export const forbidden = () =>
  new UserError('forbidden', 403, 'Cette action est réservée à l’administrateur de la plateforme.')

export const badInput = (message: string, fields: FieldError[] = []) => new UserError('bad_input', 400, message, fields)

/** A command that was typed wrong: exit code 2, where other errors give 1. */
export class UsageError extends UserError {
  constructor(message: string) {
    super('usage', 400, message)
  }
}
