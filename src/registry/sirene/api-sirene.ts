/** Values of a unit under the names that CSV files give to their columns. */
export type Flat = Record<string, unknown>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const objectOf = (value: unknown): Record<string, unknown> => (isObject(value) ? value : {})

/** The period under way: the one without an end, else the first, periods being given latest first. */
function currentPeriod(periods: unknown): Record<string, unknown> {
  const list = Array.isArray(periods) ? periods.filter(isObject) : []
  return list.find((period) => period.dateFin === null || period.dateFin === undefined) ?? list[0] ?? {}
}

export const isEstablishment = (item: Record<string, unknown>): boolean => 'siret' in item
export const isLegalUnit = (item: Record<string, unknown>): boolean =>
  'siren' in item && ('statutDiffusionUniteLegale' in item || 'periodesUniteLegale' in item)

/** An establishment of the API Sirene (v3) under the column names of the stock. */
export function flattenEstablishment(item: Record<string, unknown>): Flat {
  const { dateDebut: _, ...unit } = objectOf(item.uniteLegale)
  return { ...unit, ...item, ...objectOf(item.adresseEtablissement), ...currentPeriod(item.periodesEtablissement) }
}

/** A legal unit of the API Sirene (v3) under the column names of the stock. */
export const flattenLegalUnit = (item: Record<string, unknown>): Flat => ({
  ...item,
  ...currentPeriod(item.periodesUniteLegale),
})
