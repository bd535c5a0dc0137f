import { typeset } from '#platform/model'

const fr = {
  title: 'Invitation',
  invited: 'Vous êtes invité à :',
  lead: 'Pas besoin de compte. Dites seulement comment on vous appelle.',
  name: 'Votre prénom ou votre nom',
  age: 'Votre âge',
  ages: { adult: 'J’ai 18 ans ou plus', minor: 'J’ai moins de 18 ans' },
  ageHint: 'Avant 18 ans, ce que vous dites n’est jamais montré avec votre nom.',
  enter: 'Entrer',
  ended: 'Cette invitation est inconnue ou a pris fin. Demandez-en une autre à la personne qui vous l’a donnée.',
  home: 'Aller à l’accueil',
}

export type GuestsMessages = typeof fr

const en: GuestsMessages = {
  title: 'Invitation',
  invited: 'You are invited to:',
  lead: 'No account is needed. Only say what you are called.',
  name: 'Your first name or name',
  age: 'Your age',
  ages: { adult: 'I am 18 or older', minor: 'I am under 18' },
  ageHint: 'Under 18, what you say is never shown with your name.',
  enter: 'Enter',
  ended: 'This invitation is unknown or has ended. Ask whoever gave it to you for another.',
  home: 'Go to the home page',
}

export const guestsMessages = { fr: typeset(fr), en }
