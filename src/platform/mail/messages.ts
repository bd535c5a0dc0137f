import { typeset } from '../model.ts'

const fr = {
  title: 'Courriels à remettre',
  lead: 'Les courriels que le site n’a pas pu envoyer : à remettre vous-même, par le moyen que vous voulez.',
  noServer:
    'Aucun serveur de courrier n’est réglé (SMTP_URL). Remettez chaque courriel à sa personne, puis marquez-le : son texte est alors effacé.',
  server:
    'Un serveur de courrier est réglé : ce qui suit attend un nouvel essai, ou a été refusé. Corrigez et renvoyez, ou remettez-le vous-même.',
  confidential: 'Un lien d’accès vaut un mot de passe : donnez-le à son destinataire et à lui seul.',
  none: 'Rien à remettre.',
  kept: (days: number) => `Un courriel qui n’est pas remis est effacé au bout de ${days} jours.`,
  shown: (shown: string, total: string) => `Les ${shown} plus récents sur ${total}.`,
  to: 'À',
  date: 'Écrit le',
  answer: 'Réponse du serveur',
  refused: 'Refusé',
  waiting: 'En attente d’un nouvel essai',
  text: 'Voir le texte',
  handed: 'Marquer comme remis',
  retry: 'Renvoyer',
  remove: 'Effacer sans remettre',
  about: (action: string, subject: string, to: string) => `${action} : ${subject}, à ${to}`,
  done: {
    remis: 'Marqué comme remis ; son texte est effacé.',
    renvoi: 'Un nouvel essai est demandé.',
    efface: 'Effacé.',
  },
}

export type MailMessages = typeof fr

const en: MailMessages = {
  title: 'Mails to hand over',
  lead: 'Mails that the site could not send: hand them over yourself, by whatever means you like.',
  noServer: 'No mail server is set (SMTP_URL). Give each mail to its person, then mark it: its text is erased at once.',
  server:
    'A mail server is set: what follows waits for another try, or was refused. Correct and send again, or hand it over yourself.',
  confidential: 'A sign-in link is as good as a password: give it to its recipient alone.',
  none: 'Nothing to hand over.',
  kept: (days) => `A mail that is not handed over is erased after ${days} days.`,
  shown: (shown, total) => `The ${shown} most recent of ${total}.`,
  to: 'To',
  date: 'Written on',
  answer: 'The server’s answer',
  refused: 'Refused',
  waiting: 'Waiting for another try',
  text: 'See the text',
  handed: 'Mark as handed over',
  retry: 'Send again',
  remove: 'Erase without handing over',
  about: (action, subject, to) => `${action}: ${subject}, to ${to}`,
  done: {
    remis: 'Marked as handed over; its text is erased.',
    renvoi: 'Another try is asked for.',
    efface: 'Erased.',
  },
}

export const mailMessages = { fr: typeset(fr), en: typeset(en) }
