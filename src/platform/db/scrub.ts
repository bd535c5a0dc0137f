import { setTimeout as wait } from 'node:timers/promises'
import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { Database } from './database.ts'
import { removeOrphans } from './orphans.ts'
import { findPowers, type Powers } from './powers.ts'

const tableName = /^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$/

type Log = Pick<FastifyBaseLogger, 'warn'>

/**
 * After the commit of an erasure: the old rows of these tables with their indexes, their statistics and the journal
 * leave the disk. Whoever still reads the database as it was before is waited for; after twenty seconds, or after a
 * stop, a job does the rest. On a server, what the account may not do is said in `log` (and by `check`).
 * @param tables `schema.name`
 */
export async function scrub(db: Database, tables: readonly string[], log?: Log): Promise<void> {
  const wrong = tables.find((name) => !tableName.test(name))
  if (wrong !== undefined) throw new Error(`Not a table: ${wrong}`)
  await sql`insert into platform.unscrubbed (name) select distinct unnest(${[...tables]}::text[])
    on conflict (name) do update set asked_at = clock_timestamp()`.execute(db.kysely)
  await finishScrub(db, log)
}

/**
 * Scrubs what was asked for and is not done yet.
 * @param patience how long those who began to read before are waited for, in milliseconds
 */
export async function finishScrub(db: Database, log?: Log, patience = 20_000): Promise<void> {
  const found = await sql<{ names: string[] | null; at: string }>`
    select array_agg(name order by name) as names, max(asked_at)::text as at from platform.unscrubbed`.execute(
    db.kysely,
  )
  const { names, at } = found.rows[0]!
  if (!names) return
  if (!(await outlast(db, patience))) {
    log?.warn({ tables: names }, 'somebody reads the database as it was before an erasure: it will be finished later')
    return
  }
  const powers = await findPowers(db)
  for (const name of names) await rewrite(db, name, powers)
  await db.outsideTransaction('vacuum full pg_catalog.pg_statistic')
  await renewJournal(db, powers)
  await removeOrphans(db)
  await sql`delete from platform.unscrubbed where name = any(${names}::text[]) and asked_at <= ${at}::timestamptz`.execute(
    db.kysely,
  )
  for (const limit of powers.limits) log?.warn(limit)
}

/** Whether all who began to read before now have ended: VACUUM keeps the rows that they may see. */
async function outlast(db: Database, patience: number): Promise<boolean> {
  if (db.pglite) return true
  const now = await sql<{ xid: string }>`select pg_current_xact_id()::xid::text as xid`.execute(db.kysely)
  const limit = now.rows[0]!.xid
  for (const deadline = Date.now() + patience; Date.now() < deadline; await wait(100)) {
    const older = await sql`select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type <> 'walsender'
        and (age(backend_xmin) >= age(${limit}::xid) or age(backend_xid) >= age(${limit}::xid)) limit 1`.execute(
      db.kysely,
    )
    if (older.rows.length === 0) return true
  }
  return false
}

/** The rows that live go to new files; the statistics, which hold values, are made again from them. */
async function rewrite(db: Database, name: string, powers: Powers): Promise<void> {
  await db.outsideTransaction(`vacuum full ${name}`)
  // ANALYZE leaves the statistics of an empty table as they were.
  if (powers.superuser)
    await sql`delete from pg_catalog.pg_statistic where starelid = ${name}::regclass
      or starelid in (select indexrelid from pg_index where indrelid = ${name}::regclass)`.execute(db.kysely)
  await db.outsideTransaction(`analyze ${name}`)
}

/** Ends the journal's present file, and lets a checkpoint remove those that came before. */
async function renewJournal(db: Database, { journal, checkpoint, recycles }: Powers): Promise<void> {
  if (!checkpoint) return
  if (journal) await sql`select pg_switch_wal()`.execute(db.kysely)
  await db.outsideTransaction('checkpoint')
  if (!journal || !recycles) return
  // Files kept for later still hold what they held: each is taken in its turn, and filled with zeros by its end.
  const kept = await sql<{ count: number }>`
    select count(*)::int as count from pg_ls_waldir() where name > pg_walfile_name(pg_current_wal_lsn())
      and name ~ '^[0-9A-F]{24}$'`.execute(db.kysely)
  for (let i = 0; i <= kept.rows[0]!.count; i++) {
    await sql`select pg_logical_emit_message(false, 'artisanumerique', '')`.execute(db.kysely)
    await sql`select pg_switch_wal()`.execute(db.kysely)
  }
  await db.outsideTransaction('checkpoint')
}
