import type { EntryResult, Outcome } from '../model.ts'

/** Why an entry is not kept now: its transaction is given up, and the device is told. */
export class EntryRefused extends Error {
  readonly outcome: Extract<Outcome, 'refused' | 'later'>
  readonly code: string

  constructor(outcome: 'refused' | 'later', code: string, message: string) {
    super(message)
    this.name = 'EntryRefused'
    this.outcome = outcome
    this.code = code
  }
}

/** What the device is told of it. */
export const resultOf = (id: string, { outcome, code, message }: EntryRefused): EntryResult => ({
  id,
  outcome,
  code,
  message,
})

const refused = (code: string, message: string) => new EntryRefused('refused', `survey.${code}`, message)
const later = (code: string, message: string) => new EntryRefused('later', `survey.${code}`, message)

export const conflict = () =>
  refused(
    'conflict',
    'Autre chose a déjà été reçu sous ce numéro. Exportez votre journal et envoyez-le à l’administrateur de la plateforme.',
  )

export const notYours = () =>
  refused('not_yours', 'Cette visite a été ouverte par une autre personne : elle seule peut la compléter.')

export const notOpenYet = () =>
  later('not_open', 'Le début de cette visite n’est pas encore arrivé : la réponse partira après lui.')

export const prospectNotThere = () =>
  later('no_prospect', 'L’entreprise à créer n’est pas encore arrivée : la visite partira après elle.')

export const answerNotThere = () =>
  later('no_answer', 'La réponse à retirer n’est pas encore arrivée : le retrait partira après elle.')

export const notAnAnswer = () => refused('not_an_answer', 'Seule une réponse de cette visite peut être retirée.')

export const guideTooNew = () =>
  later(
    'guide_too_new',
    'Cette visite suit un guide plus récent que le serveur. Le serveur va être mis à jour, et elle partira ensuite.',
  )

export const typeTooNew = () =>
  later('entry_too_new', 'Le serveur ne connaît pas encore ce genre d’envoi. Le serveur va être mis à jour.')

export const guideUnknown = () =>
  refused('unknown_guide', 'Cette visite suit une version du guide qui n’existe pas. Rechargez la page.')

export const itemUnknown = (item: string) =>
  refused('unknown_item', `Le guide n’a pas de question « ${item.slice(0, 40)} ». Rechargez la page.`)

export const communeUnknown = (code: string) =>
  refused('unknown_commune', `Il n’y a pas de commune « ${code} ». Choisissez la commune dans la liste.`)

export const malformed = (field: string) =>
  refused(
    'malformed',
    `Cet envoi n’est pas lisible (« ${field} »). Exportez votre journal et écrivez à l’administrateur.`,
  )

export const unwritable = () =>
  refused(
    'unwritable',
    'Un texte ou une date de cet envoi contient un signe qui ne peut pas être gardé : corrigez-le, puis envoyez de nouveau.',
  )

export const erased = () =>
  refused('erased', 'L’artisan a fait effacer cette visite : plus rien ne peut y être ajouté.')

export const failed = () =>
  later('failed', 'Le serveur n’a pas pu enregistrer cela maintenant. Votre appareil le garde et recommencera.')
