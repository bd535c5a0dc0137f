import { employeeBands, type Diffusion, type EmployeeBand, type EstablishmentState } from '../model.ts'
import { withheldOfEstablishments, type EstablishmentColumn } from './columns.ts'
import type { Index } from './cells.ts'
import type { EstablishmentRecord } from './model.ts'
import { publicName, publicSign } from './names.ts'
import { addressLineOf, communeOf, departementOfRow, locate, postcodeOf } from './place.ts'
import { Row } from './row.ts'
import type { Outcome, Reading, Taker } from './reading.ts'
import { compact, siretProblem } from './siret.ts'
import { diffusionOfStatus, essOf, holderOfRow, legalCategoryOf, naturalPersonOf, usualNamesOf } from './unit.ts'

type EstablishmentRow = Row<EstablishmentColumn>

const signColumns = [
  'enseigne1Etablissement',
  'denominationUsuelleEtablissement',
  'enseigne2Etablissement',
  'enseigne3Etablissement',
] as const
/** The name of a legal person: the sign of the place, then the unit's names. */
const legalNameColumns = [
  'enseigne1Etablissement',
  'denominationUsuelleEtablissement',
  'denominationUniteLegale',
  'denominationUsuelle1UniteLegale',
] as const
const bands = new Set<string>(employeeBands)

/** Makes establishments of the rows of one file. */
export class EstablishmentTaker implements Taker {
  readonly #row: EstablishmentRow
  readonly #reading: Reading
  readonly #file: string
  /** Whether the file describes the legal unit of each establishment. */
  readonly #knowsUnit: boolean

  constructor(file: string, index: Index<EstablishmentColumn>, reading: Reading) {
    this.#row = new Row(index, withheldOfEstablishments, { file, issues: reading.issues, today: reading.today })
    this.#reading = reading
    this.#file = file
    this.#knowsUnit = this.#row.has('categorieJuridiqueUniteLegale') || this.#row.has('nomUniteLegale')
  }

  take(fields: readonly string[], line: number): Outcome {
    const row = this.#row
    const { departement } = this.#reading
    row.load(fields)
    row.line = line
    if (departement !== null && departementOfRow(row) !== departement) return 'outOfScope'
    const siret = siretOf(row)
    if (!siret) return 'refused'
    const record = this.#record(siret)
    const first = this.#reading.rememberEstablishment(record.siret, record.siren)
    if (!first) row.warn('siret', 'siret.duplicate')
    if (record.naturalPerson === null && record.diffusion === 'full')
      this.#reading.rememberSigns(record.siren, siret, signsOf(row))
    this.#reading.establishments.push(record)
    return 'accepted'
  }

  #record(siret: string): EstablishmentRecord {
    const row = this.#row
    const state = stateOf(row)
    const diffusion = diffusionOf(row)
    const shown = diffusion === 'full'
    const unit = this.#unit()
    const location = shown ? locate(row) : ({ lon: null, lat: null, positionQuality: 'none' } as const)
    return {
      file: this.#file,
      line: row.line,
      siret,
      siren: siret.slice(0, 9),
      state,
      diffusion,
      name: shown ? nameOf(row, unit.naturalPerson) : null,
      ...unit,
      headquarters: row.flag('etablissementSiege', 'true', 'false'),
      addressLine: shown ? addressLineOf(row) : null,
      postcode: shown ? postcodeOf(row) : null,
      communeCode: communeOf(row),
      communeLabel: row.text('libelleCommuneEtablissement') || null,
      ...location,
      ...activityOf(row),
      employees: employeesOf(row),
      employeesYear: row.year('anneeEffectifsEtablissement'),
      createdOn: row.date('dateCreationEtablissement'),
      closedOn: state === 'closed' ? row.date('dateDebut') : null,
      updatedAt: row.dateTime('dateDernierTraitementEtablissement'),
    }
  }

  #unit() {
    if (!this.#knowsUnit) return { naturalPerson: null, legalCategory: null, ess: null }
    const legalCategory = legalCategoryOf(this.#row)
    return { naturalPerson: naturalPersonOf(this.#row, legalCategory), legalCategory, ess: essOf(this.#row) }
  }
}

/** The SIRET of the row, checked with its SIREN; null once the row is refused. */
function siretOf(row: EstablishmentRow): string | null {
  const siret = compact(row.get('siret'))
  const problem = siretProblem(siret)
  if (problem) return row.refuse('siret', problem)
  const siren = compact(row.get('siren'))
  if (siren !== '' && siren.padStart(9, '0') !== siret.slice(0, 9)) return row.refuse('siren', 'siret.siren_mismatch')
  return siret
}

/** Only a row that says closed closes. */
function stateOf(row: EstablishmentRow): EstablishmentState {
  const state = row.get('etatAdministratifEtablissement')
  if (state === 'F') return 'closed'
  if (state !== 'A') row.warn('etatAdministratifEtablissement', state === '' ? 'state.missing' : 'state.unknown')
  return 'open'
}

function diffusionOf(row: EstablishmentRow): Diffusion {
  const own = diffusionOfStatus(row.get('statutDiffusionEtablissement'))
  if (own === null) row.warn('statutDiffusionEtablissement', 'diffusion.unknown')
  const unit = row.get('statutDiffusionUniteLegale')
  const opposed = unit !== '' && diffusionOfStatus(unit) !== 'full'
  return own === 'full' && !opposed && !row.anyWithheld ? 'full' : 'partial'
}

const signsOf = (row: EstablishmentRow): string[] => signColumns.map((column) => row.text(column)).filter(Boolean)

/** The name that the row lets one show; none where the kind of unit or its holder is not known. */
function nameOf(row: EstablishmentRow, naturalPerson: boolean | null): string | null {
  if (naturalPerson === null) return null
  if (!naturalPerson) return publicName(legalNameColumns.map((column) => row.text(column)))
  const signs = [...signsOf(row), ...usualNamesOf(row)].filter(Boolean)
  return signs.length > 0 ? publicSign(signs, holderOfRow(row)) : null
}

function activityOf(row: EstablishmentRow) {
  const version = row.get('nomenclatureActivitePrincipaleEtablissement')
  const naf = nafOf(row, version)
  const noAprm = row.get('activitePrincipaleRegistreMetiersEtablissement') === '0000ZZ'
  return {
    naf,
    nafVersion: naf && versionOf(naf, version),
    naf2025: row.matching('activitePrincipaleNAF25Etablissement', /^\d\d\.\d\d[A-Z]$/, 'naf2025.malformed'),
    aprm: noAprm
      ? null
      : row.matching('activitePrincipaleRegistreMetiersEtablissement', /^\d{4}[A-Z]{2}$/, 'aprm.malformed'),
  }
}

/** The nomenclature told; the form 00.00A alone is that of NAF rév. 2. */
function versionOf(naf: string, version: string): string | null {
  if (version === '') return /^\d\d\.\d\d[A-Z]$/.test(naf) ? 'NAFRev2' : null
  return /^[A-Za-z0-9]{1,12}$/.test(version) ? version : null
}

/** An activity in its nomenclature: 11.05Z since 2008, 74.1J from 1993, 57.10 before. */
function nafOf(row: EstablishmentRow, version: string): string | null {
  const text = row.get('activitePrincipaleEtablissement')
  if (text === '') return null
  const dotted = /^\d{4}[A-Z]$/.test(text) ? `${text.slice(0, 2)}.${text.slice(2)}` : text
  const form = version === 'NAFRev2' ? /^\d\d\.\d\d[A-Z]$/ : /^\d\d\.\d{1,2}[A-Z]?$/
  return form.test(dotted) ? dotted : row.warn('activitePrincipaleEtablissement', 'naf.malformed')
}

function employeesOf(row: EstablishmentRow): EmployeeBand | null {
  const band = row.get('trancheEffectifsEtablissement')
  if (band === '') return null
  return bands.has(band) ? (band as EmployeeBand) : row.warn('trancheEffectifsEtablissement', 'employees.unknown')
}
