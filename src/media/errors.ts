import { UserError } from '#platform'
import { mediaMessages } from './messages.ts'

const { refusals } = mediaMessages.fr

/** Why a file is not taken; the code is kept in its refusal note. */
export type RefusalCode = keyof typeof refusals

const statuses: Partial<Record<RefusalCode, number>> = { type: 415, size: 413, quota: 413 }

/** A file that is not taken: a sentence that says why and what to do. */
export const refused = (code: RefusalCode): UserError =>
  new UserError(`media.${code}`, statuses[code] ?? 422, refusals[code])

/** Code of a refusal from its error, null for any other error. */
export function refusalOf(error: unknown): RefusalCode | null {
  const code = error instanceof UserError && error.code.startsWith('media.') ? error.code.slice(6) : ''
  return code in refusals ? (code as RefusalCode) : null
}

export const mayNotDeposit = () =>
  new UserError(
    'media.no_right',
    403,
    'Le dépôt de fichiers est ouvert aux artisans qui tiennent une entreprise, aux organismes dont la convention le permet, et à l’administrateur. Demandez à l’administrateur de rattacher votre entreprise.',
  )

export const notReady = () =>
  new UserError('media.not_ready', 409, 'Ce fichier n’est pas encore prêt. Attendez la fin de sa préparation.')

export const alreadyHere = () => new UserError('media.known', 409, 'Ce fichier est déjà arrivé.')
