import type { Label } from '#statements/model'

/** Languages of the form, as XLSForm names them in its columns. */
export const languages = { fr: 'Français (fr)', en: 'English (en)' } as const

/**
 * What the form asks besides the items of the guide, which bear their own ids: an id never has `_`, a question that could
 * be mistaken for one has.
 */
export const own = {
  siret: 'siret',
  name: 'enterprise_name',
  commune: 'enterprise_commune',
  sector: 'enterprise_sector',
  metier: 'enterprise_metier',
  version: 'guide_version',
} as const

export const lists = {
  answers: 'yes_no_partly_unknown',
  sectors: 'sectors_of_crafts',
  metiers: 'names_of_crafts',
} as const

/** Groups are never taken for items. */
export const sectionPrefix = 'section_'

/** A SIRET, as a constraint of a form. */
export const siretConstraint = "regex(., '^[0-9]{14}$')"

/** Words of a form, by language. */
export const columnsOf = (column: string, label: Label | undefined): Record<string, string> =>
  label ? { [`${column}::${languages.fr}`]: label.fr, [`${column}::${languages.en}`]: label.en } : {}
