import { notFound, sql, type Actor } from '#platform'
import { isId } from '#platform/model'
import { executorOf, type Source } from '../rights/queries.ts'
import { type Body, type BodyLine, type Member, type MyBody } from './model.ts'

const isoOf = <Row extends { startsAt: Date; endsAt: Date | null }>(row: Row) => ({
  ...row,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt?.toISOString() ?? null,
})

/** The bodies for which somebody acts or acted, those of today first. */
export async function listMyBodies(source: Source, actor: Actor): Promise<MyBody[]> {
  if (actor === null || actor === 'operator' || actor.kind !== 'person') return []
  const found = await sql<Omit<MyBody, 'startsAt' | 'endsAt'> & { startsAt: Date; endsAt: Date | null }>`
    select b.id, b.name, b.kind, m.role, m.metiers, m.starts_at as "startsAt", m.ends_at as "endsAt"
    from accounts.membership m join accounts.body b on b.id = m.body where m.person = ${actor.id}
    order by m.ends_at is not null and m.ends_at <= now(), b.name, m.starts_at`.execute(executorOf(source))
  return found.rows.map(isoOf)
}

/** Every body, by name: they are some tens. */
export async function listBodies(source: Source): Promise<BodyLine[]> {
  const found = await sql<BodyLine>`
    select b.id, b.kind, b.name, b.territory, b.email,
      (select count(distinct m.person)::int from accounts.membership m
        where m.body = b.id and m.starts_at <= now() and (m.ends_at is null or m.ends_at > now())) as members,
      (select count(*)::int from accounts.convention c where c.body = b.id and c.signed_at <= now()
        and c.starts_at <= now() and least(c.ends_at, c.ended_at) > now()) as "inForce"
    from accounts.body b order by lower(b.name)`.execute(executorOf(source))
  return found.rows
}

/** A body by its id, or null. */
export async function findBody(source: Source, id: string): Promise<Body | null> {
  if (!isId(id)) return null
  const found = await sql<Body>`select id, kind, name, territory, email from accounts.body where id = ${id}`.execute(
    executorOf(source),
  )
  return found.rows[0] ?? null
}

/** @throws {UserError} 404 */
export async function getBody(source: Source, id: string): Promise<Body> {
  const found = await findBody(source, id)
  if (!found) throw notFound('Cet organisme')
  return found
}

/** The people who act or acted for a body, those of today first. Names and addresses: for whoever manages it. */
export async function listMembers(source: Source, body: string): Promise<Member[]> {
  const found = await sql<Omit<Member, 'startsAt' | 'endsAt'> & { startsAt: Date; endsAt: Date | null }>`
    select m.id, m.person, p.name, p.email, m.role, m.metiers, m.starts_at as "startsAt", m.ends_at as "endsAt",
      m.starts_at <= now() and (m.ends_at is null or m.ends_at > now()) as current
    from accounts.membership m join accounts.person p on p.id = m.person where m.body = ${body}
    order by m.ends_at is not null and m.ends_at <= now(), lower(p.name), m.starts_at`.execute(executorOf(source))
  return found.rows.map(isoOf)
}
