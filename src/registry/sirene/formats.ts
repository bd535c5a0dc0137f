import { indexOf, type Index } from './cells.ts'
import {
  degreeColumns,
  enterpriseColumns,
  establishmentColumns,
  known,
  metricColumns,
  positionColumns,
  requiredOfEnterprises,
  requiredOfEstablishments,
  requiredOfExports,
  requiredOfPositions,
  usualOfEstablishments,
  type EnterpriseColumn,
  type EstablishmentColumn,
  type PositionColumn,
} from './columns.ts'
import { missingColumns, unknownFormat } from './errors.ts'

export type Kind = 'establishments' | 'enterprises' | 'positions'

/** What a header tells of a file. */
export interface Format {
  kind: Kind
  label: string
  unknownColumns: string[]
  absentColumns: string[]
}

export const indexes = {
  establishments: (header: readonly string[]): Index<EstablishmentColumn> => indexOf(establishmentColumns, header),
  enterprises: (header: readonly string[]): Index<EnterpriseColumn> => indexOf(enterpriseColumns, header),
  positions: (header: readonly string[]): Index<PositionColumn> => indexOf(positionColumns, header),
}

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase())
const count = (names: readonly string[], test: (name: string) => boolean) => names.filter(test).length

/** The kind of a file by the columns of its header, which is in lower case; null for none. */
function kindOf(header: string[]): Kind | null {
  if (
    count(header, (name) => lower(known.positions).includes(name) && name !== 'siret') >= 2 &&
    !header.some((name) => name.endsWith('etablissement'))
  ) {
    return 'positions'
  }
  if (count(header, (name) => name.endsWith('etablissement')) >= 3) return 'establishments'
  return count(header, (name) => name.endsWith('unitelegale')) >= 3 ? 'enterprises' : null
}

const columnsText = (header: readonly string[]) => `(${header.length} colonnes)`

function establishmentsLabel(header: string[]): string {
  const has = (name: string) => header.includes(name.toLowerCase())
  const columns = columnsText(header)
  if (header.some((name) => name.endsWith('unitelegale'))) {
    if (has('coordonneeLambertAbscisseEtablissement')) return `Export sirene.fr 2024 ${columns}`
    return `Export sirene.fr 2022 ${columns}`
  }
  const year = has('activitePrincipaleNAF25Etablissement')
    ? ' 2026'
    : has('coordonneeLambertAbscisseEtablissement')
      ? ' 2024'
      : ' 2019'
  return `StockEtablissement${year}${has('longitude') ? ' géocodé' : ''} ${columns}`
}

const labels: Record<Kind, (header: string[]) => string> = {
  establishments: establishmentsLabel,
  enterprises: (header) => `StockUniteLegale ${columnsText(header)}`,
  positions: (header) => `Géolocalisation de l’Insee ${columnsText(header)}`,
}

/** The columns that a kind of file must have. */
function requiredOf(kind: Kind, header: string[]): readonly string[] {
  if (kind === 'enterprises') return requiredOfEnterprises
  if (kind === 'establishments') {
    const isExport = header.some((name) => name.endsWith('unitelegale'))
    return isExport ? [...requiredOfEstablishments, ...requiredOfExports] : requiredOfEstablishments
  }
  const inDegrees = lower(degreeColumns).every((name) => header.includes(name))
  return inDegrees ? requiredOfPositions : [...requiredOfPositions, ...metricColumns]
}

/**
 * The format of a CSV file by its header.
 * @throws {ReadError} when it is none of those accepted, or lacks a required column
 */
export function formatOf(file: string, names: readonly string[]): Format {
  const header = lower(names)
  if (header.includes('datefin') && header.some((name) => name.startsWith('changement'))) {
    throw unknownFormat(file, 'c’est un historique des périodes ; prenez StockEtablissement ou StockUniteLegale')
  }
  const kind = kindOf(header)
  if (!kind) throw unknownFormat(file)
  const label = labels[kind](header)
  const missing = requiredOf(kind, header).filter((name) => !header.includes(name.toLowerCase()))
  if (missing.length > 0) throw missingColumns(file, label, missing)
  const knownNames = new Set(lower(known[kind]))
  const usual = kind === 'establishments' ? usualOfEstablishments : []
  return {
    kind,
    label,
    unknownColumns: names.filter((name) => name !== '' && !knownNames.has(name.toLowerCase())),
    absentColumns: usual.filter((name) => !header.includes(name.toLowerCase())),
  }
}
