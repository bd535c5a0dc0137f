import { sql, type Erased, type Executor, type Subject } from '#platform'
import { isId } from '#platform/model'

/**
 * Destroys what is known of a person's bodies, enterprises and codes, of the codes and holders of an enterprise, or of
 * a guest. The audit stays: its ids lead nowhere any more.
 */
export async function eraseRights(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind === 'person') {
    await sql`delete from accounts.membership where person = ${id}`.execute(trx)
    await sql`delete from accounts.enterprise_holder where person = ${id}`.execute(trx)
    await sql`delete from accounts.enterprise_code where created_by = ${id}`.execute(trx)
    return { files: [], tables: ['accounts.membership', 'accounts.enterprise_holder', 'accounts.enterprise_code'] }
  }
  if (kind === 'enterprise') {
    await sql`delete from accounts.enterprise_holder where siret = ${id}`.execute(trx)
    await sql`delete from accounts.enterprise_code where siret = ${id}`.execute(trx)
    return { files: [], tables: ['accounts.enterprise_holder', 'accounts.enterprise_code'] }
  }
  if (kind !== 'guest' || !isId(id)) return { files: [], tables: [] }
  await sql`delete from accounts.guest where id = ${id}`.execute(trx)
  return { files: [], tables: ['accounts.guest'] }
}

/** What is known of a person's bodies and enterprises, or of a guest. */
export async function exportRights(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind === 'person') {
    const bodies = await sql`select b.name as body, m.role, m.metiers, m.starts_at as "startsAt", m.ends_at as "endsAt"
      from accounts.membership m join accounts.body b on b.id = m.body where m.person = ${id} order by m.starts_at`.execute(
      db,
    )
    const enterprises = await sql`
      select siret, since from accounts.enterprise_holder where person = ${id} order by since`.execute(db)
    return { bodies: bodies.rows, enterprises: enterprises.rows }
  }
  if (kind !== 'guest' || !isId(id)) return {}
  const guests = await sql`select g.name, g.age_class as "ageClass", g.created_at as "createdAt", l.label as invitation
    from accounts.guest g join accounts.guest_link l on l.id = g.link where g.id = ${id}`.execute(db)
  return { guests: guests.rows }
}
