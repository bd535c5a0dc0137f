import data from '../../../data/metiers.json' with { type: 'json' }
import type { Bilingual, MetierRecord } from '../crafts/nomenclature.ts'
import type { Sector } from '../model.ts'

/** Names of the four sectors, in the order of the tree. */
export const sectorLabels = new Map(data.sectors.map((one) => [one.slug as Sector, one.label as Bilingual]))

/** The product's own crafts, in the order of the tree. */
export function referenceMetiers(): MetierRecord[] {
  const families = new Map(data.families.map((one) => [one.slug, one.label]))
  return data.metiers.map((one) => ({
    ...one,
    sector: one.sector as Sector,
    familyLabel: families.get(one.family)!,
    origin: null,
  }))
}
