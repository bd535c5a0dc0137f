import { sql, type Actor } from '#platform'
import type { Body } from '../bodies/model.ts'
import { executorOf, type Source } from '../rights/queries.ts'

/** Whether a signed-in person proved to hold an enterprise. */
export async function holdsEnterprise(source: Source, actor: Actor, siret: string): Promise<boolean> {
  if (actor === null || actor === 'operator' || actor.kind !== 'person') return false
  const found =
    await sql`select 1 from accounts.enterprise_holder where person = ${actor.id} and siret = ${siret}`.execute(
      executorOf(source),
    )
  return found.rows.length > 0
}

/** SIRET of the enterprises that a person holds. */
export async function listMyEnterprises(source: Source, actor: Actor): Promise<string[]> {
  if (actor === null || actor === 'operator' || actor.kind !== 'person') return []
  const found = await sql<{ siret: string }>`
    select siret from accounts.enterprise_holder where person = ${actor.id} order by since, siret`.execute(
    executorOf(source),
  )
  return found.rows.map(({ siret }) => siret)
}

/** The bodies in whose name somebody may hand over an enterprise's code: those that he manages; all of them for the administrator. */
export async function listCodeBodies(source: Source, actor: Actor): Promise<Pick<Body, 'id' | 'name'>[]> {
  if (actor === null || (actor !== 'operator' && actor.kind !== 'person')) return []
  const found =
    actor === 'operator' || actor.administrator
      ? sql<Pick<Body, 'id' | 'name'>>`select id, name from accounts.body order by lower(name)`
      : sql<Pick<Body, 'id' | 'name'>>`select distinct b.id, b.name from accounts.membership m
          join accounts.body b on b.id = m.body where m.person = ${actor.id} and m.role = 'manager'
          and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now()) order by b.name`
  return (await found.execute(executorOf(source))).rows
}
