import { newId, sql, type App, type User } from '#platform'
import { sayStatement } from '#statements'
import type { Value } from '#statements/model'
import { personOf } from '../../consent/testing.ts'
import type { PracticePillar } from './model.ts'

/** Somebody who holds an enterprise. */
export async function holderOf({ db }: App, siret: string): Promise<User> {
  const holder = personOf(newId())
  await sql`insert into accounts.enterprise_holder (person, siret) values (${holder.id}, ${siret})`.execute(db.kysely)
  return holder
}

/** A body of a given name, whose surveyor may speak of some pillars, or of everything. */
export async function bodyOf(
  { db }: App,
  name: string,
  pillars: readonly PracticePillar[] | null = null,
): Promise<{ body: string; surveyor: User }> {
  const [body, convention, surveyor] = [newId(), newId(), personOf(newId())]
  await sql`insert into accounts.body (id, kind, name) values (${body}, 'chamber', ${name})`.execute(db.kysely)
  await sql`insert into accounts.membership (id, body, person, role, starts_at, created_by)
    values (${newId()}, ${body}, ${surveyor.id}, 'surveyor', now() - interval '1 day', 'operator')`.execute(db.kysely)
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at)
    values (${convention}, ${body}, 'Essai', now() - interval '1 day', now() + interval '1 day')`.execute(db.kysely)
  await sql`insert into accounts.clause (id, convention, action, pillars, purpose)
    values (${newId()}, ${convention}, 'contribute', ${pillars && [...pillars]}::text[], 'survey')`.execute(db.kysely)
  await sql`update accounts.convention set signed_at = now() - interval '1 hour', file = 'conventions/x.pdf'
    where id = ${convention}`.execute(db.kysely)
  return { body, surveyor }
}

/** Says something that everybody may read. */
export async function sayPublicly(
  { db }: App,
  actor: User,
  siret: string,
  item: string,
  value: Value,
  saidOn?: string,
): Promise<string> {
  const { id } = await sayStatement(db, actor, {
    subject: { kind: 'enterprise', id: siret },
    item,
    value,
    as: 'right',
    asked: 'public',
    method: 'on_site',
    ...(saidOn ? { saidOn } : {}),
  })
  return id
}

/** SIRET of open crafts of the demonstration of which nobody may read anything yet, in the register's order. */
export async function listUntold({ db }: App, limit: number): Promise<string[]> {
  const found = await sql<{ siret: string }>`
    select e.siret from registry.public_establishment e
    where e.state = 'open' and e.craft_rule <> 'none' and e.commune is not null
      and not exists (select from statements.statement s where s.subject_id = e.siret)
    order by e.siret limit ${limit}`.execute(db.kysely)
  return found.rows.map(({ siret }) => siret)
}
