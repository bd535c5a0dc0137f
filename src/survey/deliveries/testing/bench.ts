import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { TestContext } from 'vitest'
import { csvLine, sql, type App } from '#platform'
import { runImport } from '#registry'
import { createFolder } from '../../../registry/sirene/testing/collect.ts'
import type { ShownRow } from '../queries.ts'
import { createRandom, type PartnerRow, type Unit } from './partner-file.ts'
import { makeScene } from './register.ts'

const file = 'sirene/sirene_fr_export_2024_brasseries_1105Z.csv'
const path = resolve(import.meta.dirname, '../../../../../shared/data', file)

/** Skips the test, and says so, where the real export is not there. */
export function needExport(context: TestContext): void {
  if (!existsSync(path)) context.skip(`needs ../shared/data/${file}`)
}

/** Imports the real export with some enterprises moved, closed and taken over; empty where it is not there. */
export async function importScene(app: App, seed: number): Promise<PartnerRow[]> {
  if (!existsSync(path)) return []
  const real: Unit[] = parse(readFileSync(path), { columns: true, bom: true })
  const { units, rows } = makeScene(real, createRandom(seed))
  const columns = Object.keys(real[0]!)
  const lines = [columns, ...units.map((unit) => columns.map((column) => unit[column] ?? ''))]
  const folder = createFolder()
  const export_ = folder.write(lines.map((line) => csvLine(line)).join(''), 'export.csv')
  await runImport(app, { files: [export_], departement: null, requestedBy: 'test' })
  folder.remove()
  return rows
}

export async function rowsOf(app: App, delivery: string): Promise<ShownRow[]> {
  const found =
    await sql<ShownRow>`select * from survey.delivery_row where delivery = ${delivery}::uuid order by line`.execute(
      app.db.kysely,
    )
  return found.rows
}

/** Waits until the work that a delivery asked for is over. */
export async function settled(app: App, delivery: string): Promise<string> {
  for (;;) {
    const found = await sql<{ state: string }>`select state from survey.delivery where id = ${delivery}::uuid`.execute(
      app.db.kysely,
    )
    const { state } = found.rows[0]!
    if (!['matching', 'accepting', 'undoing'].includes(state)) return state
    await new Promise(setImmediate)
  }
}
