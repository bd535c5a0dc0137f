import { UserError } from '#platform'

export const recordUnknown = () =>
  new UserError('consent.unknown', 404, 'Cet accord est introuvable. Ce dont il parle a peut-être été effacé.')

export const recordErased = () =>
  new UserError('consent.erased', 410, 'Ce contenu a été effacé à la demande d’une personne : il ne peut pas revenir.')

export const notPossible = (why: string) => new UserError('consent.not_possible', 409, why)

export const textUnknown = () =>
  new UserError(
    'consent.text_unknown',
    400,
    'Le texte de l’accord n’est pas celui d’aujourd’hui. Rechargez la page, relisez-le, puis recommencez.',
  )

export const textChanged = (version: string) =>
  new Error(
    `The text of agreement ${version} was changed: people agreed to it as it was. Give the new text a new version`,
  )

export const lastAdministrator = () =>
  new UserError(
    'consent.last_administrator',
    409,
    'Rien n’est effacé : vous êtes le seul administrateur. Ouvrez d’abord le compte d’un autre, par la commande user create avec --administrator.',
  )

export const confirmationExpected = () =>
  new UserError('consent.confirmation', 400, 'Rien n’est effacé. Pour effacer, tapez le mot EFFACER en majuscules.', [
    { field: 'confirmation', message: 'Tapez EFFACER' },
  ])
