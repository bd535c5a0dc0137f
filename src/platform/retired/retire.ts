import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'

/**
 * Tells, in the transaction of what withdraws them, that things are no longer public: whoever took copies learns it from
 * `/api/retired`. Transactions that retire commit one after the other, so that a reader of the feed misses no version:
 * call it late in the transaction.
 * @param kind `statement`, `media`, `establishment`…
 * @param ids as the public saw them
 */
export async function retire(trx: Executor, kind: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`select pg_advisory_xact_lock(hashtext('platform.retired'))`.execute(trx)
  await sql`insert into platform.retired (kind, id) select ${kind}, unnest(${[...ids]}::text[])`.execute(trx)
}
