import { badInput, UserError } from '#platform'

const wrong = (field: string, message: string) => badInput(message, [{ field, message }])

export const wrongTitle = () =>
  wrong('title', 'Dites en quelques mots à quoi sert cette convention (200 caractères au plus).')
export const wrongStart = () => wrong('startsOn', 'Donnez le jour où la convention commence.')
export const wrongEnd = () => wrong('endsOn', 'Le dernier jour ne peut pas venir avant le premier.')
export const wrongAction = () => wrong('action', 'Choisissez ce que la clause permet.')
export const wrongPurpose = () => wrong('purpose', 'Choisissez l’usage que la clause permet.')
export const wrongScope = () => wrong('scope', 'Choisissez au moins un domaine ou un sujet, ou bien « tout ».')
export const wrongReason = () => wrong('reason', 'Dites pourquoi la convention prend fin (500 caractères au plus).')
export const wrongExtension = () =>
  wrong('until', 'Une prolongation mène à un jour à venir, plus tard que la fin prévue.')

export const alreadySigned = () =>
  new UserError(
    'convention.signed',
    409,
    'Cette convention est signée : ses clauses ne changent plus. Écrivez une convention qui la remplace.',
  )

export const notSigned = () =>
  new UserError('convention.not_signed', 409, 'Cette convention n’est pas signée : changez ses dates ou ses clauses.')

export const alreadyEnded = () =>
  new UserError(
    'convention.ended',
    409,
    'Il a été mis fin à cette convention : elle ne change plus. Écrivez-en une nouvelle.',
  )

export const noClause = () =>
  new UserError('convention.no_clause', 409, 'Cette convention ne permet encore rien. Ajoutez au moins une clause.')
