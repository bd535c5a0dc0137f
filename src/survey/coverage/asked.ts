import { sql, type Database } from '#platform'
import { seasonDays, type PackEnterprise } from '../model.ts'
import { isVisited, pageSize, unitColumns, withLastAsked } from './queries.ts'

interface AskedQuery {
  territory: string
  commune?: string
  metier?: string
  /** Visited within the last season, or before it. */
  season: boolean
  /** SIRET of the last enterprise of the page before. */
  after?: string | null
}

/** Open units of crafts that were visited, those visited last first, fifty at a time; the SIRET after which the next begin. */
export async function listAsked(
  db: Database,
  { territory, commune, metier, season, after = null }: AskedQuery,
): Promise<{ enterprises: PackEnterprise[]; next: string | null }> {
  const found = await sql<Omit<PackEnterprise, 'asked'>>`
    with visits as (
      select c.siret, max(c.opened_at) as last from survey.contribution c where c.siret is not null group by c.siret)
    select ${unitColumns} from visits v join registry.public_establishment e on e.siret = v.siret
    where e.commune in (select m.commune from territory.public_commune_of m where m.territory = ${territory})
      and ${isVisited} and (v.last > now() - make_interval(days => ${seasonDays}::int)) = ${season}
      ${commune ? sql`and e.commune = ${commune}` : sql``} ${metier ? sql`and e.metier = ${metier}` : sql``}
      and (${after}::text is null
        or (v.last, e.siret) < (select w.last, w.siret from visits w where w.siret = ${after}))
    order by v.last desc, e.siret desc limit ${pageSize + 1}`.execute(db.kysely)
  const page = found.rows.slice(0, pageSize)
  return {
    enterprises: await withLastAsked(db, page),
    next: found.rows.length > pageSize ? page.at(-1)!.siret : null,
  }
}
