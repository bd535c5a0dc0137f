import { badInput, UserError } from '#platform'

const wrong = (field: string, message: string) => badInput(message, [{ field, message }])

export const wrongName = () => wrong('name', 'Donnez le nom de l’organisme, en 200 caractères au plus.')
export const wrongKind = () => wrong('kind', 'Choisissez la sorte d’organisme dans la liste.')
export const wrongContact = () =>
  wrong('email', 'Cette adresse de courriel n’en est pas une, par exemple nom@exemple.fr.')
export const wrongTerritory = (code: string) =>
  wrong(
    'territory',
    `Le territoire « ${code.slice(0, 40)} » est inconnu. Donnez un code tel que 82, 82121 ou region-76.`,
  )
export const wrongRole = () => wrong('role', 'Choisissez le rôle dans la liste.')
export const wrongMetiers = () =>
  wrong(
    'metiers',
    'Un expert agit pour des métiers précis : choisissez-en un à cinquante, ou aucun s’il les connaît tous.',
  )
export const wrongEnd = () => wrong('until', 'Donnez un jour à venir, ou laissez vide.')

export const nameTaken = (name: string) =>
  new UserError('body.name_taken', 409, `Un organisme s’appelle déjà « ${name} ». Ouvrez-le depuis la liste.`, [
    { field: 'name', message: 'Ce nom est déjà pris.' },
  ])

export const alreadyMember = (email: string) =>
  new UserError(
    'body.already_member',
    409,
    `${email} a déjà ce rôle dans cet organisme. Mettez-y d’abord fin pour le changer.`,
    [{ field: 'email', message: 'Cette personne a déjà ce rôle.' }],
  )

export const notManager = () =>
  new UserError(
    'body.not_manager',
    403,
    'Seuls le responsable de cet organisme et l’administrateur peuvent faire cela. Demandez-le à l’un d’eux.',
  )

export const notOfBody = () =>
  new UserError(
    'body.not_member',
    403,
    'Cette page est réservée aux personnes de cet organisme. Demandez une invitation à son responsable.',
  )
