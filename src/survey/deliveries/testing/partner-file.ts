import { isSiret } from '#accounts/model'
import { csvLine } from '#platform'

/** A row of an export of Sirene, by column. */
export type Unit = Record<string, string>

/** Numbers that are always the same, 0 to 1 (mulberry32, T. Ettinger). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

export type Random = ReturnType<typeof createRandom>
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!

/** Another establishment of an enterprise: same SIREN, a number that is right. */
export function otherSiret(siret: string, random: Random): string {
  for (;;) {
    const found = siret.slice(0, 9) + String(Math.floor(random() * 99_000) + 100).padStart(5, '0')
    if (found !== siret && isSiret(found)) return found
  }
}

export function newSiret(random: Random): string {
  for (;;) {
    const siren = String(Math.floor(random() * 90_000_000) + 10_000_000)
    for (let key = 0; key < 10; key++) {
      const siret = `${siren}${key}00019`
      if (isSiret(siret)) return siret
    }
  }
}

/** What is wrong with a row, on purpose. */
export const faults = [
  'siret_right',
  'siret_digit',
  'siret_missing',
  'sign',
  'moved_known',
  'moved_unknown',
  'closed',
  'taken_over',
  'none',
] as const
export type Fault = (typeof faults)[number]

export interface PartnerRow {
  fault: Fault
  siret: string
  name: string
  address: string
  postcode: string
  commune: string
  /** SIRET of the open unit that the row means; null when there is none. */
  truth: string | null
}

const letters = 'abcdefghilmnoprstuv'

/** One slip of the fingers in a text: a letter lost, doubled, changed, or two swapped. */
function slip(text: string, random: Random): string {
  if (text.length < 5) return text
  const at = 1 + Math.floor(random() * (text.length - 2))
  const kind = Math.floor(random() * 4)
  if (kind === 0) return text.slice(0, at) + text.slice(at + 1)
  if (kind === 1) return text.slice(0, at) + text[at]! + text.slice(at)
  if (kind === 2) return text.slice(0, at) + pick(random, [...letters]) + text.slice(at + 1)
  return text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2)
}

const abbreviations: readonly [RegExp, string][] = [
  [/\bBRASSERIE\b/i, 'Brass.'],
  [/\bBRASSERIES\b/i, 'Brass.'],
  [/\bCOMPAGNIE\b/i, 'Cie'],
  [/\bETABLISSEMENTS?\b/i, 'Ets'],
  [/\bSAINTE?\b/i, 'St'],
  [/\bARTISANALE?\b/i, 'artis.'],
]
const titled = (text: string) => text.toLowerCase().replace(/(^|[\s'-])\p{L}/gu, (letter) => letter.toUpperCase())

/** A name as somebody types it: slips, abbreviations, legal form, an article lost. */
export function typedName(name: string, random: Random): string {
  let text = random() < 0.7 ? titled(name) : name
  for (const [word, short] of abbreviations) if (random() < 0.35) text = text.replace(word, short)
  if (random() < 0.2) text = text.replace(/^(la|le|les|l['’])\s*/i, '')
  if (random() < 0.55) text = slip(text, random)
  if (random() < 0.2) text = slip(text, random)
  if (random() < 0.25) text = pick(random, [`SARL ${text}`, `${text} SAS`, `S.A.R.L. ${text}`, `Ets ${text}`])
  return text
}

const streetTypes: Readonly<Record<string, string>> = {
  RUE: 'r.',
  AVENUE: 'av.',
  BOULEVARD: 'bd',
  ROUTE: 'rte',
  CHEMIN: 'ch.',
  PLACE: 'pl.',
  IMPASSE: 'imp.',
  ALLEE: 'all.',
}

/** An address as somebody types it; often shortened, its number now and then forgotten. */
export function typedAddress(unit: Unit, random: Random): string {
  const type = unit.typeVoieEtablissement ?? ''
  const number = random() < 0.15 ? '' : (unit.numeroVoieEtablissement ?? '')
  const street = titled(unit.libelleVoieEtablissement ?? '')
  const typed = random() < 0.25 ? slip(street, random) : street
  return [number, random() < 0.6 ? (streetTypes[type] ?? type.toLowerCase()) : type.toLowerCase(), typed]
    .filter(Boolean)
    .join(random() < 0.2 ? ', ' : ' ')
}

function typedCommune(unit: Unit, random: Random): string {
  const name = titled(unit.libelleCommuneEtablissement ?? '')
  if (random() < 0.3) return name.replace(/\bSaint(e?)\b[\s-]?/, 'St$1 ')
  return random() < 0.5 ? name.replaceAll('-', ' ') : name
}

/** What people call an enterprise: its name, else those of its holder. */
export const nameOf = (unit: Unit): string =>
  unit.denominationUniteLegale || signOf(unit) || `${unit.prenom1UniteLegale} ${unit.nomUniteLegale}`

export const signOf = (unit: Unit): string => unit.enseigne1Etablissement || unit.denominationUsuelleEtablissement || ''

const grouped = (siret: string) => siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1 $2 $3 $4')

function wrongDigit(siret: string, random: Random): string {
  const at = Math.floor(random() * 14)
  const digit = (Number(siret[at]) + 1 + Math.floor(random() * 9)) % 10
  return siret.slice(0, at) + digit + siret.slice(at + 1)
}

/** A row of a partner about a unit, as he knows it. */
export function partnerRow(unit: Unit, fault: Fault, truth: string | null, random: Random): PartnerRow {
  const siret = unit.siret!
  const written: Partial<Record<Fault, string>> = {
    siret_right: pick(random, [siret, siret, grouped(siret), siret.replace(/^0+/, '')]),
    siret_digit: wrongDigit(siret, random),
    moved_known: random() < 0.6 ? siret : '',
    moved_unknown: siret,
    closed: random() < 0.5 ? siret : '',
    taken_over: random() < 0.5 ? siret : '',
  }
  return {
    fault,
    siret: written[fault] ?? '',
    name: typedName(fault === 'sign' ? signOf(unit) : nameOf(unit), random),
    address: typedAddress(unit, random),
    postcode: random() < 0.1 ? '' : (unit.codePostalEtablissement ?? ''),
    commune: typedCommune(unit, random),
    truth,
  }
}

const firstWords = ['Menuiserie', 'Atelier', 'Forge', 'Brasserie', 'Poterie', 'Boulangerie', 'Maison', 'Fromagerie']
const lastWords = [
  'Quatrepoint',
  'du Vieux Lavoir',
  'Zéphirin',
  'des Trois Cèdres',
  'Bellecombe',
  'Rivoire',
  'Tournesol',
]

/** An enterprise that does not exist, in a commune that does. */
export function inventedRow(place: Unit, random: Random): PartnerRow {
  return {
    fault: 'none',
    siret: random() < 0.4 ? newSiret(random) : '',
    name: `${pick(random, firstWords)} ${pick(random, lastWords)} ${random() < 0.3 ? 'et fils' : ''}`.trim(),
    address: `${1 + Math.floor(random() * 90)} rue ${pick(random, ['du Four', 'des Lilas', 'de l’Église', 'Neuve'])}`,
    postcode: place.codePostalEtablissement ?? '',
    commune: typedCommune(place, random),
    truth: null,
  }
}

/** The file as the partner's spreadsheet writes it; `answers` are columns about practices, each with a cell for each row. */
export function partnerFile(
  rows: readonly PartnerRow[],
  answers: readonly { header: string; cell: (row: number) => string }[],
): Buffer {
  const header = ['N° SIRET', 'Raison sociale ou enseigne', 'Adresse', 'CP', 'Ville', 'Tél.', 'Courriel du gérant']
  const lines = rows.map(({ siret, name, address, postcode, commune }, i) => [
    siret,
    name,
    address,
    postcode,
    commune,
    `05 63 ${String(i)
      .padStart(6, '0')
      .replace(/(\d\d)(\d\d)(\d\d)/, '$1 $2 $3')}`,
    `gerant${i}@exemple.fr`,
    ...answers.map(({ cell }) => cell(i)),
  ])
  const text = [[...header, ...answers.map((one) => one.header)], ...lines].map((line) => csvLine(line, ';')).join('')
  return Buffer.from(`\u{feff}${text}`)
}
