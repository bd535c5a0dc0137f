import { typeset } from '#platform/model'
import type { Disclosure } from '#accounts/model'
import type { GuideItem } from '../model.ts'

type Iso = GuideItem['iso26000']

const isoFr: Record<Iso, string> = {
  '6.2': 'la gouvernance',
  '6.3': 'les droits des personnes',
  '6.4': 'le travail',
  '6.5': 'l’environnement',
  '6.6': 'la loyauté des pratiques',
  '6.7': 'les clients',
  '6.8': 'le territoire',
}
const isoEn: Record<Iso, string> = {
  '6.2': 'governance',
  '6.3': 'human rights',
  '6.4': 'labour',
  '6.5': 'the environment',
  '6.6': 'fair practices',
  '6.7': 'customers',
  '6.8': 'the community',
}

const ceilingsFr: Record<Disclosure, string | null> = {
  public: null,
  partners: 'Jamais publié : les partenaires au plus.',
  body: 'Jamais publié : reste dans votre organisme.',
  secret: 'Jamais montré à personne d’autre.',
}
const ceilingsEn: Record<Disclosure, string | null> = {
  public: null,
  partners: 'Never published: partners at most.',
  body: 'Never published: stays within your body.',
  secret: 'Never shown to anybody else.',
}

const fr = {
  lead: 'Les questions que l’on pose dans l’atelier, avec les mots de l’atelier. On part de ce que l’artisan fait, et l’on cherche le savoir-faire qui est derrière.',
  about: (version: number, date: string, count: number) => `Version ${version} du ${date}, ${count} questions`,
  forSector: (sector: string) => `Pour : ${sector}`,
  printHint:
    'Cette page s’imprime : cases à cocher et place pour écrire, au format A4 (Ctrl + P, ou Partager puis Imprimer).',
  xlsform: 'Télécharger le formulaire XLSForm',
  xlsformHint: 'pour ODK ou KoboToolbox',
  json: 'Lire les données en JSON',
  sectorsLabel: 'Garder les questions d’un secteur',
  allSectors: 'Tous les secteurs',
  versionsLabel: 'Versions du guide',
  versionLink: (version: number) => `Version ${version}`,
  contents: 'Sommaire',
  pillars: { environment: 'Environnement', economic: 'Économie', social: 'Social' },
  questions: (n: number) => (n === 1 ? '1 question' : `${n} questions`),
  rules: 'Pendant la visite',
  ruleList: [
    'Regardez d’abord, demandez ensuite : ce que l’on voit à l’atelier vaut mieux qu’une liste lue.',
    'Aucune question n’est obligatoire, et l’ordre est libre. On peut s’arrêter et revenir.',
    '« Ne sait pas » est une bonne réponse.',
    'N’écrivez pas le nom d’autres personnes, sauf là où le guide le demande.',
    'À la fin, lisez l’accord à voix haute : l’artisan décide de qui verra ses réponses.',
  ],
  strengthMark: 'Les questions marquées ★ peuvent devenir un point fort de l’entreprise.',
  strength: 'Peut être un point fort',
  sheet: 'Feuille de visite',
  sheetFields: ['Entreprise', 'Commune', 'Enquêteur', 'Organisme', 'Date'],
  practice: 'Pratique :',
  shownAs: 'Sur la fiche :',
  quoted: (answer: string) => `« ${answer} »`,
  examples: 'Exemples :',
  onlySectors: (sectors: string) => `Pour : ${sectors}`,
  onlyMetiers: (metiers: string) => `Métiers : ${metiers}`,
  onlyAfter: (number: number, answers: string) => `Si la réponse à la question ${number} est ${answers}`,
  iso: (code: Iso) => `ISO 26000, ${code} : ${isoFr[code]}`,
  ceilings: ceilingsFr,
  answersLabel: 'Réponses possibles',
  freeKinds: {
    text: 'Quelques mots',
    place: 'Un lieu : adresse, ou point sur la carte',
    enterprise: 'Une entreprise : nom et commune, ou SIRET',
    person: 'Une personne',
    picture: 'Une photo',
    sound: 'Un enregistrement',
  },
  number: (unit: string) => `Un nombre, en ${unit}`,
  units: { '%': '%', people: 'personnes', year: 'années', km: 'km', kWh: 'kWh' } as Record<string, string>,
}

export type GuideMessages = typeof fr

const en: GuideMessages = {
  lead: 'The questions that are asked in the workshop, in the workshop’s words. They start from what the craftsperson does, and look for the know-how behind it.',
  about: (version, date, count) => `Version ${version} of ${date}, ${count} questions`,
  forSector: (sector) => `For: ${sector}`,
  printHint: 'This page prints: boxes to tick and room to write, in A4 (Ctrl + P, or Share then Print).',
  xlsform: 'Download the XLSForm',
  xlsformHint: 'for ODK or KoboToolbox',
  json: 'Read the data in JSON',
  sectorsLabel: 'Keep the questions of one sector',
  allSectors: 'All sectors',
  versionsLabel: 'Versions of the guide',
  versionLink: (version) => `Version ${version}`,
  contents: 'Contents',
  pillars: { environment: 'Environment', economic: 'Economy', social: 'Social' },
  questions: (n) => (n === 1 ? '1 question' : `${n} questions`),
  rules: 'During the visit',
  ruleList: [
    'Look first, then ask: what one sees in the workshop is worth more than a list read aloud.',
    'No question is compulsory, and the order is free. One may stop and come back.',
    '“Does not know” is a good answer.',
    'Do not write the names of other persons, except where the guide asks for it.',
    'At the end, read the agreement aloud: the craftsperson decides who will see the answers.',
  ],
  strengthMark: 'Questions marked ★ may become a strong point of the enterprise.',
  strength: 'May be a strong point',
  sheet: 'Visit sheet',
  sheetFields: ['Enterprise', 'Commune', 'Surveyor', 'Body', 'Date'],
  practice: 'Practice:',
  shownAs: 'Shown as:',
  quoted: (answer) => `“${answer}”`,
  examples: 'Examples:',
  onlySectors: (sectors) => `For: ${sectors}`,
  onlyMetiers: (metiers) => `Crafts: ${metiers}`,
  onlyAfter: (number, answers) => `If the answer to question ${number} is ${answers}`,
  iso: (code) => `ISO 26000, ${code}: ${isoEn[code]}`,
  ceilings: ceilingsEn,
  answersLabel: 'Possible answers',
  freeKinds: {
    text: 'A few words',
    place: 'A place: address, or point on the map',
    enterprise: 'An enterprise: name and commune, or SIRET',
    person: 'A person',
    picture: 'A picture',
    sound: 'A recording',
  },
  number: (unit) => `A number, in ${unit}`,
  units: { '%': '%', people: 'people', year: 'years', km: 'km', kWh: 'kWh' },
}

export const guideMessages = { fr: typeset(fr), en }
