import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { readConfig, sql, type Config, type Database } from '#platform'
import { shared } from './global-setup.ts'

export interface EmptyPlace {
  config: Config
  drop(): Promise<void>
}

let number = 0

/** An empty data folder, and an empty database on the server of `url`; without it the embedded database. */
export async function emptyPlace(url: string | null): Promise<EmptyPlace> {
  const dataDir = mkdtempSync(join(shared, 'artisanumerique-empty-'))
  const config: Config = { ...readConfig({}), dataDir, demo: false, logLevel: 'error' }
  if (!url) return { config, drop: async () => rmSync(dataDir, { recursive: true, force: true }) }
  const name = `artisanumerique_empty_${process.pid}_${number++}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`create database ${name} template template0 encoding 'UTF8'`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    config: { ...config, databaseUrl: own.href },
    async drop() {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** A digest of every row of every table of ours, and of their constraints and indexes: equal for equal databases. */
export async function fingerprint(db: Database): Promise<Record<string, string>> {
  const ours = sql`n.nspname not in ('pg_catalog', 'information_schema', 'public', 'pgboss') and n.nspname not like 'pg\\_%'`
  const tables = await sql<{ name: string }>`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and ${ours} order by 1`.execute(db.kysely)
  const digests: Record<string, string> = {}
  for (const { name } of tables.rows) {
    const found = await sql<{ digest: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as digest from ${sql.table(name)} t`.execute(
      db.kysely,
    )
    digests[name] = found.rows[0]!.digest
  }
  const rules = await sql<{ text: string }>`
    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(o.oid) as text
    from pg_constraint o join pg_namespace n on n.oid = o.connamespace where contype in ('f', 'p', 'u', 'c') and ${ours}
    union all select indexdef from pg_indexes where schemaname = any(${Object.keys(digests).map((name) => name.split('.')[0])}::text[])
    order by 1`.execute(db.kysely)
  digests.rules = rules.rows.map(({ text }) => text).join('\n')
  return digests
}
