import { sql, type Database } from '#platform'
import type { ValueKind } from '#statements/model'
import type { Exemplary, PracticePillar, PracticeQuery } from './model.ts'
import { wherePractices } from './query.ts'

/** How many enterprises say one thing of one item. */
export interface AnswerCount {
  item: string
  /** Null when opinions are divided. */
  kind: ValueKind | null
  /** The answer or the choice; null for other kinds. */
  choice: string | null
  unit: string | null
  enterprises: number
  done: number
  /** Of numbers: their sum and the largest of them, in absolute value. */
  sum: number | null
  largest: number | null
}

/** Enterprises that answered anything, and those that do something of each pillar. */
export interface SurveyedCounts {
  surveyed: number
  doing: Record<PracticePillar, number>
}

/** What is said of each item, by answer, as numbers of enterprises. */
export async function countAnswers(db: Database, query: PracticeQuery): Promise<AnswerCount[]> {
  const found = await sql<AnswerCount>`
    select p.item, p.value->>'kind' as kind, p.choice, p.value->>'unit' as unit, count(*)::int as enterprises,
      (count(*) filter (where p.done))::int as done,
      sum((p.value->>'number')::numeric) filter (where p.value->>'kind' = 'number')::float8 as sum,
      max(abs((p.value->>'number')::numeric)) filter (where p.value->>'kind' = 'number')::float8 as largest
    from survey.public_practice p where ${wherePractices(query)}
    group by 1, 2, 3, 4 order by 1, 2, 3, 4`.execute(db.kysely)
  return found.rows
}

export async function countSurveyed(db: Database, query: PracticeQuery): Promise<SurveyedCounts> {
  const found = await sql<SurveyedCounts['doing'] & { surveyed: number }>`
    select count(distinct p.siret)::int as surveyed,
      (count(distinct p.siret) filter (where p.done and p.pillar = 'environment'))::int as environment,
      (count(distinct p.siret) filter (where p.done and p.pillar = 'economic'))::int as economic,
      (count(distinct p.siret) filter (where p.done and p.pillar = 'social'))::int as social
    from survey.public_practice p where ${wherePractices(query)}`.execute(db.kysely)
  const { surveyed, ...doing } = found.rows[0]!
  return { surveyed, doing }
}

/**
 * Enterprises with the most strong points that everybody may read and nobody contests, the most first.
 * @param least strong points that it takes
 */
export async function listExemplary(
  db: Database,
  query: PracticeQuery,
  least: number,
  limit: number,
): Promise<Exemplary[]> {
  const found = await sql<Exemplary>`
    select p.siret, p.name, p.commune_name as "communeName", p.metier, count(*)::int as strengths
    from survey.public_practice p
    where p.strength and p.done and p.state <> 'contested' and ${wherePractices(query)}
    group by p.siret, p.name, p.search, p.commune_name, p.metier having count(*) >= ${least}
    order by count(*) desc, p.search collate "C", p.siret limit ${limit}`.execute(db.kysely)
  return found.rows
}
