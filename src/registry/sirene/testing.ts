import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { fromDegrees } from './projection.ts'

/** The 54 columns of StockEtablissement in 2026, in order. */
export const stockColumns =
  `siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement
  anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement
  etablissementSiege nombrePeriodesEtablissement complementAdresseEtablissement numeroVoieEtablissement
  indiceRepetitionEtablissement dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement
  typeVoieEtablissement libelleVoieEtablissement codePostalEtablissement libelleCommuneEtablissement
  libelleCommuneEtrangerEtablissement distributionSpecialeEtablissement codeCommuneEtablissement codeCedexEtablissement
  libelleCedexEtablissement codePaysEtrangerEtablissement libellePaysEtrangerEtablissement identifiantAdresseEtablissement
  coordonneeLambertAbscisseEtablissement coordonneeLambertOrdonneeEtablissement complementAdresse2Etablissement
  numeroVoie2Etablissement indiceRepetition2Etablissement typeVoie2Etablissement libelleVoie2Etablissement
  codePostal2Etablissement libelleCommune2Etablissement libelleCommuneEtranger2Etablissement
  distributionSpeciale2Etablissement codeCommune2Etablissement codeCedex2Etablissement libelleCedex2Etablissement
  codePaysEtranger2Etablissement libellePaysEtranger2Etablissement dateDebut etatAdministratifEtablissement
  enseigne1Etablissement enseigne2Etablissement enseigne3Etablissement denominationUsuelleEtablissement
  activitePrincipaleEtablissement nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement
  activitePrincipaleNAF25Etablissement`.split(/\s+/)

/** The 35 columns of StockUniteLegale in 2026. */
export const unitStockColumns = `siren statutDiffusionUniteLegale unitePurgeeUniteLegale dateCreationUniteLegale
  sigleUniteLegale sexeUniteLegale prenom1UniteLegale prenom2UniteLegale prenom3UniteLegale prenom4UniteLegale
  prenomUsuelUniteLegale pseudonymeUniteLegale identifiantAssociationUniteLegale trancheEffectifsUniteLegale
  anneeEffectifsUniteLegale dateDernierTraitementUniteLegale nombrePeriodesUniteLegale categorieEntreprise
  anneeCategorieEntreprise dateDebut etatAdministratifUniteLegale nomUniteLegale nomUsageUniteLegale denominationUniteLegale
  denominationUsuelle1UniteLegale denominationUsuelle2UniteLegale denominationUsuelle3UniteLegale categorieJuridiqueUniteLegale
  activitePrincipaleUniteLegale nomenclatureActivitePrincipaleUniteLegale nicSiegeUniteLegale
  economieSocialeSolidaireUniteLegale societeMissionUniteLegale caractereEmployeurUniteLegale
  activitePrincipaleNAF25UniteLegale`.split(/\s+/)

/** The faults that a stock may be given, each row having one at most, and the reason by which the reader tells it. */
export const faultReasons = {
  /** Last digit wrong. */
  siret: 'siret.checksum',
  /** SIREN starting with zeros, lost. */
  leadingZeros: 'siret.leading_zeros',
  /** 4.21E+13. */
  scientific: 'siret.scientific',
  /** Created in 5015. */
  year: 'date.out_of_range',
  /** Written in Windows-1252 in a file of UTF-8. */
  encoding: 'row.encoding',
  /** The previous unit again. */
  duplicate: 'siret.duplicate',
  /** A field too few. */
  fields: 'row.fields',
  /** A quote opened and never closed. */
  quote: 'row.unclosed',
} as const
export type FaultName = keyof typeof faultReasons

export interface StockOptions {
  rows: number
  /** Share of the rows that have each fault, 0.01 for 1 %. */
  faults?: Partial<Record<FaultName, number>>
  /** Cuts the file in the middle of its last row. */
  cut?: boolean
  /** Leaves a column out. */
  missingColumn?: string
  seed?: number
  /** All the units in this département; in the whole country by default. */
  departement?: string
  /** Codes of activity, NAF rév. 2. */
  nafs?: readonly string[]
}

export interface WrittenStock {
  /** Rows under the header, the cut one included. */
  rows: number
  /** Rows that the reader must accept. */
  accepted: number
  /** Line numbers of each fault. */
  lines: Record<FaultName, number[]>
}

interface Place {
  commune: string
  postcode: string
  label: string
  epsg: string
  x: number
  y: number
}

const place = (commune: string, postcode: string, label: string, lon: number, lat: number, epsg = '2154'): Place => {
  const [x, y] = fromDegrees(epsg, lon, lat)
  return { commune, postcode, label, epsg, x, y }
}

const places: Place[] = [
  place('82121', '82000', 'MONTAUBAN', 1.355, 44.018),
  place('82033', '82100', 'CASTELSARRASIN', 1.107, 44.04),
  place('82112', '82200', 'MOISSAC', 1.085, 44.105),
  place('82037', '82300', 'CAUSSADE', 1.537, 44.161),
  place('82186', '82400', "VALENCE D'AGEN", 0.891, 44.109),
  place('82013', '82500', 'BEAUMONT-DE-LOMAGNE', 0.988, 43.883),
  place('45234', '45000', 'ORLEANS', 1.909, 47.902),
  place('37261', '37000', 'TOURS', 0.684, 47.394),
  place('75104', '75004', 'PARIS 4', 2.357, 48.854),
  place('2A004', '20000', 'AJACCIO', 8.737, 41.926),
  place('59350', '59000', 'LILLE', 3.057, 50.629),
  place('97411', '97400', 'SAINT-DENIS', 55.448, -20.879, '2975'),
  place('97209', '97200', 'FORT-DE-FRANCE', -61.067, 14.605, '5490'),
]

const usualNafs = ['10.71C', '43.22A', '43.32A', '96.02A', '95.23Z', '23.41Z', '11.05Z', '47.11F', '62.01Z', '68.20B']
const bands = ['', 'NN', '01', '02', '03', '11', '12']
const signs = [
  '',
  '',
  'LE FOURNIL',
  'CAFÉ DE LA GARE',
  'L’ATELIER DU CÈDRE',
  'ÉTAMAGE DU QUERCY',
  '"TERRE, FEU"',
  'OUTILLAGE & BOIS',
]

/** Deterministic numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** The digit that makes a number pass Luhn's check. */
export function checkDigit(digits: string): string {
  let sum = 0
  for (const [rank, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (rank % 2 === 0 ? 2 : 1)
    sum += value > 9 ? value - 9 : value
  }
  return String((10 - (sum % 10)) % 10)
}

/** The n-th SIRET of an endless list of different ones; `first` is how its eight first digits start. */
export function siretAt(n: number, first = 30_000_000): string {
  const eight = String(first + n).padStart(8, '0')
  const start = `${eight}${checkDigit(eight)}0001`
  return start + checkDigit(start)
}

const pick = <T>(list: readonly T[], random: () => number): T => list[Math.floor(random() * list.length)]!
const two = (n: number) => String(n).padStart(2, '0')

/** The values of one unit, by column. */
function stockUnit(n: number, random: () => number, options: StockOptions): Record<string, string> {
  const among = options.departement ? places.filter(({ commune }) => commune.startsWith(options.departement!)) : places
  const at = pick(among, random)
  const siret = siretAt(n)
  const naf = pick(options.nafs ?? usualNafs, random)
  const located = random() < 0.6
  const band = pick(bands, random)
  return {
    siren: siret.slice(0, 9),
    nic: siret.slice(9),
    siret,
    statutDiffusionEtablissement: random() < 0.93 ? 'O' : 'P',
    dateCreationEtablissement: `${1980 + Math.floor(random() * 45)}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))}`,
    trancheEffectifsEtablissement: band,
    anneeEffectifsEtablissement: band === '' ? '' : '2023',
    activitePrincipaleRegistreMetiersEtablissement: random() < 0.3 ? `${naf.replace('.', '')}Z` : '',
    dateDernierTraitementEtablissement: '2026-03-22T15:40:57',
    etablissementSiege: random() < 0.8 ? 'true' : 'false',
    nombrePeriodesEtablissement: '1',
    numeroVoieEtablissement: String(1 + Math.floor(random() * 120)),
    typeVoieEtablissement: 'RUE',
    libelleVoieEtablissement: pick(
      ['DE LA RÉPUBLIQUE', 'DES ORFÈVRES', 'DU GÉNÉRAL, ANGLE PLACE', 'JEAN JAURES'],
      random,
    ),
    codePostalEtablissement: at.postcode,
    libelleCommuneEtablissement: at.label,
    codeCommuneEtablissement: at.commune,
    coordonneeLambertAbscisseEtablissement: located ? (at.x + random() * 2000).toFixed(2) : '',
    coordonneeLambertOrdonneeEtablissement: located ? (at.y + random() * 2000).toFixed(2) : '',
    dateDebut: '2008-01-01',
    etatAdministratifEtablissement: random() < 0.7 ? 'A' : 'F',
    enseigne1Etablissement: pick(signs, random),
    activitePrincipaleEtablissement: naf,
    nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
    caractereEmployeurEtablissement: band === '' ? 'N' : 'O',
    activitePrincipaleNAF25Etablissement: naf,
  }
}

/** One line of CSV, quoted where it must be. */
export const csvRow = (values: readonly string[], separator = ','): string =>
  values.map((value) => (/["\r\n,;\t|]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(separator)

/** The values of a row, in the order of the columns. */
export const rowOf = (columns: readonly string[], unit: Record<string, string>): string[] =>
  columns.map((column) => unit[column] ?? '')

function spoil(unit: Record<string, string>, fault: FaultName | null, n: number) {
  const siret = unit.siret!
  if (fault === 'siret') unit.siret = siret.slice(0, 13) + ((Number(siret[13]) + 1) % 10)
  else if (fault === 'scientific') unit.siret = `${siret[0]}.${siret.slice(1, 4)}E+13`
  else if (fault === 'leadingZeros') unit.siret = siretAt(n, 1_000_000).slice(1)
  else if (fault === 'year') unit.dateCreationEtablissement = '5015-04-05'
  else if (fault === 'encoding') unit.enseigne1Etablissement = 'LE CAFÉ DU CÈDRE'
}

/** The line of a unit, with what a fault does to its writing. */
function lineOf(columns: readonly string[], unit: Record<string, string>, fault: FaultName | null): Buffer {
  const values = rowOf(columns, unit)
  if (fault === 'fields') return Buffer.from(`${csvRow(values.slice(1))}\n`)
  if (fault === 'quote') {
    const sign = columns.indexOf('enseigne1Etablissement')
    const [before, after] = [values.slice(0, sign), values.slice(sign + 1)]
    return Buffer.from(`${csvRow(before)},"L ATELIER,${csvRow(after)}\n`)
  }
  return Buffer.from(`${csvRow(values)}\n`, fault === 'encoding' ? 'latin1' : 'utf8')
}

function chooseFault(faults: StockOptions['faults'], chance: number): FaultName | null {
  let sum = 0
  for (const [name, share] of Object.entries(faults ?? {})) {
    sum += share
    if (chance < sum) return name as FaultName
  }
  return null
}

/** Makes the lines of a stock one after the other, and tells which are at fault. */
function* stockLines(options: StockOptions, written: WrittenStock): Generator<Buffer> {
  const random = randomOf(options.seed ?? 1)
  const columns = stockColumns.filter((column) => column !== options.missingColumn)
  yield Buffer.from(`${columns.join(',')}\n`)
  let previous: Record<string, string> | null = null
  for (let n = 0; n < options.rows; n++) {
    let unit = stockUnit(n, random, options)
    let fault = chooseFault(options.faults, random())
    if (fault === 'duplicate') unit = previous ?? unit
    if (fault === 'duplicate' && !previous) fault = null
    if (fault) written.lines[fault].push(n + 2)
    spoil(unit, fault, n)
    const line = lineOf(columns, unit, fault)
    const cut = options.cut && n === options.rows - 1
    yield cut ? line.subarray(0, Math.floor(line.length / 2)) : line
    const lost = fault && !['year', 'encoding', 'duplicate'].includes(fault)
    if (!lost && !cut) written.accepted++
    if (!fault) previous = unit
  }
}

/**
 * Writes a synthetic StockEtablissement (54 columns of 2026, UTF-8, LF), the same for the same seed, without holding it in memory.
 * @returns what the reader must find in it
 */
export async function writeStock(path: string, options: StockOptions): Promise<WrittenStock> {
  const names = Object.keys(faultReasons) as FaultName[]
  const lines = Object.fromEntries(names.map((name) => [name, [] as number[]])) as WrittenStock['lines']
  const written: WrittenStock = { rows: options.rows, accepted: 0, lines }
  const out = createWriteStream(path)
  let pending: Buffer[] = []
  for (const line of stockLines(options, written)) {
    if (pending.push(line) < 1000) continue
    if (!out.write(Buffer.concat(pending))) await once(out, 'drain')
    pending = []
  }
  out.end(Buffer.concat(pending))
  await once(out, 'close')
  return written
}
