import { badInput, notFound, UserError } from '#platform'

const refusedFile = (message: string) => badInput(message, [{ field: 'file', message }])

export const noRows = () =>
  refusedFile(
    'Ce fichier ne contient que son en-tête, ou rien. Ajoutez une ligne par entreprise, puis déposez-le de nouveau.',
  )

export const noHeader = () =>
  refusedFile(
    'La première ligne doit nommer les colonnes : SIRET, Nom, Adresse… Prenez le fichier modèle pour exemple.',
  )

export const titleExpected = () => {
  const message = 'Donnez un titre à cette livraison, en 120 caractères au plus.'
  return badInput(message, [{ field: 'title', message }])
}

export const bodyExpected = () => {
  const message = 'Choisissez l’organisme au nom duquel vous livrez ce fichier.'
  return badInput(message, [{ field: 'body', message }])
}

export const mayNotDeliver = () =>
  new UserError(
    'survey.may_not_deliver',
    403,
    'Aucune convention en vigueur ne vous permet d’ajouter des pratiques au nom d’un organisme. Demandez au responsable de votre organisme ce qu’il en est.',
  )

export const unknownDelivery = () => notFound('Cette livraison')

export const notNow = () =>
  new UserError(
    'survey.delivery_state',
    409,
    'Cette livraison n’en est plus là : quelqu’un l’a acceptée, annulée ou supprimée. Rechargez la page.',
  )

export const unknownLine = () => notFound('Cette ligne de la livraison')

export const unknownSiret = (field: string) => {
  const message = 'Ce SIRET n’est pas dans le registre. Vérifiez ses quatorze chiffres.'
  return badInput(message, [{ field, message }])
}

export const nothingToAccept = () => {
  const message =
    'Aucune ligne reconnue n’apporte de réponse : il n’y a rien à accepter. Dites ce que sont les colonnes, ou choisissez les entreprises des lignes douteuses.'
  return badInput(message, [{ field: 'accept', message }])
}

export const doubleColumn = (columns: readonly number[], name: string) => {
  const message = `Deux colonnes ne peuvent pas être « ${name} » : gardez-en une.`
  return badInput(
    message,
    columns.map((column) => ({ field: `column-${column}`, message })),
  )
}

export const wrongMeaning = (column: number) => {
  const message = 'Choisissez dans la liste ce qu’est cette colonne.'
  return badInput(message, [{ field: `column-${column}`, message }])
}

export const confirmationExpected = () => {
  const message = 'Cochez la case pour confirmer.'
  return badInput(message, [{ field: 'confirm', message }])
}
