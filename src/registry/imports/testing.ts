import { text } from 'node:stream/consumers'
import { sql } from '#platform'
import { createTestApp } from '../../platform/testing/application.ts'
import type { SourceFile } from '../sirene/model.ts'
import { siretAt, unitStockColumns } from '../sirene/testing.ts'
import { createFolder, csvOf, exportColumns, stockUnit } from '../sirene/testing/collect.ts'
import { runImport, type ImportRequest } from './run.ts'

/** The values of a row, by column. */
export type Unit = Record<string, string>

/** A whole row of an export: a legal person with a name and an address, but for what is given. */
export const company = (siret: string, values: Unit = {}): Unit => ({
  ...stockUnit({ siret }),
  dateDernierTraitementEtablissement: '2024-03-01T10:00:00',
  numeroVoieEtablissement: '12',
  typeVoieEtablissement: 'RUE',
  libelleVoieEtablissement: 'DES ORFEVRES',
  libelleCommuneEtablissement: 'MONTAUBAN',
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '5499',
  denominationUniteLegale: 'L’ÉTAMEUR DU QUERCY',
  trancheEffectifsEtablissement: '01',
  ...values,
})

/** Coordinates near Montauban, in metres. */
export const lambert = {
  coordonneeLambertAbscisseEtablissement: '570000',
  coordonneeLambertOrdonneeEtablissement: '6324000',
}

const positionColumns = ['siret', 'x', 'y', 'qualite_xy', 'epsg', 'y_latitude', 'x_longitude']

/** A unit of the register as it is kept. */
export interface KeptUnit {
  name: string | null
  address: string | null
  diffusion: string
  natural_person: boolean | null
  state: string
  closed_on: string | null
  employees: string | null
  commune: string | null
  commune_declared: string | null
  lon: number | null
  lat: number | null
  position_quality: string
  search: string
}

/** An application with Montauban's centre known, at 1.35 44.02, and what imports small files into it. */
export async function createBench() {
  const own = await createTestApp()
  const { app } = own
  const { kysely } = app.db
  const folder = createFolder()
  let count = 0
  await sql`update territory.territory set center = point(1.35, 44.02) where code = '82121'`.execute(kysely)
  return {
    app,
    folder,
    /** One that was not given before. */
    newSiret: () => siretAt(count++, 40_000_000),
    exportFile: (...units: Unit[]) => folder.write(csvOf(units, exportColumns), 'export.csv'),
    stockFile: (...units: Unit[]) => folder.write(csvOf(units), 'stock.csv'),
    unitFile: (...units: Unit[]) => folder.write(csvOf(units, unitStockColumns), 'unites.csv'),
    positionFile: (...units: Unit[]) => folder.write(csvOf(units, positionColumns, ';'), 'positions.csv'),
    importFiles: (files: SourceFile[], more: Partial<ImportRequest> = {}) =>
      runImport(app, { files, departement: null, requestedBy: 'test', ...more }),
    async find(siret: string): Promise<KeptUnit | undefined> {
      const found = await sql<KeptUnit>`
        select *, closed_on::text as closed_on, position[0] as lon, position[1] as lat
        from registry.establishment where siret = ${siret}`.execute(kysely)
      return found.rows[0]
    },
    /** The former states of a unit, oldest first. */
    async historyOf(siret: string): Promise<Record<string, unknown>[]> {
      const found = await sql<{ record: Record<string, unknown> }>`
        select record from registry.establishment_history where siret = ${siret} order by replaced_at`.execute(kysely)
      return found.rows.map(({ record }) => record)
    },
    /** The lines of a report under its header. */
    async reportOf(key: string | null): Promise<string[]> {
      const report = key && (await app.storage.read(key))
      return report ? (await text(report)).split('\r\n').slice(1, -1) : []
    },
    async close() {
      folder.remove()
      await own.close()
    },
  }
}

export type Bench = Awaited<ReturnType<typeof createBench>>
