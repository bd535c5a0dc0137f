import { badInput, notFound, UserError } from '#platform'

const wrong = (field: 'file' | 'body', message: string) => badInput(message, [{ field, message }])

export const fileExpected = () => wrong('file', 'Choisissez un fichier .xlsx ou .csv exporté par ODK ou KoboToolbox.')

export const bodyExpected = () =>
  wrong('body', 'Choisissez l’organisme au nom duquel ces réponses ont été recueillies.')

export const noVisits = (sheets: readonly string[]) =>
  wrong(
    'file',
    `Aucune question du guide dans ce fichier (ligne 1 des feuilles : ${sheets.map((one) => `« ${one} »`).join(', ')}). Exportez les réponses du formulaire du guide, avec les noms XML des colonnes.`,
  )

export const tooManyVisits = (most: number) =>
  wrong('file', `Ce fichier contient plus de ${most} visites. Coupez-le en plusieurs fichiers.`)

export const unknownCollection = () => notFound('Ce fichier de réponses')

export const notNow = () =>
  new UserError(
    'survey.collection_state',
    409,
    'Ce fichier n’en est plus là : il a été accepté ou supprimé. Rechargez la page.',
  )

export const nothingToTake = () =>
  new UserError(
    'survey.collection_empty',
    400,
    'Ce fichier n’apporte aucune réponse nouvelle : il n’y a rien à accepter.',
  )
