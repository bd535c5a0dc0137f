import { badInput, emit, removeDemonstration, sql, transaction, type App, type Executor } from '#platform'
import { fold } from '#platform/model'
import { boundsOf, centerOf, dissolve, parseContours, type CommuneContour } from './contours.ts'
import { parseCustomTerritories, type CustomTerritory } from './custom.ts'
import { contoursUnreachable, noMatchingContour, unknownDepartement } from './errors.ts'
import type { Contour } from './model.ts'

export interface TerritoryImport {
  departement: string
  communes: number
  withContour: number
  /** Communes that the file lacks. */
  missing: string[]
  /** Codes of the file that belong to no commune of this département. */
  ignored: string[]
}

/** Downloads the contours of a département's communes; called only by a command that names the département. */
export async function downloadContours(departement: string): Promise<{ text: string; source: string }> {
  const source = `https://geo.api.gouv.fr/departements/${departement}/communes?format=geojson&geometry=contour&fields=code,nom`
  try {
    const answer = await fetch(source, { signal: AbortSignal.timeout(60_000) })
    if (!answer.ok) throw new Error(`réponse ${answer.status}`)
    return { text: await answer.text(), source: 'geo.api.gouv.fr' }
  } catch (error) {
    throw contoursUnreachable(error instanceof Error ? error.message : String(error))
  }
}

/**
 * Opens a département to the product, with the contours of its communes when they are given. Removes the
 * demonstration in the same transaction.
 * @throws {UserError} on an unknown département or an unreadable file; nothing is changed then
 */
export async function importTerritory(
  app: App,
  input: { departement: string; contours: { text: string; file: string; source: string } | null; dryRun?: boolean },
): Promise<TerritoryImport> {
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
  const outlines = dissolveAll(matching, currentOf, (code) => communes.get(code)?.epci ?? null, departement)
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

async function readSuccessors(db: Executor, departement: string): Promise<Map<string, string>> {
  const found = await sql<{ code: string; successor: string }>`
    select f.code, f.successor from territory.former_commune f
    join territory.territory t on t.code = f.successor where t.departement = ${departement}`.execute(db)
  return new Map(found.rows.map((row) => [row.code, row.successor]))
}

/** Contours of the communes of a département, of its EPCI and of itself, by code. */
export function dissolveAll(
  contours: CommuneContour[],
  currentOf: (code: string) => string | null,
  epciOf: (code: string) => string | null,
  departement: string,
): Map<string, Contour> {
  if (contours.length === 0) return new Map()
  return new Map([
    ...dissolve(contours, currentOf),
    ...dissolve(contours, (code) => epciOf(currentOf(code) ?? '')),
    ...dissolve(contours, () => departement),
  ])
}

/** Writes the contours of territories that exist, with their centre and their box. */
export async function writeOutlines(trx: Executor, outlines: Map<string, Contour>, source: string) {
  const rows = [...outlines].map(([code, contour]) => {
    const [west, south, east, north] = boundsOf(contour)
    const [lon, lat] = centerOf(contour)
    return { code, contour, west, south, east, north, lon, lat }
  })
  for (let start = 0; start < rows.length; start += 200) {
    await sql`
      update territory.territory t set contour = row.contour, contour_source = ${source},
        center = point(row.lon, row.lat), box = box(point(row.west, row.south), point(row.east, row.north))
      from jsonb_to_recordset(${JSON.stringify(rows.slice(start, start + 200))}::jsonb) as row(code text, contour jsonb,
        west float8, south float8, east float8, north float8, lon float8, lat float8)
      where t.code = row.code`.execute(trx)
  }
}

/**
 * Imports custom territories (Pays, PETR, ZRR, employment areas…) from a CSV: dated lists of communes.
 * @throws {UserError} naming the line that is wrong; nothing is changed then
 */
export async function importCustomTerritories(
  app: App,
  file: { text: string; name: string },
  dryRun = false,
): Promise<CustomTerritory[]> {
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

/** Writes one custom territory and its communes, with their contours' union when they all have one. */
export async function writeCustom(trx: Executor, one: CustomTerritory): Promise<void> {
  await sql`
    insert into territory.territory (code, kind, subtype, name, folded, vintage, valid_from, valid_to, imported_at, demonstration)
    values (${one.code}, 'custom', ${one.subtype}, ${one.name}, ${fold(one.name)}, ${one.vintage}, ${one.validFrom}, ${one.validTo}, now(), ${one.demonstration ?? false})
    on conflict (code) do update set subtype = excluded.subtype, name = excluded.name, folded = excluded.folded,
      vintage = excluded.vintage, valid_from = excluded.valid_from, valid_to = excluded.valid_to, imported_at = now()`.execute(
    trx,
  )
  await sql`delete from territory.membership where territory = ${one.code}`.execute(trx)
  await sql`
    insert into territory.membership (territory, commune)
    select distinct ${one.code}, coalesce(f.successor, c.code) from unnest(${one.communes}::text[]) as c(code)
    left join territory.former_commune f on f.code = c.code`.execute(trx)
  await sql`
    update territory.territory set population = (select sum(c.population) from territory.membership m
      join territory.territory c on c.code = m.commune where m.territory = ${one.code}) where code = ${one.code}`.execute(
    trx,
  )
  const found = await sql<{ code: string; contour: Contour | null }>`
    select c.code, c.contour from territory.membership m join territory.territory c on c.code = m.commune where m.territory = ${one.code}`.execute(
    trx,
  )
  const contours = found.rows.filter((row): row is CommuneContour => row.contour !== null)
  if (contours.length === found.rows.length && contours.length > 0) {
    await writeOutlines(
      trx,
      dissolve(contours, () => one.code),
      'union des communes',
    )
  }
}
