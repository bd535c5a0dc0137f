import type { Lang } from '#platform/model'
import { registryMessages } from '../messages.ts'
import type { Establishment } from '../model.ts'

/** What a unit is called: its public name, else its craft, since a sole trader's name is not published. */
export function displayName(unit: Pick<Establishment, 'name'>, metierLabel: string | null, lang: Lang): string {
  const t = registryMessages[lang]
  return unit.name ?? t.unnamed(metierLabel ?? t.unit)
}

export const sectorNames = (lang: Lang) => registryMessages[lang].sectors
export const bandNames = (lang: Lang) => registryMessages[lang].bands
/** What each column of the data means. */
export const fieldNames = (lang: Lang) => registryMessages[lang].fields
export const qualityNames = (lang: Lang) => registryMessages[lang].qualities
/** Words for what the register does not say. */
export const unknownNames = (lang: Lang) => {
  const { unknownBand, noSector, closed, noCommune } = registryMessages[lang]
  return { band: unknownBand, sector: noSector, closed, commune: noCommune }
}
