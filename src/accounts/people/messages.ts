import { typeset } from '#platform/model'

const fr = {
  title: 'Connexion',
  lead: 'Pour les personnes qu’un organisme ou l’administrateur a invitées.',
  ready: 'Votre lien est prêt. Il ne sert qu’une fois.',
  signIn: 'Se connecter',
  email: 'Votre adresse de courriel',
  emailHint: 'Celle où vous avez reçu l’invitation.',
  send: 'Recevoir un lien',
  sent: 'Si cette adresse a un compte, un lien vient d’y partir. Il sert une fois, pendant quinze minutes. Regardez aussi les indésirables.',
  kept: 'Si cette adresse a un compte, un lien l’attend. Ce site n’envoie pas de courriel : demandez-le à l’administrateur de la plateforme. Il sert une fois, pendant quinze minutes.',
  passkey: 'Se connecter avec une clé d’accès',
  passkeyFailed: 'La clé d’accès n’a pas été reconnue. Réessayez, ou demandez un lien par courriel.',
  withCode: 'J’ai une feuille avec le code de mon entreprise',
  withCodeHint: 'Tapez le code et votre courriel : un compte vous est ouvert, et un lien vous arrive pour y entrer.',
  code: 'Code de la feuille',
  codeExample: 'Douze lettres et chiffres, par exemple ABCD-EFGH-JKMN.',
  yourName: 'Votre nom',
  withPassword: 'J’ai un mot de passe',
  password: 'Mot de passe',
  withProvider: (name: string) => `Se connecter avec ${name}`,
  providerFailed: (name: string) =>
    `La connexion avec ${name} n’a pas abouti. Votre adresse doit y être vérifiée. Réessayez, ou demandez un lien par courriel.`,
  administrator: 'Vous venez d’installer le programme ?',
  administratorText:
    'Le lien du premier administrateur s’affiche dans le terminal au démarrage ; sans terminal, il est dans le fichier « first-sign-in » du dossier des données.',
}

export type SignInMessages = typeof fr

const en: SignInMessages = {
  title: 'Sign in',
  lead: 'For people whom a body or the administrator invited.',
  ready: 'Your link is ready. It works only once.',
  signIn: 'Sign in',
  email: 'Your e-mail address',
  emailHint: 'The one where you received the invitation.',
  send: 'Send me a link',
  sent: 'If this address has an account, a link is on its way. It works once, for fifteen minutes. Look in the junk folder too.',
  kept: 'If this address has an account, a link is waiting for it. This site sends no e-mail: ask the administrator of the platform for it. It works once, for fifteen minutes.',
  passkey: 'Sign in with a passkey',
  passkeyFailed: 'The passkey was not recognised. Try again, or ask for a link by e-mail.',
  withCode: 'I have a sheet with the code of my enterprise',
  withCodeHint: 'Type the code and your e-mail address: an account is opened for you, and a link comes to enter it.',
  code: 'Code of the sheet',
  codeExample: 'Twelve letters and digits, for instance ABCD-EFGH-JKMN.',
  yourName: 'Your name',
  withPassword: 'I have a password',
  password: 'Password',
  withProvider: (name) => `Sign in with ${name}`,
  providerFailed: (name) =>
    `Signing in with ${name} did not work. Your address must be verified there. Try again, or ask for a link by e-mail.`,
  administrator: 'Did you just install the program?',
  administratorText:
    'The link of the first administrator is shown on the terminal at the start; without one, it is in the file “first-sign-in” of the data folder.',
}

export const signInMessages = { fr: typeset(fr), en }
