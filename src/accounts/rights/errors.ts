import { UserError } from '#platform'
import { typeset } from '#platform/model'
import { dayOf, lastDayOf } from './days.ts'
import type { Action, Refusal, Refused } from './model.ts'

/** Names of what a refusal speaks of. */
export interface RefusalNames {
  /** Name of the body; null when none is concerned. */
  body: string | null
  /** Where the body answers, when it said so. */
  contact: string | null
}

/** How a sentence names an act: « pour lire cela », « ne permet pas de lire cela », and what an end leaves. */
const acts: Record<Action, { act: string; toAct: string; left: string }> = {
  read: { act: 'lire cela', toAct: 'de lire cela', left: 'ce que vous avez noté reste chez vous' },
  contribute: {
    act: 'ajouter ou changer cela',
    toAct: 'd’ajouter ou de changer cela',
    left: 'ce que vous avez noté reste chez vous, mais ne peut plus être enregistré',
  },
  validate: { act: 'valider cela', toAct: 'de valider cela', left: 'ce qui attend votre avis reste en attente' },
  export: {
    act: 'exporter cela',
    toAct: 'd’exporter cela',
    left: 'ce que vous avez déjà exporté reste soumis à la convention',
  },
}

interface Words {
  act: string
  toAct: string
  left: string
  at: string
  /** The body, between quotes. */
  of: string
  /** Beginning of what to do: whom to ask. */
  ask: string
}

const sentences: Record<Refusal, (words: Words) => string> = {
  not_signed_in: ({ act }) => `Il faut être connecté pour ${act}. Connectez-vous, puis recommencez.`,
  no_body: ({ act }) =>
    `Seuls la personne concernée et les organismes qui ont une convention peuvent ${act}, et vous n’agissez pour aucun organisme. S’il s’agit de votre entreprise, tapez votre code dans « Mon entreprise » ; sinon, demandez une invitation au responsable de votre organisme.`,
  left: ({ act, at, of, ask }) =>
    Date.parse(at) > Date.now()
      ? `Vous agirez pour ${of} à partir du ${dayOf(at)} : vous ne pouvez pas encore ${act}.`
      : `Vous n’agissez plus pour ${of} depuis le ${dayOf(at)} : vous ne pouvez plus ${act}. ${ask} une nouvelle invitation.`,
  role: ({ toAct, of, ask }) => `Votre rôle pour ${of} ne permet pas ${toAct}. ${ask} un autre rôle.`,
  no_convention: ({ act, of }) =>
    `Aucune convention ne lie encore ${of} à la plateforme : vous ne pouvez pas ${act}. Demandez à l’administrateur de la plateforme d’en écrire une.`,
  not_signed: ({ act, of, ask }) =>
    `La convention avec ${of} n’est pas encore signée : vous ne pourrez ${act} qu’ensuite. ${ask} de la signer.`,
  not_started: ({ act, at, of }) =>
    `La convention avec ${of} commence le ${dayOf(at)} : vous pourrez ${act} à partir de ce jour.`,
  ended: ({ left, at, of, ask }) =>
    `La convention avec ${of} a pris fin le ${lastDayOf(at)} : ${left}. ${ask} de la faire prolonger.`,
  action: ({ toAct, of, ask }) =>
    `La convention avec ${of} ne permet pas ${toAct}. ${ask} une nouvelle convention si vous en avez besoin.`,
  item: ({ toAct, of, ask }) =>
    `La convention avec ${of} ne porte pas sur ce sujet : elle ne permet pas ${toAct}. ${ask} une nouvelle convention si vous en avez besoin.`,
  territory: ({ toAct, of, ask }) =>
    `La convention avec ${of} ne couvre pas cette commune : elle ne permet pas ${toAct}. ${ask} qui suit ce territoire.`,
  purpose: ({ toAct, of, ask }) =>
    `La convention avec ${of} ne permet pas ${toAct} pour cet usage. ${ask} une nouvelle convention si vous en avez besoin.`,
  metier: ({ act, of, ask }) =>
    `Votre expertise pour ${of} ne comprend pas ce métier : vous ne pouvez pas ${act}. ${ask} de l’ajouter.`,
  disclosure: ({ act, of }) =>
    `La personne concernée n’a pas ouvert cela à ${of} : vous ne pouvez pas ${act}. Demandez-lui son accord.`,
}

/** The sentence of a refusal: why, and what to do. */
export function explain({ reason, at }: Refused, action: Action, { body, contact }: RefusalNames): string {
  return typeset(
    sentences[reason]({
      ...acts[action],
      at: at ?? new Date().toISOString(),
      of: body ? `« ${body} »` : 'cet organisme',
      ask: contact ? `Demandez à ${body} (${contact})` : 'Demandez au responsable de votre organisme',
    }),
  )
}

/** @returns a 403 `right.<reason>`, or 401 when nobody is signed in */
export function refusedError(decision: Refused, action: Action, names: RefusalNames): UserError {
  const sentence = explain(decision, action, names)
  return decision.reason === 'not_signed_in'
    ? new UserError('sign_in_required', 401, sentence)
    : new UserError(`right.${decision.reason}`, 403, sentence)
}
