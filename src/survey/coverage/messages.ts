import { typeset } from '#platform/model'
import type { Mode } from '../model.ts'

const fr = {
  title: 'Enquête',
  lead: 'Ce qui est déjà visité, ce qui reste à voir, et ce que vous avez recueilli.',
  space: 'Mon espace',
  links: {
    workshop: {
      title: 'Partir en visite',
      text: 'Pour le téléphone, même sans réseau.',
    },
    list: {
      title: 'Qui aller voir',
      text: 'Entreprises, et quand chacune a été interrogée.',
    },
    visits: {
      title: 'Visites',
      text: 'Les miennes et celles de mon organisme.',
    },
    prospects: {
      title: 'À rattacher',
      text: 'Entreprises que le registre ne connaît pas encore.',
    },
    deliveries: {
      title: 'Livraisons',
      text: 'Déposer un fichier d’un partenaire.',
    },
    collect: {
      title: 'ODK et Kobo',
      text: 'Emporter le guide en XLSForm, rapporter les réponses.',
    },
    meetings: {
      title: 'Rencontres et formations',
      text: 'Agenda des organismes partenaires.',
    },
    guide: {
      title: 'Guide de l’enquêteur',
      text: 'Toutes les questions, à lire ou à imprimer.',
    },
  },
  territory: 'Territoire',
  show: 'Afficher',
  noTerritory: 'Aucun territoire n’est ouvert : l’administrateur en importe un, et la carte apparaît ici.',
  covered: (surveyed: string, units: string, share: string, many: boolean) =>
    many
      ? `${surveyed} entreprises artisanales visitées sur ${units} (${share}).`
      : `${surveyed} entreprise artisanale visitée sur ${units} (${share}).`,
  notSurveyed: 'Une commune sans visite n’est pas une commune sans pratiques : personne n’y est encore allé.',
  map: 'Part des entreprises visitées, par commune',
  mapLabel: (name: string) =>
    `Carte de ${name} : part des entreprises visitées par commune. Le tableau dit la même chose.`,
  noMap: 'Pas de contours de communes pour ce territoire : le tableau dit tout.',
  legend: 'Légende',
  legendNone: 'aucune visite',
  legendEmpty: 'aucune entreprise à visiter',
  legendFrom: (from: string) => `${from} et plus`,
  legendBetween: (from: string, to: string) => `de ${from} à ${to}`,
  legendFew: (to: string) => `moins de ${to}`,
  byCommune: 'Par commune',
  byMetier: 'Par métier',
  commune: 'Commune',
  metier: 'Métier',
  units: 'Entreprises',
  surveyed: 'Visitées',
  share: 'Part',
  source: (day: string) => `Registre Sirene et visites reçues jusqu’au ${day}. Une entreprise visitée compte une fois.`,
  list: {
    title: 'Qui aller voir',
    lead: 'Une entreprise interrogée cette saison ne l’est pas deux fois sans raison.',
    states: {
      never: 'Jamais interrogées',
      before: 'Interrogées avant cette saison',
      season: 'Interrogées cette saison',
    },
    season: (days: string) => `Une saison dure ${days} jours.`,
    allCommunes: 'Toutes',
    allMetiers: 'Tous',
    none: 'Aucune entreprise ici.',
    unnamed: 'Entreprise dont le nom n’est pas diffusé',
    visit: 'Visiter',
    short: 'Ses points forts en deux minutes',
    asked: (day: string, body: string) => `Interrogée le ${day} par « ${body} ».`,
    askedNow: (day: string, body: string) => `Déjà interrogée cette saison par « ${body} », le ${day}.`,
    askedSelf: (day: string) => `L’artisan a répondu lui-même, le ${day}.`,
  },
  visits: {
    title: 'Visites',
    lead: 'Ce que vous et votre organisme avez recueilli, le plus récent d’abord.',
    whose: { mine: 'Les miennes', bodies: 'Mon organisme' },
    none: 'Aucune visite pour l’instant. Partez en visite depuis un téléphone : elle apparaîtra ici.',
    modes: {
      full: 'guide',
      short: 'deux minutes',
      group: 'en groupe',
    } satisfies Record<Mode, string>,
    answers: (count: string, many: boolean) => (many ? `${count} réponses` : `${count} réponse`),
    held: 'gardée en attente : cette entreprise n’est pas encore dans le registre',
    agreements: {
      none: 'accord pas encore demandé',
      asked: 'accord demandé',
      given: 'accord donné',
      refused: 'accord refusé',
      withdrawn: 'accord retiré',
      expired: 'accord arrivé à son terme',
      erased: 'effacée à la demande de l’artisan',
    },
    self: 'l’artisan lui-même',
    agreement: 'Voir l’accord',
  },
  prospects: {
    title: 'À rattacher au registre',
    lead: 'Ces entreprises ont été vues sur place ; leurs réponses comptent dès qu’on dit laquelle du registre c’est.',
    none: 'Rien n’est à rattacher.',
    seen: (day: string, body: string | null) => (body ? `Reçue le ${day}, de « ${body} ».` : `Reçue le ${day}.`),
    siret: 'SIRET',
    siretHint: 'Les 14 chiffres, avec ou sans espaces.',
    maybe: 'Peut-être',
    link: 'Rattacher',
    linked: (count: string, many: boolean) =>
      many
        ? `C’est rattaché : ${count} envois comptent désormais.`
        : `C’est rattaché : ${count} envoi compte désormais.`,
  },
}

export type CoverageMessages = typeof fr

const en: CoverageMessages = {
  title: 'Survey',
  lead: 'What is visited already, what remains to be seen, and what you collected.',
  space: 'My space',
  links: {
    workshop: {
      title: 'Go on a visit',
      text: 'For the phone, even without network.',
    },
    list: {
      title: 'Whom to visit',
      text: 'Enterprises, and when each was asked.',
    },
    visits: { title: 'Visits', text: 'Mine and my body’s.' },
    prospects: {
      title: 'To be linked',
      text: 'Enterprises that the register does not know yet.',
    },
    deliveries: { title: 'Deliveries', text: 'Drop a partner’s file.' },
    collect: {
      title: 'ODK and Kobo',
      text: 'Take the guide as an XLSForm, bring answers back.',
    },
    meetings: {
      title: 'Meetings and trainings',
      text: 'Agenda of partner bodies.',
    },
    guide: {
      title: 'Surveyor’s guide',
      text: 'Every question, to read or to print.',
    },
  },
  territory: 'Territory',
  show: 'Show',
  noTerritory: 'No territory is open: the administrator imports one, and the map appears here.',
  covered: (surveyed, units, share, many) =>
    many
      ? `${surveyed} craft enterprises visited out of ${units} (${share}).`
      : `${surveyed} craft enterprise visited out of ${units} (${share}).`,
  notSurveyed: 'A commune without visits is not a commune without practices: nobody has been there yet.',
  map: 'Share of enterprises visited, by commune',
  mapLabel: (name) => `Map of ${name}: share of enterprises visited by commune. The table says the same.`,
  noMap: 'No contours of communes for this territory: the table says it all.',
  legend: 'Legend',
  legendNone: 'no visit',
  legendEmpty: 'no enterprise to visit',
  legendFrom: (from) => `${from} and more`,
  legendBetween: (from, to) => `${from} to ${to}`,
  legendFew: (to) => `less than ${to}`,
  byCommune: 'By commune',
  byMetier: 'By craft',
  commune: 'Commune',
  metier: 'Craft',
  units: 'Enterprises',
  surveyed: 'Visited',
  share: 'Share',
  source: (day) => `Sirene register and visits received until ${day}. An enterprise that was visited counts once.`,
  list: {
    title: 'Whom to visit',
    lead: 'An enterprise that was asked this season is not asked twice without a reason.',
    states: {
      never: 'Never asked',
      before: 'Asked before this season',
      season: 'Asked this season',
    },
    season: (days) => `A season lasts ${days} days.`,
    allCommunes: 'All',
    allMetiers: 'All',
    none: 'No enterprise here.',
    unnamed: 'Enterprise whose name is not disclosed',
    visit: 'Visit',
    short: 'Its strong points in two minutes',
    asked: (day, body) => `Asked on ${day} by “${body}”.`,
    askedNow: (day, body) => `Already asked this season by “${body}”, on ${day}.`,
    askedSelf: (day) => `The artisan answered himself, on ${day}.`,
  },
  visits: {
    title: 'Visits',
    lead: 'What you and your body collected, the latest first.',
    whose: { mine: 'Mine', bodies: 'My body’s' },
    none: 'No visit yet. Go on a visit from a phone: it will appear here.',
    modes: { full: 'guide', short: 'two minutes', group: 'in a group' },
    answers: (count, many) => (many ? `${count} answers` : `${count} answer`),
    held: 'kept waiting: this enterprise is not in the register yet',
    agreements: {
      none: 'agreement not asked for yet',
      asked: 'agreement asked for',
      given: 'agreement given',
      refused: 'agreement refused',
      withdrawn: 'agreement withdrawn',
      expired: 'agreement that came to its term',
      erased: 'erased at the artisan’s request',
    },
    self: 'the artisan himself',
    agreement: 'See the agreement',
  },
  prospects: {
    title: 'To be linked to the register',
    lead: 'These enterprises were seen on the spot; their answers count as soon as one says which of the register it is.',
    none: 'Nothing is to be linked.',
    seen: (day, body) => (body ? `Received on ${day}, from “${body}”.` : `Received on ${day}.`),
    siret: 'SIRET',
    siretHint: 'The 14 digits, with or without spaces.',
    maybe: 'Perhaps',
    link: 'Link',
    linked: (count, many) =>
      many ? `It is linked: ${count} entries count from now on.` : `It is linked: ${count} entry counts from now on.`,
  },
}

export const coverageMessages = { fr: typeset(fr), en }
