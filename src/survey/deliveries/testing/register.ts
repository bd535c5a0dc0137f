import {
  inventedRow,
  newSiret,
  otherSiret,
  partnerRow,
  signOf,
  type Fault,
  type PartnerRow,
  type Random,
  type Unit,
} from './partner-file.ts'

const closedOf = (unit: Unit): Unit => ({ ...unit, etatAdministratifEtablissement: 'F' })

const placeColumns = [
  'numeroVoieEtablissement',
  'typeVoieEtablissement',
  'libelleVoieEtablissement',
  'codePostalEtablissement',
  'libelleCommuneEtablissement',
  'codeCommuneEtablissement',
]

/** The unit of the same enterprise in the place of another one. */
const movedTo = (unit: Unit, place: Unit, siret: string): Unit => ({
  ...unit,
  siret,
  nic: siret.slice(9),
  etablissementSiege: 'true',
  ...Object.fromEntries(placeColumns.map((column) => [column, place[column] ?? ''])),
})

const takenOverBy = (unit: Unit, siret: string): Unit => ({
  ...unit,
  siret,
  siren: siret.slice(0, 9),
  nic: siret.slice(9),
  denominationUniteLegale: 'NOUVELLE MAISON DU HOUBLON',
  enseigne1Etablissement: '',
  denominationUsuelleEtablissement: '',
})

/** How many rows of each sort: 500 in all. */
const plan: Record<Fault, number> = {
  siret_right: 150,
  siret_digit: 60,
  siret_missing: 130,
  sign: 30,
  moved_known: 20,
  moved_unknown: 20,
  closed: 20,
  taken_over: 10,
  none: 60,
}

export interface Scene {
  /** Rows of the register, to import. */
  units: Unit[]
  rows: PartnerRow[]
}

const isShown = (unit: Unit) => unit.statutDiffusionEtablissement === 'O' && unit.statutDiffusionUniteLegale === 'O'
const isPlaced = (unit: Unit) => (unit.libelleVoieEtablissement ?? '') !== '' && unit.codeCommuneEtablissement !== ''

/** A real export in which some enterprises moved, closed or were taken over, and what a partner says of 500 of them. */
export function makeScene(real: readonly Unit[], random: Random): Scene {
  const left = real
    .map((unit) => ({ unit, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ unit }) => unit)
  const perEnterprise = new Map<string, number>()
  for (const { siren } of real) perEnterprise.set(siren!, (perEnterprise.get(siren!) ?? 0) + 1)
  const single = (unit: Unit) => perEnterprise.get(unit.siren!) === 1
  const next = (fits: (unit: Unit) => boolean): Unit => left.splice(left.findIndex(fits), 1)[0]!
  const units = new Map(real.map((unit) => [unit.siret!, unit]))
  const rows: PartnerRow[] = []
  const make: Record<Fault, () => PartnerRow> = {
    siret_right: () => known('siret_right', () => true),
    siret_digit: () => known('siret_digit', () => true),
    siret_missing: () => known('siret_missing', (unit) => isShown(unit) && isPlaced(unit)),
    sign: () => known('sign', (unit) => isShown(unit) && isPlaced(unit) && signOf(unit) !== ''),
    moved_known: () => moved('moved_known'),
    moved_unknown: () => moved('moved_unknown'),
    closed: () => {
      const unit = next((one) => isShown(one) && isPlaced(one) && single(one) && one.denominationUniteLegale !== '')
      units.set(unit.siret!, closedOf(unit))
      return partnerRow(unit, 'closed', null, random)
    },
    taken_over: () => {
      const unit = next((one) => isShown(one) && isPlaced(one) && single(one) && one.numeroVoieEtablissement !== '')
      const heir = newSiret(random)
      units.set(unit.siret!, closedOf(unit)).set(heir, takenOverBy(unit, heir))
      return partnerRow(unit, 'taken_over', null, random)
    },
    none: () => inventedRow(real[Math.floor(random() * real.length)]!, random),
  }
  function known(fault: Fault, fits: (unit: Unit) => boolean) {
    const unit = next(fits)
    return partnerRow(unit, fault, unit.siret!, random)
  }
  function moved(fault: Fault) {
    const unit = next((one) => isShown(one) && isPlaced(one) && single(one))
    const place = real.find((one) => isPlaced(one) && isShown(one) && random() < 0.01) ?? unit
    const heir = movedTo(unit, place, otherSiret(unit.siret!, random))
    if (fault === 'moved_known') units.set(unit.siret!, closedOf(unit))
    else units.delete(unit.siret!)
    units.set(heir.siret!, heir)
    return partnerRow(unit, fault, heir.siret!, random)
  }
  for (const [fault, count] of Object.entries(plan) as [Fault, number][])
    for (let i = 0; i < count; i++) rows.push(make[fault]())
  return { units: [...units.values()], rows: rows.sort(() => random() - 0.5) }
}
