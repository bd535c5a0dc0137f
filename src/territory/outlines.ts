import { sql, type Executor } from '#platform'
import { fold } from '#platform/model'
import { boundsOf, centerOf, dissolve, type CommuneContour } from './contours.ts'
import type { CustomTerritory } from './custom.ts'
import type { Contour } from './model.ts'

/**
 * Contours of the communes of a département, of its EPCI and of itself, by code.
 * @param neighbours communes of other départements in the same EPCI, known from earlier imports
 */
export function dissolveAll(
  contours: CommuneContour[],
  currentOf: (code: string) => string | null,
  epciOf: (code: string) => string | null,
  departement: string,
  neighbours: CommuneContour[] = [],
): Map<string, Contour> {
  if (contours.length === 0) return new Map()
  return new Map([
    ...dissolve(contours, currentOf),
    ...dissolve([...contours, ...neighbours], (code) => epciOf(currentOf(code) ?? code)),
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
