import { typeset } from '#platform/model'

const fr = {
  title: 'Connexion',
  lead: 'Pour l’instant, seul l’administrateur se connecte, par le lien que le programme donne à son démarrage.',
  where:
    'Le lien s’affiche dans le terminal ; sans terminal, il est dans le fichier « first-sign-in » du dossier des données. Il sert une fois, pendant quinze minutes.',
  button: 'Se connecter',
  ready: 'Le lien est prêt. Il ne servira qu’une fois.',
  signedIn: 'Vous êtes connecté comme administrateur.',
  space: 'Mon espace',
  spaceLead: 'Ce que peut faire l’administrateur.',
  import: 'Importer un territoire',
  importText: 'Contours d’un département et fichiers du registre Sirene.',
  signOut: 'Se déconnecter',
}

export type AccountsMessages = typeof fr

const en: AccountsMessages = {
  title: 'Sign in',
  lead: 'For now only the administrator signs in, by the link that the program gives when it starts.',
  where:
    'The link is shown on the terminal; without one, it is in the file “first-sign-in” of the data folder. It works once, for fifteen minutes.',
  button: 'Sign in',
  ready: 'The link is ready. It works only once.',
  signedIn: 'You are signed in as administrator.',
  space: 'My space',
  spaceLead: 'What the administrator can do.',
  import: 'Import a territory',
  importText: 'Contours of a département and files of the Sirene register.',
  signOut: 'Sign out',
}

export const accountsMessages = { fr: typeset(fr), en }
