import type { Pillar } from '#accounts/model'
import type { Sector } from '#registry/model'
import type { AgreedState, Label, Value, ValueKind } from '#statements/model'

/** The pillars of the guide, in its order. */
export const practicePillars = ['environment', 'economic', 'social'] as const
export type PracticePillar = Exclude<Pillar, 'register'>

/** Orders of a list of practices. */
export const practiceSorts = ['enterprise', 'newest'] as const
export type PracticeSort = (typeof practiceSorts)[number]

/** A validated query on practices: the same for pages, API and exports. */
export interface PracticeQuery {
  territory: string | null
  pillars: PracticePillar[]
  items: string[]
  sectors: Sector[]
  metiers: string[]
  siret: string | null
  /** Answers (`yes`, `no`, `partly`, `unknown`) or choices of an item. */
  values: string[]
  /** `done`: what the enterprise does; `all`: every answer. */
  answers: 'done' | 'all'
  /** `craft`: open crafts, as portraits count them; `all`: every unit of the register. */
  craft: 'craft' | 'all'
}

/** What one enterprise does, or does not, as everybody may read it. */
export interface Practice {
  siret: string
  /** Null for a sole trader without a sign, and for partial diffusion. */
  name: string | null
  commune: string | null
  communeName: string | null
  departement: string | null
  sector: Sector | null
  metier: string | null
  pillar: PracticePillar
  item: string
  label: Label
  /** Whether the item may be a strong point. */
  strength: boolean
  /** Null when opinions are divided. */
  value: Value | null
  /** Whether the enterprise does it: yes or partly, a choice, a number above zero, or anything told. */
  done: boolean
  state: AgreedState
  disagreement: boolean
  support: number
  voices: number
  /** ISO 8601 day. */
  saidOn: string
  /** Names of the bodies that say so. */
  bodies: string[]
  /** Whether the artisan says so, and how many citizens. */
  bySubject: boolean
  citizens: number
}

/** `known`: figures are given. `withheld`: too few enterprises. `not_surveyed`: nobody answered, which is not "nobody does". */
export type TraitState = 'known' | 'withheld' | 'not_surveyed'

/** What the enterprises of a territory say of one item; a figure that is withheld is null. */
export interface ItemTrait {
  item: string
  pillar: PracticePillar
  section: string
  label: Label
  kind: ValueKind
  state: TraitState
  /** Enterprises that answered, in public, otherwise than "I do not know". */
  answered: number | null
  /** Those of them that do it. */
  doing: number | null
  /** `doing` of `answered`, 0 to 1. */
  share: number | null
  /** For a choice: how many made each. */
  choices: { id: string; label: Label; count: number | null }[]
  /** For a number: what they make together, and each on average; null too where one enterprise makes nearly all. */
  total: { sum: number | null; mean: number | null; unit: string } | null
}

export interface PillarTrait {
  pillar: PracticePillar
  state: TraitState
  /** Enterprises that do at least one thing of the pillar. */
  doing: number | null
}

/** First traits of a territory, from what is agreed and public. */
export interface Traits {
  /** Open crafts of the register. */
  crafts: number
  /** Those of which everybody may read at least one answer; null: one or two. */
  surveyed: number | null
  /** The others: nothing is known of them, which does not say that they do nothing. */
  notSurveyed: number | null
  pillars: PillarTrait[]
  items: ItemTrait[]
}

/** An enterprise of which many strong points are known. */
export interface Exemplary {
  siret: string
  name: string | null
  communeName: string | null
  metier: string | null
  strengths: number
}

/** What a portrait shows of practices. */
export interface TerritoryPractices extends Traits {
  exemplary: Exemplary[]
}

/** Only what differs from the default, as an address writes it. */
export function practiceParameters(query: Partial<PracticeQuery>): URLSearchParams {
  const out = new URLSearchParams()
  const set = (key: string, value: string | null | undefined) => value && out.set(key, value)
  set('territory', query.territory)
  set('pillar', query.pillars?.join(','))
  set('item', query.items?.join(','))
  set('sector', query.sectors?.join(','))
  set('metier', query.metiers?.join(','))
  set('siret', query.siret)
  set('value', query.values?.join(','))
  set('answers', query.answers === 'done' ? 'done' : null)
  set('craft', query.craft === 'all' ? 'all' : null)
  return out
}

/** Territories that a page offers; of communes the chosen one alone, since a département has hundreds. */
export type TerritoryChoices = {
  group: 'departement' | 'custom' | 'epci' | 'commune'
  items: { code: string; name: string }[]
}[]

interface WherePracticed {
  query: PracticeQuery
  choices: TerritoryChoices
  territory: { code: string; name: string } | null
}

/** What the page of all practices shows. */
export interface PracticesPageData extends WherePracticed {
  practices: TerritoryPractices
  metierLabels: Record<string, string>
  sections: { id: string; pillar: PracticePillar; label: Label }[]
  /** Day of the guide, ISO 8601. */
  publishedOn: string
}

/** One line of the list of those who say something, ready to be shown. */
export interface PracticeRow {
  siret: string
  name: string | null
  metier: string | null
  communeName: string | null
  value: string
  /** Page of what the value names: an enterprise, a place on the map. */
  href: string | null
  saidOn: string
  who: string
  state: AgreedState
  disagreement: boolean
}

/** What the page of one practice shows. */
export interface PracticePageData extends WherePracticed {
  item: {
    id: string
    pillar: PracticePillar
    kind: ValueKind
    label: string
    question: string
    help: string | null
    examples: string | null
    section: string | null
    iso26000: '6.2' | '6.3' | '6.4' | '6.5' | '6.6' | '6.7' | '6.8'
  }
  trait: ItemTrait
  crafts: number
  rows: PracticeRow[]
  sort: PracticeSort
  isFirst: boolean
  /** Address of the next page of the list. */
  next: string | null
}

/** One thing that is said of an enterprise, ready to be shown on its page. */
export interface ToldPractice {
  item: string
  pillar: PracticePillar
  kind: ValueKind
  label: string
  partly: boolean
  /** Null when opinions are divided. */
  value: string | null
  href: string | null
  /** Who says the value that is kept; null when nobody does any more, or opinions are divided. */
  who: string | null
  saidOn: string
  fresh: boolean
  state: AgreedState
  /** All sides, where they differ or the artisan contests. */
  sides: { value: string; who: string; saidOn: string }[]
  /** Why it was settled, and who dissents. */
  reason: string | null
  dissents: string[]
}

export interface EnterprisePractices {
  strengths: { pillar: PracticePillar; items: ToldPractice[] }[]
  others: ToldPractice[]
  /** Answers that everybody may read. */
  count: number
}

/** What the form to tell strong points shows. */
export interface TellPageData {
  name: string | null
  metier: string | null
  path: string
  /** Those in whose name the reader may speak here: as the artisan (`body` null), or for a body. Empty: not at all. */
  voices: { body: string | null; name: string | null }[]
  pillars: {
    pillar: PracticePillar
    items: { id: string; label: string; examples: string | null; already: boolean }[]
  }[]
  consent: { version: string; title: string; body: string } | null
  signedIn: boolean
  /** Number of this visit and when it began: the same form sent twice is taken once. */
  visit: string
  at: string
}
