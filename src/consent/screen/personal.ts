import { sql, type Actor, type App, type Executor, type Subject } from '#platform'
import { listOwnSubjects } from './queries.ts'

/** A subject's agreements with their whole history, for the person's own copy. */
export async function exportConsents(db: Executor, subject: Subject): Promise<Record<string, unknown>> {
  const found = await sql<{ record: unknown }>`
    select jsonb_build_object('kind', r.kind, 'id', r.id, 'asked', r.asked, 'status', r.status, 'effective', r.effective,
      'uses', r.uses, 'until', r.until, 'minor', r.minor, 'text', r.text_version,
      'events', (select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('at', e.at, 'type', e.type,
          'audience', e.audience, 'uses', e.uses, 'until', e.until, 'way', e.way, 'signedBy', e.signed_by,
          'ageClass', e.age_class, 'guardian', e.guardian, 'text', e.text_version, 'language', e.text_lang))
          order by e.position), '[]')
        from consent.event e where e.kind = r.kind and e.record = r.id)) as record
    from consent.record r where r.holder_kind = ${subject.kind} and r.holder_id = ${subject.id}
    order by r.kind, r.id`.execute(db)
  return found.rows.length > 0 ? { consents: found.rows.map(({ record }) => record) } : {}
}

export interface PersonalData {
  generatedAt: string
  subjects: { subject: Subject; data: Record<string, unknown> }[]
}

/** Everything that each capability holds about a person and his enterprises. */
export async function collectPersonalData(
  { capabilities, db }: Pick<App, 'capabilities' | 'db'>,
  actor: Actor,
): Promise<PersonalData> {
  const subjects: PersonalData['subjects'] = []
  for (const subject of await listOwnSubjects(db, actor)) {
    const data: Record<string, unknown> = {}
    for (const capability of capabilities) Object.assign(data, await capability.export?.(db.kysely, subject))
    subjects.push({ subject, data })
  }
  return { generatedAt: new Date().toISOString(), subjects }
}

/** How many things of each kind a person's data hold. */
export function countPersonalData({ subjects }: PersonalData): { category: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { data } of subjects)
    for (const [category, held] of Object.entries(data))
      counts.set(category, (counts.get(category) ?? 0) + (Array.isArray(held) ? held.length : held ? 1 : 0))
  return [...counts].map(([category, count]) => ({ category, count })).filter(({ count }) => count > 0)
}
