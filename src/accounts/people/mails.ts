import type { Mail } from '#platform'
import { linkMinutes } from './model.ts'

const signature = 'Artisanumérique'

/** The mail of a sign-in link. */
export const signInMail = ({ name, email }: { name: string; email: string }, link: string): Mail => ({
  to: email,
  subject: 'Votre lien de connexion',
  text: `Bonjour ${name},

Voici votre lien de connexion. Il sert une fois, pendant ${linkMinutes} minutes :

${link}

Vous n’avez rien demandé ? Ignorez ce message : sans ce lien, personne n’entre.

${signature}
`,
})

/** The mail that confirms a new address. */
export const newEmailMail = (name: string, email: string, link: string): Mail => ({
  to: email,
  subject: 'Confirmez votre nouvelle adresse',
  text: `Bonjour ${name},

Confirmez que cette adresse est la vôtre, dans le navigateur où vous êtes connecté. Le lien sert une fois, pendant ${linkMinutes} minutes :

${link}

Vous n’avez rien demandé ? Ignorez ce message : rien ne change.

${signature}
`,
})

/** What the former address is told. */
export const emailChangedMail = (name: string, email: string): Mail => ({
  to: email,
  subject: 'Votre adresse de connexion a changé',
  text: `Bonjour ${name},

Votre compte a maintenant une autre adresse de courriel : les liens de connexion n’arriveront plus ici.

Ce n’est pas vous ? Écrivez tout de suite à l’administrateur de la plateforme.

${signature}
`,
})

/** Told after a password was set, changed or removed. */
export const passwordMail = (name: string, email: string, now: boolean): Mail => ({
  to: email,
  subject: now ? 'Votre mot de passe a changé' : 'Votre mot de passe est retiré',
  text: `Bonjour ${name},

${now ? 'Un nouveau mot de passe ouvre votre compte. Vos autres appareils sont déconnectés.' : 'Aucun mot de passe n’ouvre plus votre compte.'}

Ce n’est pas vous ? Écrivez tout de suite à l’administrateur de la plateforme.

${signature}
`,
})
