import { badInput, UserError } from '#platform'

export const wrongSiret = () =>
  badInput('Ce SIRET n’en est pas un : c’est un numéro de quatorze chiffres. Partez de la page de l’entreprise.', [
    { field: 'siret', message: 'Quatorze chiffres.' },
  ])

export const codeUnknown = () =>
  new UserError(
    'enterprise.code_unknown',
    409,
    'Ce code est inconnu, a déjà servi ou a plus de soixante jours. Relisez-le sur votre feuille, ou demandez-en un autre à l’organisme qui vous l’a remis.',
    [{ field: 'code', message: 'Douze lettres et chiffres, en trois groupes.' }],
  )

export const tooManyCodes = () =>
  new UserError(
    'enterprise.too_many_codes',
    409,
    'Trop de codes ont été faits pour cette entreprise. Servez-vous de l’un d’eux, ou attendez qu’ils prennent fin.',
  )

export const wrongBody = () =>
  badInput('Choisissez l’organisme au nom duquel vous remettez ce code.', [
    { field: 'body', message: 'Choisissez un organisme.' },
  ])

export const notBound = () =>
  new UserError(
    'enterprise.not_bound',
    403,
    'Aucune convention en cours ne lie cet organisme à la plateforme dans cette commune : il ne peut pas y remettre de code. Demandez à l’administrateur de la plateforme d’en écrire une, ou de remettre lui-même le code.',
  )
