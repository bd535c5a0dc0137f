import { badInput, UserError, type FieldError } from '#platform'

export const unknownItem = (item: string) =>
  new UserError('statements.unknown_item', 404, `On ne peut rien dire sur « ${item.slice(0, 40)} » ici.`)

export const unknownSubject = () =>
  new UserError('statements.unknown_subject', 404, 'Ce dont vous parlez est introuvable. Reprenez depuis sa page.')

export const unknownStatement = () =>
  new UserError('statements.unknown', 404, 'Cette déclaration est introuvable. Elle a peut-être été effacée.')

export const wrongFields = (fields: FieldError[]) => badInput(fields.map(({ message }) => message).join(' '), fields)

export const withheldItem = () =>
  new UserError(
    'statements.withheld',
    403,
    'La personne a demandé que ses informations ne soient pas diffusées : cela ne peut pas être publié.',
  )

export const subjectAlone = () =>
  new UserError(
    'statements.subject_alone',
    403,
    'Le nom d’un artisan en nom propre est une donnée personnelle : lui seul peut le donner, depuis son espace.',
  )

export const consentExpected = () =>
  new UserError(
    'statements.consent_expected',
    400,
    'Pour publier cela, lisez le texte de l’accord et cochez la case. Sinon, ne remplissez pas ce champ.',
    [{ field: 'consent', message: 'Cochez la case pour donner votre accord.' }],
  )

export const notYours = () =>
  new UserError(
    'statements.not_yours',
    403,
    'Seule la personne qui l’a dit, ou l’artisan concerné, peut le faire. Écrivez à l’administrateur si c’est faux.',
  )

export const alreadyDecided = () =>
  new UserError('statements.decided', 409, 'Quelqu’un a déjà répondu à cette proposition. Rechargez la page.')

export const nothingToSettle = () =>
  new UserError('statements.nothing_to_settle', 409, 'Il n’y a plus rien à trancher ici. Rechargez la page.')

export const tooMany = () =>
  new UserError(
    'statements.too_many',
    429,
    'Vous avez envoyé dix propositions en une heure : merci ! Revenez dans une heure pour la suite.',
  )

export const idTaken = () =>
  new UserError('statements.id_taken', 409, 'Une autre déclaration porte déjà ce numéro. Rechargez la page.')
