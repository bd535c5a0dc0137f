import { sql, type Database } from '#platform'
import { listGuides } from '../guide/guides.ts'

/** Writes the items of all versions of the guide into the database, the newest version of each, so that views know them. */
export async function prepareItems(db: Database): Promise<void> {
  const newest = new Map(
    listGuides()
      .toSorted((a, b) => a.version - b.version)
      .flatMap(({ items }) => items.map((item) => [item.id, item])),
  )
  const rows = [...newest.values()].map(({ id, pillar, section, kind, strength }) => ({
    id,
    pillar,
    section,
    kind,
    strength,
  }))
  await sql`
    insert into survey.item (id, pillar, section, kind, strength)
    select id, pillar, section, kind, strength from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id text, pillar text, section text, kind text, strength boolean)
    on conflict (id) do update set pillar = excluded.pillar, section = excluded.section, kind = excluded.kind,
      strength = excluded.strength
    where (survey.item.pillar, survey.item.section, survey.item.kind, survey.item.strength)
      is distinct from (excluded.pillar, excluded.section, excluded.kind, excluded.strength)`.execute(db.kysely)
}
