import type { Diffusion } from '../model.ts'
import type { UnitColumn } from './columns.ts'
import { holderOf, type Holder } from './names.ts'
import type { Row } from './row.ts'

/** A row that describes a legal unit, whatever else it does. */
export type UnitRow = Pick<Row<UnitColumn>, 'get' | 'text' | 'has' | 'matching' | 'flag' | 'warn'>

/** Status P or N: the holder opposed diffusion. A status that is not told, or unknown, opens nothing. */
export function diffusionOfStatus(status: string): Diffusion | null {
  if (status === 'O') return 'full'
  return status === 'P' || status === 'N' ? 'partial' : null
}

export const legalCategoryOf = (row: UnitRow): string | null =>
  row.matching('categorieJuridiqueUniteLegale', /^\d{4}$/, 'legal_category.malformed')

/** Whether the unit is a sole trader: category 1xxx (Insee), or a family name; null when the row does not tell. */
export function naturalPersonOf(row: UnitRow, legalCategory: string | null): boolean | null {
  if (legalCategory?.startsWith('1') || row.get('nomUniteLegale') !== '') return true
  return legalCategory ? false : null
}

/** The holder of a sole trade; null when the row does not tell the names. */
export function holderOfRow(row: UnitRow): Holder | null {
  const family = (['nomUniteLegale', 'nomUsageUniteLegale', 'pseudonymeUniteLegale'] as const).map((column) =>
    row.get(column),
  )
  const given = (
    [
      'prenomUsuelUniteLegale',
      'prenom1UniteLegale',
      'prenom2UniteLegale',
      'prenom3UniteLegale',
      'prenom4UniteLegale',
    ] as const
  ).map((column) => row.get(column))
  return family[0] === '' ? null : holderOf(family, given)
}

/** The usual names of the unit, which are signs of all its establishments. */
export const usualNamesOf = (row: UnitRow): string[] =>
  (
    ['denominationUsuelle1UniteLegale', 'denominationUsuelle2UniteLegale', 'denominationUsuelle3UniteLegale'] as const
  ).map((column) => row.text(column))

export const essOf = (row: UnitRow): boolean | null => row.flag('economieSocialeSolidaireUniteLegale', 'O', 'N')
