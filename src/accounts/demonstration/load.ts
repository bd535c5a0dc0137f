import { readFileSync } from 'node:fs'
import { sql, type Executor } from '#platform'
import type { BodyKind } from '../bodies/model.ts'
import type { Action, Pillar, Purpose, Role } from '../rights/model.ts'

/** One body of `bodies.json`, with its people and its convention; all ids are fixed, and no name is anybody's. */
export interface DemonstrationBody {
  id: string
  kind: BodyKind
  name: string
  territory: string | null
  convention: {
    id: string
    title: string
    clauses: { id: string; action: Action; pillars: Pillar[] | null; territory: string | null; purpose: Purpose }[]
  }
  people: { id: string; membership: string; name: string; email: string; role: Role; metiers: string[] | null }[]
}

/** A fictional artisan, who holds an enterprise of the demonstration. */
interface DemonstrationArtisan {
  id: string
  name: string
  email: string
  siret: string
}

/** The fictional bodies and artisans. */
export function readDemonstrationBodies(): { bodies: DemonstrationBody[]; artisans: DemonstrationArtisan[] } {
  // Read at once: inside a transaction nothing but the database may be awaited.
  const text = readFileSync(new URL('../../../data/demonstration/bodies.json', import.meta.url), 'utf8')
  return JSON.parse(text) as { bodies: DemonstrationBody[]; artisans: DemonstrationArtisan[] }
}

/** Writes the fictional bodies, their people, and a convention of each that is in force. */
export async function loadDemonstrationBodies(trx: Executor): Promise<void> {
  const { bodies, artisans } = readDemonstrationBodies()
  const rows = JSON.stringify(bodies)
  await sql`insert into accounts.body (id, kind, name, territory)
    select id, kind, name, territory from jsonb_to_recordset(${rows}::jsonb) as b(id uuid, kind text, name text, territory text)`.execute(
    trx,
  )
  const members = JSON.stringify(bodies.flatMap(({ id, people }) => people.map((one) => ({ ...one, body: id }))))
  const people = JSON.stringify([...bodies.flatMap((one) => one.people), ...artisans])
  await sql`insert into accounts.person (id, name, email, email_verified)
    select id, name, email, true from jsonb_to_recordset(${people}::jsonb) as p(id text, name text, email text)`.execute(
    trx,
  )
  await sql`insert into accounts.membership (id, body, person, role, metiers, starts_at, created_by)
    select membership, body, id, role, metiers, now() - interval '400 days', 'operator'
    from jsonb_to_recordset(${members}::jsonb) as p(id text, membership uuid, body uuid, role text, metiers text[])`.execute(
    trx,
  )
  await sql`insert into accounts.enterprise_holder (person, siret)
    select id, siret from jsonb_to_recordset(${JSON.stringify(artisans)}::jsonb) as a(id text, siret text)`.execute(trx)
  await writeConventions(trx, bodies)
}

async function writeConventions(trx: Executor, bodies: readonly DemonstrationBody[]): Promise<void> {
  const conventions = bodies.map(({ id, convention }) => ({ ...convention, body: id }))
  // Clauses come before the signature, which freezes them; nobody signed a paper: the key leads to no file.
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at)
    select id, body, title, now() - interval '400 days', now() + interval '2 years'
    from jsonb_to_recordset(${JSON.stringify(conventions)}::jsonb) as c(id uuid, body uuid, title text)`.execute(trx)
  const clauses = conventions.flatMap(({ id, clauses }) => clauses.map((one) => ({ ...one, convention: id })))
  await sql`insert into accounts.clause (id, convention, action, pillars, territory, purpose)
    select id, convention, action, pillars, territory, purpose from jsonb_to_recordset(${JSON.stringify(clauses)}::jsonb)
      as c(id uuid, convention uuid, action text, pillars text[], territory text, purpose text)`.execute(trx)
  const ids = conventions.map(({ id }) => id)
  await sql`update accounts.convention set signed_at = starts_at, file = 'conventions/demonstration.pdf'
    where id = any(${ids}::uuid[])`.execute(trx)
}

/** Removes them, with whoever joined them since; what real people are elsewhere stays. */
export async function removeDemonstrationBodies(trx: Executor): Promise<void> {
  const { bodies, artisans } = readDemonstrationBodies()
  const ids = bodies.map(({ id }) => id)
  const people = [...bodies.flatMap((one) => one.people), ...artisans].map(({ id }) => id)
  await sql`delete from accounts.membership where body = any(${ids}::uuid[]) or person = any(${people}::text[])`.execute(
    trx,
  )
  await sql`delete from accounts.enterprise_code where body = any(${ids}::uuid[])`.execute(trx)
  await sql`delete from accounts.convention where body = any(${ids}::uuid[])`.execute(trx)
  await sql`delete from accounts.body where id = any(${ids}::uuid[])`.execute(trx)
  await sql`delete from accounts.enterprise_holder where person = any(${people}::text[])`.execute(trx)
  await sql`delete from accounts.person where id = any(${people}::text[])`.execute(trx)
}
