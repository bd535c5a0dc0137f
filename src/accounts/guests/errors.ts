import { badInput, UserError } from '#platform'

export const invitationEnded = () =>
  new UserError(
    'guest.link_ended',
    410,
    'Cette invitation est inconnue ou a pris fin. Demandez-en une autre à la personne qui vous l’a donnée.',
  )

export const wrongGuestName = () =>
  badInput('Dites comment on vous appelle, en 60 caractères au plus.', [
    { field: 'name', message: 'Un prénom suffit.' },
  ])

export const wrongAge = () =>
  badInput('Dites si vous avez 18 ans ou plus : ce que vous direz est mieux protégé avant 18 ans.', [
    { field: 'age', message: 'Choisissez une réponse.' },
  ])

export const wrongGuestLink = () =>
  badInput('Une invitation a un titre, mène à une page du site, et dure un an au plus.', [
    { field: 'expiresAt', message: 'Un moment à venir, dans l’année.' },
  ])
