import {
  badInput,
  emit,
  removeDemonstration,
  requirePermission,
  sql,
  transaction,
  type Actor,
  type App,
  type Executor,
} from '#platform'
import { parseContours, type CommuneContour } from './contours.ts'
import { parseCustomTerritories, type CustomTerritory } from './custom.ts'
import { noMatchingContour, unknownDepartement } from './errors.ts'
import type { Contour } from './model.ts'
import { dissolveAll, writeCustom, writeOutlines } from './outlines.ts'

export interface TerritoryImport {
  departement: string
  communes: number
  withContour: number
  /** Communes that the file lacks. */
  missing: string[]
  /** Codes of the file that belong to no commune of this département. */
  ignored: string[]
}

/**
 * Opens a département to the product, with the contours of its communes when they are given. Removes the
 * demonstration in the same transaction.
 * @throws {UserError} on an unknown département or an unreadable file; nothing is changed then
 */
export async function importTerritory(
  app: App,
  actor: Actor,
  input: { departement: string; contours: { text: string; file: string; source: string } | null; dryRun?: boolean },
): Promise<TerritoryImport> {
  requirePermission('admin', actor)
  const { departement } = input
  const known = await sql<{ code: string; epci: string | null }>`
    select code, epci from territory.territory where kind = 'commune' and departement = ${departement} and part_of is null`.execute(
    app.db.kysely,
  )
  if (!/^[0-9][0-9AB][0-9]?$/.test(departement) || known.rows.length === 0) throw unknownDepartement(departement)
  const successors = await readSuccessors(app.db.kysely, departement)
  const contours = input.contours ? parseContours(input.contours.text, input.contours.file) : []
  const communes = new Map(known.rows.map((row) => [row.code, row]))
  const currentOf = (code: string) => (communes.has(code) ? code : (successors.get(code) ?? null))
  const matching = contours.filter(({ code }) => communes.has(currentOf(code) ?? ''))
  if (input.contours && matching.length === 0) throw noMatchingContour(departement)
  const neighbours = await readNeighbours(app.db.kysely, departement)
  const epcis = new Map([...known.rows, ...neighbours].map((row) => [row.code, row.epci]))
  const outlines = dissolveAll(matching, currentOf, (code) => epcis.get(code) ?? null, departement, neighbours)
  const result: TerritoryImport = {
    departement,
    communes: communes.size,
    withContour: known.rows.filter((row) => outlines.has(row.code)).length,
    missing: input.contours ? known.rows.map((row) => row.code).filter((code) => !outlines.has(code)) : [],
    ignored: contours.map((one) => one.code).filter((code) => !communes.has(currentOf(code) ?? '')),
  }
  if (input.dryRun) return result
  await transaction(app.db, async (trx) => {
    await removeDemonstration(app, trx)
    await writeOutlines(trx, outlines, input.contours?.source ?? '')
    await sql`update territory.territory set imported_at = now() where code = ${departement}`.execute(trx)
    await emit(trx, 'territory.imported', { departement })
  })
  return result
}

/** Communes of other départements, with a contour, in the EPCI that this one shares with them. */
async function readNeighbours(db: Executor, departement: string): Promise<(CommuneContour & { epci: string })[]> {
  const found = await sql<{ code: string; epci: string; contour: Contour }>`
    select code, epci, contour from territory.territory
    where kind = 'commune' and departement <> ${departement} and contour is not null
      and epci in (select epci from territory.territory where kind = 'commune' and departement = ${departement})`.execute(
    db,
  )
  return found.rows
}

async function readSuccessors(db: Executor, departement: string): Promise<Map<string, string>> {
  const found = await sql<{ code: string; successor: string }>`
    select f.code, f.successor from territory.former_commune f
    join territory.territory t on t.code = f.successor where t.departement = ${departement}`.execute(db)
  return new Map(found.rows.map((row) => [row.code, row.successor]))
}

/**
 * Imports custom territories (Pays, PETR, ZRR, employment areas…) from a CSV: dated lists of communes.
 * @throws {UserError} naming the line that is wrong; nothing is changed then
 */
export async function importCustomTerritories(
  app: App,
  actor: Actor,
  file: { text: string; name: string },
  dryRun = false,
): Promise<CustomTerritory[]> {
  requirePermission('admin', actor)
  const territories = parseCustomTerritories(file.text, file.name)
  const codes = [...new Set(territories.flatMap((one) => one.communes))]
  const known = await sql<{ code: string }>`
    select code from territory.territory where kind = 'commune' and code = any(${codes})
    union select code from territory.former_commune where code = any(${codes})`.execute(app.db.kysely)
  const existing = new Set(known.rows.map((row) => row.code))
  const unknown = codes.filter((code) => !existing.has(code))
  if (unknown.length > 0)
    throw badInput(
      `Communes inconnues dans « ${file.name} » : ${unknown.slice(0, 10).join(', ')}. Vérifiez leurs codes Insee.`,
    )
  if (dryRun) return territories
  await transaction(app.db, async (trx) => {
    await removeDemonstration(app, trx)
    for (const one of territories) await writeCustom(trx, one)
    await emit(trx, 'territory.imported', {})
  })
  return territories
}
