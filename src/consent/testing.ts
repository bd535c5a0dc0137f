import { newId, sql, type Database, type User } from '#platform'

/** A signed-in person who exists by name alone. */
export const personOf = (id: string, administrator = false): User => ({
  id,
  name: `Personne ${id}`,
  email: `${id}@example.org`,
  kind: 'person',
  administrator,
})

/** A body whose signed convention lets its surveyor write, everywhere. */
export async function surveyorOf(db: Database): Promise<{ body: string; surveyor: User }> {
  const [body, convention, surveyor] = [newId(), newId(), personOf(newId())]
  await sql`insert into accounts.body (id, kind, name) values (${body}, 'chamber', ${`Chambre ${body}`})`.execute(
    db.kysely,
  )
  await sql`insert into accounts.membership (id, body, person, role, starts_at, created_by)
    values (${newId()}, ${body}, ${surveyor.id}, 'surveyor', now() - interval '1 day', 'operator')`.execute(db.kysely)
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at, signed_at, file)
    values (${convention}, ${body}, 'Essai', now() - interval '1 day', now() + interval '1 day', now() - interval '1 day',
      'conventions/x.pdf')`.execute(db.kysely)
  await sql`insert into accounts.clause (id, convention, action, purpose)
    values (${newId()}, ${convention}, 'contribute', 'survey')`.execute(db.kysely)
  return { body, surveyor }
}

/** An agreement of an adult on a screen, for everybody, without a term. */
export const agreement = {
  scope: { audience: 'public' as const, uses: ['atlas' as const], until: null },
  way: 'screen' as const,
  by: 'holder' as const,
  ageClass: 'adult' as const,
  textVersion: 'know-how-1',
}
