import { copyText, sql, type Database, type Executor } from '#platform'
import { fold } from '#platform/model'
import { classify, type Nomenclature } from '../crafts/nomenclature.ts'
import type { EnterpriseRecord, EstablishmentRecord, PositionRecord } from '../sirene/model.ts'

export const establishmentFields = [
  'seq',
  'siret',
  'siren',
  'state',
  'diffusion',
  'name',
  'natural_person',
  'legal_category',
  'headquarters',
  'address',
  'postcode',
  'commune',
  'commune_declared',
  'lon',
  'lat',
  'position_quality',
  'naf',
  'naf_version',
  'naf2025',
  'aprm',
  'craft_rule',
  'sector',
  'metier',
  'employees',
  'employees_year',
  'created_on',
  'closed_on',
  'register_updated_at',
  'ess',
  'name_folded',
  'place_words',
] as const

const tables = {
  establishments: { target: 'registry.staged_establishment', columns: establishmentFields as readonly string[] },
  enterprises: {
    target: 'registry.staged_enterprise',
    columns: ['siren', 'natural_person', 'legal_category', 'legal_name', 'name_folded', 'diffusion', 'ess'],
  },
  signs: { target: 'registry.staged_sign', columns: ['siret', 'name', 'name_folded'] },
  positions: { target: 'registry.staged_position', columns: ['siret', 'lon', 'lat', 'position_quality'] },
}

/** Rows ready for COPY, by staging table. */
export type StagedChunk = Partial<Record<keyof typeof tables, Uint8Array>>

export interface Places {
  /** Every code that a file may give to a commune, with the commune of today. */
  communes: Map<string, string>
  names: Map<string, string>
}

/** What is put into the staging table for one unit, its commune of today null when unknown; the demonstration and the imports share it. */
export function establishmentRow(
  record: EstablishmentRecord,
  seq: number,
  nomenclature: Nomenclature,
  places: Places,
): unknown[] {
  const craft = classify(nomenclature, record)
  const declared = record.communeCode
  const commune = declared === null ? null : (places.communes.get(declared) ?? null)
  const metier = craft.metier ? nomenclature.metiers.get(craft.metier) : undefined
  const words = fold(
    `${metier?.label.fr ?? ''} ${(commune && places.names.get(commune)) ?? record.communeLabel ?? ''} ${record.siret}`,
  )
  return [
    seq,
    record.siret,
    record.siren,
    record.state,
    record.diffusion,
    record.name,
    record.naturalPerson,
    record.legalCategory,
    record.headquarters,
    record.addressLine,
    record.postcode,
    commune,
    declared,
    record.lon,
    record.lat,
    record.lon === null ? 'none' : record.positionQuality,
    record.naf,
    record.nafVersion,
    record.naf2025,
    record.aprm,
    craft.craftRule,
    craft.sector,
    craft.metier,
    record.employees,
    record.employeesYear,
    record.createdOn,
    record.closedOn,
    record.updatedAt,
    record.ess,
    record.name ? fold(record.name) : null,
    words,
  ]
}

const filled = (rows: unknown[][]) => (rows.length > 0 ? copyText(rows) : undefined)

/** A batch of records as bytes for COPY. */
export function toChunk(batch: {
  establishments: unknown[][]
  enterprises: EnterpriseRecord[]
  positions: PositionRecord[]
}): StagedChunk {
  const signs = batch.enterprises.flatMap((one) => one.signNames.map(({ siret, name }) => [siret, name, fold(name)]))
  const chunk: StagedChunk = {
    establishments: filled(batch.establishments),
    enterprises: filled(
      batch.enterprises.map((one) => [
        one.siren,
        one.naturalPerson,
        one.legalCategory,
        one.legalName,
        one.legalName ? fold(one.legalName) : null,
        one.diffusion,
        one.ess,
      ]),
    ),
    signs: filled(signs),
    positions: filled(batch.positions.map((one) => [one.siret, one.lon, one.lat, one.positionQuality])),
  }
  return Object.fromEntries(Object.entries(chunk).filter(([, bytes]) => bytes)) as StagedChunk
}

/** Puts a chunk into the staging tables. */
export async function stage(db: Database, chunk: StagedChunk): Promise<void> {
  for (const [name, bytes] of Object.entries(chunk)) {
    const { target, columns } = tables[name as keyof typeof tables]
    await db.copyIn(target, columns, bytes)
  }
}

/** Empties the staging tables. */
export async function clearStaging(db: Executor): Promise<void> {
  const targets = Object.values(tables).map(({ target }) => sql.table(target))
  await sql`truncate ${sql.join(targets)}`.execute(db)
}

/** Tells the planner how much is staged. */
export async function analyzeStaging(db: Database): Promise<void> {
  for (const { target } of Object.values(tables)) await db.outsideTransaction(`analyze ${target}`)
}
