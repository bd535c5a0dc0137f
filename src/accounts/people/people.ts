import { newId, sql, type Executor } from '#platform'

export interface Person {
  id: string
  name: string
  email: string
  administrator: boolean
}

/** The person who has an address (in lower case), or null. */
export async function findByEmail(db: Executor, email: string): Promise<Person | null> {
  const found = await sql<Person>`
    select id, name, email, administrator from accounts.person where email = ${email}`.execute(db)
  return found.rows[0] ?? null
}

/** Adds a person; one who has the address already is left as is. @returns the id */
export async function addPerson(db: Executor, person: Omit<Person, 'id'>): Promise<string> {
  const { name, email, administrator } = person
  const added = await sql<{ id: string }>`
    insert into accounts.person (id, name, email, email_verified, administrator)
    values (${newId()}, ${name}, ${email}, true, ${administrator})
    on conflict (email) do update set email = excluded.email returning id`.execute(db)
  return added.rows[0]!.id
}

/** Whether an administrator has ever signed in. */
export async function hasAdministrator(db: Executor): Promise<boolean> {
  const found = await sql`
    select 1 from accounts.person where administrator and signed_in_at is not null limit 1`.execute(db)
  return found.rows.length > 0
}

/** The administrator who came first, or null. */
export async function findFirstAdministrator(db: Executor): Promise<Person | null> {
  const found = await sql<Person>`
    select id, name, email, administrator from accounts.person where administrator order by created_at limit 1`.execute(
    db,
  )
  return found.rows[0] ?? null
}

/** Whether somebody is the platform's only administrator, without whom nobody could open an account or a convention. */
export async function isLastAdministrator(db: Executor, id: string): Promise<boolean> {
  const found = await sql<{ id: string }>`
    select id from accounts.person where administrator order by created_at limit 2`.execute(db)
  return found.rows.length === 1 && found.rows[0]!.id === id
}
