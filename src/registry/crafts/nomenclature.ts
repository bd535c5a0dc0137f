import craftRuleData from '../../../data/craft-rules.json' with { type: 'json' }
import type { CraftRule, MetierRecord, Bilingual, Sector } from '../model.ts'

export type { Bilingual, MetierRecord } from '../model.ts'

/** A line of the décret's annex: which NAF codes are crafts, and what of them. */
export interface DecreeRule {
  prefix: string
  sector: Sector
  /** The décret keeps only a part of what this code holds, said by `restriction`. */
  partial: boolean
  restriction: Bilingual | null
}

export type NafEdition = 'rev2' | '2025'

export interface CraftCodes {
  aprm: string | null
  naf: string | null
  /** As the register writes it: `NAFRev2`, `NAF1993`… */
  nafVersion: string | null
  naf2025: string | null
}

export interface Craft {
  craftRule: CraftRule
  sector: Sector | null
  metier: string | null
}

export interface Nomenclature {
  metiers: Map<string, MetierRecord>
  /** Code prefixes without their dot, with the slug that they mean. */
  byAprm: Map<string, string>
  byNaf: Record<NafEdition, Map<string, string>>
  /** Answers already given, by code as the register writes it. */
  answers: Record<'aprm' | NafEdition, Map<string, Craft>>
}

const undotted = (code: string) => code.replace(/[.\s]/g, '').toUpperCase()
const index = <T extends { prefix: string }>(rules: readonly T[]) =>
  new Map(rules.map((rule) => [undotted(rule.prefix), rule]))

const decree: Record<NafEdition, Map<string, DecreeRule>> = {
  rev2: index(craftRuleData.rules as DecreeRule[]),
  '2025': index(craftRuleData.naf2025 as DecreeRule[]),
}
const excluded = craftRuleData.excluded.map((one) => undotted(one.prefix))
const notCraft: Craft = { craftRule: 'none', sector: null, metier: null }

function longest<T>(prefixes: Map<string, T>, code: string): T | undefined {
  for (let length = code.length; length >= 2; length--) {
    const found = prefixes.get(code.slice(0, length))
    if (found !== undefined) return found
  }
  return undefined
}

/** Indexes crafts by their codes. Where two have the same prefix, one that was added by file wins. */
export function createNomenclature(metiers: MetierRecord[]): Nomenclature {
  const nomenclature: Nomenclature = {
    metiers: new Map(metiers.map((metier) => [metier.slug, metier])),
    byAprm: new Map(),
    byNaf: { rev2: new Map(), '2025': new Map() },
    answers: { aprm: new Map(), rev2: new Map(), '2025': new Map() },
  }
  const ownFirst = [...metiers].sort((a, b) => Number(a.origin !== null) - Number(b.origin !== null))
  for (const { slug, aprm, naf, naf2025 } of ownFirst) {
    for (const prefix of aprm) nomenclature.byAprm.set(undotted(prefix), slug)
    for (const prefix of naf) nomenclature.byNaf.rev2.set(undotted(prefix), slug)
    for (const prefix of naf2025) nomenclature.byNaf['2025'].set(undotted(prefix), slug)
  }
  return nomenclature
}

/**
 * The line of the annex of décret 98-247 that makes a craft of a NAF code, the longest prefix winning; null outside of
 * the annex or where it excludes the code. The lines of NAF 2025 are our correspondence: the décret cites NAF rév. 2.
 */
export function findDecreeRule(naf: string, edition: NafEdition = 'rev2'): DecreeRule | null {
  const code = undotted(naf)
  if (edition === 'rev2' && excluded.some((prefix) => code.startsWith(prefix))) return null
  return longest(decree[edition], code) ?? null
}

/** Whether a code is a real one of the trades register: four digits, two letters, and not `0000ZZ`. */
export const isAprm = (code: string): boolean => /^[0-9]{4}[A-Z]{2}$/.test(code) && code !== '0000ZZ'

function byAprm(nomenclature: Nomenclature, aprm: string): Craft {
  const naf = aprm.slice(0, 5)
  const metier = longest(nomenclature.byAprm, aprm) ?? longest(nomenclature.byNaf.rev2, naf) ?? null
  const sector = (metier ? nomenclature.metiers.get(metier)!.sector : findDecreeRule(naf)?.sector) ?? null
  return { craftRule: 'aprm', sector, metier }
}

function byNaf(nomenclature: Nomenclature, naf: string, edition: NafEdition): Craft {
  const rule = findDecreeRule(naf, edition)
  if (!rule) return notCraft
  const metier = longest(nomenclature.byNaf[edition], undotted(naf)) ?? null
  const sector = metier ? nomenclature.metiers.get(metier)!.sector : rule.sector
  return { craftRule: rule.partial ? 'naf_partial' : 'naf', sector, metier }
}

function remembered(answers: Map<string, Craft>, code: string, answer: () => Craft): Craft {
  let known = answers.get(code)
  if (!known) answers.set(code, (known = answer()))
  return known
}

/**
 * Says whether a unit is a craft, which rule says so, and which craft. Its APRM decides when it is well formed, even for
 * a code that the tree does not know: the trades register holds the unit, so it counts, with a null `metier` (« autre
 * métier ») rather than a guessed one. Else its NAF rév. 2, else its NAF 2025. Older editions cannot be compared with
 * the décret and decide nothing.
 */
export function classify(nomenclature: Nomenclature, codes: CraftCodes): Craft {
  const { aprm, naf, nafVersion, naf2025 } = codes
  const { answers } = nomenclature
  if (aprm && isAprm(aprm)) return remembered(answers.aprm, aprm, () => byAprm(nomenclature, aprm))
  if (naf && nafVersion === 'NAFRev2') return remembered(answers.rev2, naf, () => byNaf(nomenclature, naf, 'rev2'))
  const latest = naf && nafVersion === 'NAF2025' ? naf : naf2025
  if (latest) return remembered(answers['2025'], latest, () => byNaf(nomenclature, latest, '2025'))
  return notCraft
}
