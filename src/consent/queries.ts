import type { Disclosure } from '#accounts/model'
import { sql, type Database, type Executor } from '#platform'
import { findRecord, reader } from './records.ts'

/** The disclosure in force now; `secret` for what was never declared. */
export async function findDisclosure(db: Database | Executor, kind: string, id: string): Promise<Disclosure> {
  return (await findRecord(db, kind, id))?.effective ?? 'secret'
}

/** The disclosures in force now of several records of a kind, by id; what was never declared is `secret`. */
export async function listDisclosures(
  db: Database | Executor,
  kind: string,
  ids: readonly string[],
): Promise<Map<string, Disclosure>> {
  const found = await sql<{ id: string; effective: Disclosure }>`
    select id, case when until <= now() then 'secret' else effective end as effective
    from consent.record where kind = ${kind} and id = any(${[...ids]}::text[])`.execute(reader(db))
  const known = new Map(found.rows.map(({ id, effective }) => [id, effective]))
  return new Map(ids.map((id) => [id, known.get(id) ?? 'secret']))
}
