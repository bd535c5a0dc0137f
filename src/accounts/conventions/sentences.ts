import type { Action, Pillar, Purpose } from '../rights/model.ts'
import type { ClauseText } from './model.ts'

/** Items by id, as the language names them. */
export type ItemNames = Readonly<Record<string, string>>

type Scope = Pick<ClauseText, 'items' | 'pillars'>
type Place = Pick<ClauseText, 'territory' | 'territoryName' | 'territoryKind'>

const list = (parts: string[], locale: string) => new Intl.ListFormat(locale).format(parts)

export const frenchPillars: Record<Pillar, string> = {
  environment: 'l’environnement',
  economic: 'l’économie',
  social: 'la vie sociale',
  register: 'l’identité de l’entreprise',
}
const frenchTouch: Record<Pillar, string> = {
  environment: 'à l’environnement',
  economic: 'à l’économie',
  social: 'à la vie sociale',
  register: 'à l’identité de l’entreprise',
}
const frenchVerbs: Record<Action, string> = {
  read: 'Lire',
  contribute: 'Ajouter ou corriger',
  validate: 'Valider',
  export: 'Exporter',
}
export const frenchPurposes: Record<Purpose, string> = {
  atlas: 'l’atlas',
  survey: 'l’enquête',
  support: 'l’accompagnement des entreprises',
  teaching: 'l’enseignement',
  research: 'la recherche',
  publication: 'la publication',
}

function frenchScope({ items, pillars }: Scope, names: ItemNames): string {
  const touching = pillars
    ? `ce qui touche ${list(
        pillars.map((one) => frenchTouch[one]),
        'fr',
      )}`
    : ''
  const named = items
    ? list(
        items.map((one) => `« ${names[one] ?? one} »`),
        'fr',
      )
    : ''
  return [touching, named].filter(Boolean).join(', et ') || 'tout'
}

/** « au Fau », « aux Barthes », « à Montauban » */
const atCommune = (name: string) =>
  name.startsWith('Le ') ? `au ${name.slice(3)}` : name.startsWith('Les ') ? `aux ${name.slice(4)}` : `à ${name}`

const frenchPlaces: Record<string, (name: string) => string> = {
  commune: (name) => atCommune(name),
  epci: (name) => `dans l’intercommunalité ${name}`,
  departement: (name) => `dans le département ${name}`,
  region: (name) => `dans la région ${name}`,
}

function frenchPlace({ territory, territoryName, territoryKind }: Place): string {
  if (territory === null) return 'partout'
  const place = frenchPlaces[territoryKind ?? '']
  return territoryName && place ? place(territoryName) : `dans le territoire ${territoryName ?? territory}`
}

/** « Lire ce qui touche à l’environnement, dans le département Tarn-et-Garonne, pour l’enquête » */
export const frenchClause = (clause: ClauseText, names: ItemNames): string =>
  `${frenchVerbs[clause.action]} ${frenchScope(clause, names)}, ${frenchPlace(clause)}, pour ${frenchPurposes[clause.purpose]}`

export const englishPillars: Record<Pillar, string> = {
  environment: 'the environment',
  economic: 'the economy',
  social: 'social life',
  register: 'the identity of the enterprise',
}
const englishVerbs: Record<Action, string> = {
  read: 'Read',
  contribute: 'Add or correct',
  validate: 'Validate',
  export: 'Export',
}
export const englishPurposes: Record<Purpose, string> = {
  atlas: 'the atlas',
  survey: 'the survey',
  support: 'the support of enterprises',
  teaching: 'teaching',
  research: 'research',
  publication: 'publication',
}

function englishScope({ items, pillars }: Scope, names: ItemNames): string {
  const touching = pillars
    ? `what concerns ${list(
        pillars.map((one) => englishPillars[one]),
        'en',
      )}`
    : ''
  const named = items
    ? list(
        items.map((one) => `“${names[one] ?? one}”`),
        'en',
      )
    : ''
  return [touching, named].filter(Boolean).join(', and ') || 'everything'
}

const englishPlace = ({ territory, territoryName }: Place) =>
  territory === null ? 'everywhere' : `in ${territoryName ?? territory}`

/** “Read what concerns the environment, in Tarn-et-Garonne, for the survey” */
export const englishClause = (clause: ClauseText, names: ItemNames): string =>
  `${englishVerbs[clause.action]} ${englishScope(clause, names)}, ${englishPlace(clause)}, for ${englishPurposes[clause.purpose]}`
