import type { Bilingual, Establishment } from '../model.ts'
import { findDecreeRule } from './nomenclature.ts'

/** What the décret keeps of a unit's activity code, when it keeps only a part of it. */
export function findRestriction({
  craftRule,
  naf,
  naf2025,
}: Pick<Establishment, 'craftRule' | 'naf' | 'naf2025'>): Bilingual | null {
  if (craftRule !== 'naf_partial') return null
  const rule = naf ? findDecreeRule(naf, 'rev2') : naf2025 ? findDecreeRule(naf2025, '2025') : null
  return rule?.restriction ?? null
}
