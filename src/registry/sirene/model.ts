import type { Diffusion, EmployeeBand, EstablishmentState, PositionQuality } from '../model.ts'

/** A file to read: the name that the user knows it by, and where it is on disk. */
export interface SourceFile {
  name: string
  path: string
}

/** Where a record comes from. */
export interface Origin {
  file: string
  /** Line of the source file, the header being line 1; in a JSON file, the rank of the unit. */
  line: number
}

/** One establishment as a register file gives it, checked. */
export interface EstablishmentRecord extends Origin {
  siret: string
  siren: string
  state: EstablishmentState
  diffusion: Diffusion
  /** A name that may be shown; null for partial diffusion, and when the kind of unit or its holder is unknown. */
  name: string | null
  /** Null when the file does not tell the kind of the legal unit (StockEtablissement alone). */
  naturalPerson: boolean | null
  legalCategory: string | null
  headquarters: boolean | null
  addressLine: string | null
  postcode: string | null
  /** Insee code as declared; null when empty, withheld or abroad. */
  communeCode: string | null
  communeLabel: string | null
  /** WGS 84 degrees, rounded to 1e-7. */
  lon: number | null
  lat: number | null
  positionQuality: PositionQuality
  /** With its dot: `11.05Z`. */
  naf: string | null
  /** Nomenclature of `naf`: `NAFRev2`, `NAF1`, `NAF1993`, `NAP`… */
  nafVersion: string | null
  naf2025: string | null
  /** Four digits and two letters: `1105ZZ`. */
  aprm: string | null
  employees: EmployeeBand | null
  employeesYear: number | null
  createdOn: string | null
  closedOn: string | null
  /** Date and time of Insee's last treatment, as written. */
  updatedAt: string | null
  ess: boolean | null
}

/** One legal unit of which establishments were accepted. */
export interface EnterpriseRecord {
  siren: string
  naturalPerson: boolean | null
  legalCategory: string | null
  /** Null for natural persons and partial diffusion. */
  legalName: string | null
  diffusion: Diffusion
  ess: boolean | null
  /** Signs of its establishments which may be shown, now that the kind of unit is known. */
  signNames: { siret: string; name: string }[]
}

/** Position of one establishment from Insee's geolocated file, WGS 84. */
export interface PositionRecord {
  siret: string
  lon: number
  lat: number
  positionQuality: PositionQuality
}

/** A row refused, or a field refused alone (`warning`). */
export interface RowIssue extends Origin {
  column: string | null
  /** The value when its column cannot hold a name, else masked; null when the whole row is at fault. */
  maskedValue: string | null
  /** Stable code, such as `siret.checksum`. */
  reason: string
  /** French: what is wrong, what to do. */
  message: string
  severity: 'refused' | 'warning'
}

/** Always rows = accepted + refused + outOfScope. */
export interface RowCounts {
  rows: number
  accepted: number
  refused: number
  outOfScope: number
}

export interface FileCounts extends RowCounts {
  file: string
}

export type ReadEvent =
  | {
      kind: 'recognised'
      file: string
      formatLabel: string
      unknownColumns: string[]
      /** Optional columns that the file lacks: what they hold stays unknown. */
      absentColumns: string[]
    }
  | { kind: 'progress'; bytesRead: number; bytesTotal: number }
  | {
      kind: 'batch'
      establishments: EstablishmentRecord[]
      enterprises: EnterpriseRecord[]
      positions: PositionRecord[]
      issues: RowIssue[]
    }
  | { kind: 'done'; totals: RowCounts & { warnings: number }; files: FileCounts[] }
