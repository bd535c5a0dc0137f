import { isSiret } from '#accounts/model'
import { doubtfulFrom, matchedFrom, type Candidate, type Decision, type Reason, type ReasonCode } from './model.ts'
import { likeness, nameWords, streetOf, type Rarity } from './words.ts'

/** What a row says of its enterprise, ready to be compared. */
export interface RowFacts {
  /** Digits of the SIRET as written, without spaces; null where the row has none. */
  siret: string | null
  /** Nine digits: the column's, else the beginning of the SIRET; null where unknown. */
  siren: string | null
  /** Name, sign: whatever the row calls it. */
  names: string[]
  address: string | null
  postcode: string | null
  /** Codes of the communes that the row may mean; empty when it names none, or none that is known. */
  communes: string[]
  departement: string | null
}

/** A unit of the public register, as it is compared. */
export interface Unit {
  siret: string
  siren: string
  /** Null where the register may not show it. */
  name: string | null
  address: string | null
  postcode: string | null
  commune: string | null
  communeName: string | null
  departement: string | null
  state: 'open' | 'closed'
  closedOn: string | null
  headquarters: boolean | null
}

/**
 * Weights in bits: log2 of how much more often two records agree so when they are the same enterprise than when they are
 * not (I. P. Fellegi, A. B. Sunter, « A Theory for Record Linkage », 1969). Set on the open exports of Sirene of the
 * tests; numbers are almost unique, names of a commune much less so.
 */
const bits = {
  /** Of a unit that the search brought, among some hundreds. */
  prior: -8,
  siret_same: 22,
  siret_zeros: 20,
  siret_digit: 15,
  siret_other: -7,
  siren_same: 18,
  siren_moved: 16,
  /** The SIRET is wrong, but begins so. */
  siren_begins: 13,
  siren_digit: 12,
  commune_same: 5,
  postcode_same: 4.5,
  departement_same: 0.5,
  commune_other: -6,
  address_same: 6,
  address_close: 3,
  street_same: 2,
  address_other: -2,
  name_withheld: -1,
} as const

/** A name says more the closer it is; one that is far says that it is another. */
function bitsOfName(similarity: number): number {
  if (similarity >= 0.97) return 8
  if (similarity >= 0.9) return 6.5
  if (similarity >= 0.8) return 4.5
  if (similarity >= 0.65) return 1
  return similarity >= 0.5 ? -1 : -2.5
}

/** A closed unit is never chosen without somebody's word. */
const mostWithoutChoice = 0.8
/** Bits by which the first must lead the second to be chosen without somebody's word. */
const leastLead = 2
const shown = 5

interface Evidence {
  bits: number
  reasons: Reason[]
}

const evidence = (code: ReasonCode & keyof typeof bits, value?: string): Evidence => ({
  bits: bits[code],
  reasons: [value === undefined ? { code } : { code, value }],
})
const none: Evidence = { bits: 0, reasons: [] }

/** Whether one digit differs, or two neighbours are swapped. */
export function isOneSlip(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  const at = [...a].flatMap((digit, i) => (digit === b[i] ? [] : [i]))
  if (at.length === 1) return true
  const [i, j] = at
  return at.length === 2 && j === i! + 1 && a[i!] === b[j] && a[j] === b[i!]
}

/** Whether a spreadsheet dropped the zeros that `siret` begins with. */
const lostZeros = (written: string, siret: string) => written.length < 14 && written.padStart(14, '0') === siret

function compareNumbers({ siret, siren }: RowFacts, unit: Unit): Evidence {
  if (siret === unit.siret) return evidence('siret_same')
  if (siret !== null && lostZeros(siret, unit.siret)) return evidence('siret_zeros')
  if (siret !== null && isOneSlip(siret, unit.siret)) return evidence('siret_digit')
  if (siren === unit.siren) return siret === null ? evidence('siren_same') : sameSiren(siret)
  if (siret === null && siren !== null && isOneSlip(siren, unit.siren)) return evidence('siren_digit')
  return siret !== null && isSiret(siret) ? evidence('siret_other') : none
}

const sameSiren = (siret: string): Evidence =>
  isSiret(siret) ? evidence('siren_moved') : { bits: bits.siren_begins, reasons: [{ code: 'siren_same' }] }

function compareNames({ names }: RowFacts, { name }: Unit, rarity: Rarity): Evidence {
  if (names.length === 0) return none
  if (name === null) return evidence('name_withheld')
  const words = nameWords(name)
  const all = names.map((one) => likeness(nameWords(one), words, rarity))
  const best = all.reduce((a, b) => (b.similarity > a.similarity ? b : a))
  const value = best.similarity.toFixed(2)
  const weight = bitsOfName(best.similarity)
  // « Dupont » for « Boulangerie Dupont et fils ».
  if (best.inside && best.similarity < 0.9)
    return { bits: Math.max(weight, 3), reasons: [{ code: 'name_inside', value }] }
  if (best.similarity >= 0.97) return { bits: weight, reasons: [{ code: 'name_same' }] }
  return { bits: weight, reasons: [{ code: best.similarity >= 0.65 ? 'name_close' : 'name_far', value }] }
}

function compareCommunes({ communes, postcode, departement }: RowFacts, unit: Unit): Evidence {
  if (unit.commune !== null && communes.includes(unit.commune)) return evidence('commune_same')
  if (postcode !== null && postcode === unit.postcode) return evidence('postcode_same')
  if (unit.commune === null || (communes.length === 0 && departement === null)) return none
  if (departement !== null && departement === unit.departement) return evidence('departement_same')
  return evidence('commune_other', unit.communeName ?? unit.commune)
}

function compareAddresses({ address }: RowFacts, unit: Unit, rarity: Rarity): Evidence {
  if (address === null || unit.address === null) return none
  const [one, other] = [streetOf(address), streetOf(unit.address)]
  if (one.words.length === 0 || other.words.length === 0) return none
  const { similarity, inside } = likeness(one.words, other.words, rarity)
  const alike = similarity >= 0.85 || (inside && similarity >= 0.6)
  if (!alike) return similarity >= 0.6 ? none : evidence('address_other')
  if (one.number !== null && other.number !== null)
    return one.number === other.number ? evidence('address_same') : evidence('street_same')
  return one.number === other.number ? evidence('address_same') : evidence('address_close')
}

/** An enterprise that moved is where the row no longer says: only what agrees counts. */
const forgiving = (one: Evidence): Evidence => (one.bits < 0 ? none : one)

interface Compared {
  unit: Unit
  bits: number
  reasons: Reason[]
  /** Never more than that, whatever the bits. */
  most: number
}

/** How alike names and streets are is judged by words that are rare, each among its own. */
export interface Rarities {
  names: Rarity
  streets: Rarity
}

function compare(row: RowFacts, unit: Unit, rarities: Rarities): Compared {
  const numbers = compareNumbers(row, unit)
  const moved = numbers.reasons[0]?.code === 'siren_moved'
  const places = [compareCommunes(row, unit), compareAddresses(row, unit, rarities.streets)]
  const parts = [numbers, compareNames(row, unit, rarities.names), ...(moved ? places.map(forgiving) : places)]
  const reasons = parts.flatMap((one) => one.reasons)
  const sum = parts.reduce<number>((total, one) => total + one.bits, bits.prior)
  if (unit.state === 'open') return { unit, bits: sum, reasons, most: 1 }
  return {
    unit,
    bits: sum - 0.5,
    reasons: [...reasons, { code: 'closed', value: unit.closedOn ?? '' }],
    most: mostWithoutChoice,
  }
}

const probability = ({ bits: sum, most }: Compared) => Math.min(most, 1 / (1 + 2 ** -sum))

/** The open units that took over from a closed one: those of the same enterprise, or at the same address. */
function succeed(closed: Compared, all: readonly Compared[], row: RowFacts, rarities: Rarities): Compared[] {
  const open = all.filter(({ unit }) => unit.state === 'open')
  const own = open.filter(({ unit }) => unit.siren === closed.unit.siren)
  const reasons = (unit: Unit, code: ReasonCode): Reason[] => [
    ...closed.reasons,
    { code, value: unit.communeName ?? '' },
  ]
  if (own.length > 0)
    return own.map((one) => ({
      ...one,
      bits: Math.max(one.bits, own.length === 1 ? closed.bits : closed.bits - 12),
      reasons: reasons(one.unit, 'successor'),
    }))
  const there: RowFacts = { ...row, address: closed.unit.address, communes: [closed.unit.commune ?? ''] }
  return open
    .filter(({ unit }) => unit.commune === closed.unit.commune)
    .filter(({ unit }) => compareAddresses(there, unit, rarities.streets).bits === bits.address_same)
    .map((one) => ({
      ...one,
      bits: closed.bits - 4,
      reasons: reasons(one.unit, 'successor_here'),
      most: 0.75,
    }))
}

export interface Matched {
  decision: Extract<Decision, 'matched' | 'doubtful' | 'unknown'>
  /** The best candidate; null when none is likely enough. */
  siret: string | null
  /** Of the best candidate, 0 to 1. */
  score: number
  reasons: Reason[]
  /** The likeliest first. */
  candidates: Candidate[]
}

/**
 * The enterprise that a row means, among the units that a search brought. A closed unit gives way to its successor: the
 * only open unit of its enterprise. Where two are as likely, or the best is closed, somebody chooses.
 * @param units the candidates, in any order; the result does not depend on it
 */
export function matchRow(row: RowFacts, units: readonly Unit[], rarities: Rarities): Matched {
  const all = new Map<string, Compared>(units.map((unit) => [unit.siret, compare(row, unit, rarities)]))
  const compared = [...all.values()]
  for (const closed of compared.filter(({ unit, bits: sum }) => unit.state === 'closed' && sum > 0))
    for (const heir of succeed(closed, compared, row, rarities)) {
      if (heir.bits >= all.get(heir.unit.siret)!.bits) all.set(heir.unit.siret, heir)
    }
  const ranked = [...all.values()].sort(
    (a, b) =>
      probability(b) - probability(a) ||
      b.bits - a.bits ||
      Number(b.unit.headquarters) - Number(a.unit.headquarters) ||
      (a.unit.siret < b.unit.siret ? -1 : 1),
  )
  return decide(ranked)
}

function decide(ranked: readonly Compared[]): Matched {
  const candidates = ranked
    .slice(0, shown)
    .map((one) => ({ siret: one.unit.siret, score: round(probability(one)), reasons: one.reasons }))
    .filter(({ score }) => score >= 0.05)
  const [first, second] = ranked
  if (!first || probability(first) < doubtfulFrom)
    return { decision: 'unknown', siret: null, score: candidates[0]?.score ?? 0, reasons: [], candidates }
  const tied =
    second !== undefined &&
    second.unit.state === 'open' &&
    probability(second) >= doubtfulFrom &&
    first.bits - second.bits < leastLead
  const sure = !tied && probability(first) >= matchedFrom
  return {
    decision: sure ? 'matched' : 'doubtful',
    siret: first.unit.siret,
    score: tied ? Math.min(candidates[0]!.score, mostWithoutChoice) : candidates[0]!.score,
    reasons: tied ? [...first.reasons, { code: 'several' }] : first.reasons,
    candidates,
  }
}

const round = (value: number) => Math.round(value * 100) / 100

/**
 * The SIRET that a slip of one digit, a swap of two neighbours or lost zeros may have made of this one; those alone whose
 * checksum is right, some fifteen.
 */
export function siretVariants(written: string): string[] {
  const out = new Set<string>()
  if (/^\d{10,13}$/.test(written)) out.add(written.padStart(14, '0'))
  if (/^\d{14}$/.test(written) && !isSiret(written)) {
    for (let i = 0; i < 14; i++)
      for (let digit = 0; digit < 10; digit++) out.add(written.slice(0, i) + digit + written.slice(i + 1))
    for (let i = 0; i < 13; i++) out.add(written.slice(0, i) + written[i + 1] + written[i] + written.slice(i + 2))
  }
  return [...out].filter(isSiret)
}
