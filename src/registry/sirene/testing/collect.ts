import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  EnterpriseRecord,
  EstablishmentRecord,
  PositionRecord,
  ReadEvent,
  RowIssue,
  SourceFile,
} from '../model.ts'
import { readSirene, type ReadOptions } from '../read.ts'
import { csvRow, rowOf, siretAt, stockColumns, unitStockColumns } from '../testing.ts'

export interface Collected {
  establishments: EstablishmentRecord[]
  enterprises: EnterpriseRecord[]
  positions: PositionRecord[]
  issues: RowIssue[]
  recognised: Extract<ReadEvent, { kind: 'recognised' }>[]
  done: Extract<ReadEvent, { kind: 'done' }>
}

/** Reads files whole, for tests. */
export async function collect(files: SourceFile[], options: ReadOptions = {}): Promise<Collected> {
  const all: Omit<Collected, 'done'> = {
    establishments: [],
    enterprises: [],
    positions: [],
    issues: [],
    recognised: [],
  }
  let done: Collected['done'] | undefined
  for await (const event of readSirene(files, options)) {
    if (event.kind === 'recognised') all.recognised.push(event)
    if (event.kind === 'done') done = event
    if (event.kind !== 'batch') continue
    all.establishments.push(...event.establishments)
    all.enterprises.push(...event.enterprises)
    all.positions.push(...event.positions)
    all.issues.push(...event.issues)
  }
  if (!done) throw new Error('The reading did not end')
  return { ...all, done }
}

/** A folder for the files of a test. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sirene-'))
  return {
    path: (name: string) => join(folder, name),
    write(content: string | Buffer, name = 'fichier.csv'): SourceFile {
      const path = join(folder, name)
      writeFileSync(path, content)
      return { name, path }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A whole row of the stock, Montauban, that nothing is wrong with, but for what is given. */
export const stockUnit = (values: Record<string, string> = {}): Record<string, string> => {
  const siret = values.siret ?? siretAt(0)
  return {
    siren: siret.slice(0, 9),
    siret,
    statutDiffusionEtablissement: 'O',
    etatAdministratifEtablissement: 'A',
    codeCommuneEtablissement: '82121',
    codePostalEtablissement: '82000',
    activitePrincipaleEtablissement: '10.71C',
    nomenclatureActivitePrincipaleEtablissement: 'NAFRev2',
    ...values,
  }
}

/** A CSV of units. */
export const csvOf = (
  units: Record<string, string>[],
  columns: readonly string[] = stockColumns,
  separator = ',',
): string =>
  [columns, ...units.map((unit) => rowOf(columns, unit))].map((row) => `${csvRow(row, separator)}\n`).join('')

/** Columns of an export, which describes the legal unit too. */
export const exportColumns = [...stockColumns, ...unitStockColumns.filter((column) => column.endsWith('UniteLegale'))]

/** Reads one row of the stock, with the columns of an export or of the geocoding when `values` has some. */
export async function readRow(
  folder: ReturnType<typeof createFolder>,
  values: Record<string, string>,
  options: ReadOptions = {},
) {
  const inExport = Object.keys(values).some((column) => column.endsWith('UniteLegale'))
  const geocoding = ['longitude', 'latitude', 'geo_score', 'geo_type'].filter((column) => column in values)
  const file = folder.write(csvOf([stockUnit(values)], [...(inExport ? exportColumns : stockColumns), ...geocoding]))
  const { establishments, issues, done } = await collect([file], { today: '2026-11-24', ...options })
  const told = issues.map(({ reason, severity }) => `${severity} ${reason}`)
  return { record: establishments[0] as EstablishmentRecord, issues, told, done }
}
