import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Database } from './database.ts'
import { withSession, type Session } from './session.ts'

const folder = new URL('../../../migrations/', import.meta.url)

/** The migrations in their order, with their SQL. */
export async function listMigrations(): Promise<{ name: string; text: string }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(new URL(name, folder), 'utf8') })))
}

/** A name for the whole set of migrations, so that a prepared database can be kept. */
export async function migrationsHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const { name, text } of await listMigrations()) hash.update(name).update(text)
  return hash.digest('hex').slice(0, 16)
}

/** The names of the migrations that a database has, none when it is new. */
export async function readMigrations(session: Session): Promise<Set<string>> {
  const [found] = await session.query<{ known: boolean }>(
    `select to_regclass('platform.migration') is not null as known`,
  )
  if (!found!.known) return new Set()
  return new Set((await session.query<{ name: string }>('select name from platform.migration')).map((row) => row.name))
}

/** The migrations that a database lacks, in their order; changes nothing. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const known = await withSession(db, 'read', readMigrations)
  return (await listMigrations()).map(({ name }) => name).filter((name) => !known.has(name))
}

/**
 * Applies the migrations that the database lacks, all in one transaction.
 * @returns the names applied
 */
export async function migrate(db: Database): Promise<string[]> {
  return withSession(db, 'write', (session) => applyMigrations(session))
}

/** Applies, in a transaction that is open, those that the database lacks among `wanted` (all by default). */
export async function applyMigrations(session: Session, wanted?: ReadonlySet<string>): Promise<string[]> {
  // Two processes may start at once on one server.
  await session.query(`select pg_advisory_xact_lock(hashtext('artisanumerique.migrate'))`)
  await session.query('create schema if not exists platform')
  await session.query(
    'create table if not exists platform.migration (name text primary key, applied_at timestamptz not null default now())',
  )
  const known = await readMigrations(session)
  const applied: string[] = []
  for (const { name, text } of await listMigrations()) {
    if (known.has(name) || (wanted && !wanted.has(name))) continue
    for (const statement of statements(text)) await session.query(statement)
    await session.query('insert into platform.migration (name) values ($1)', [name])
    applied.push(name)
  }
  return applied
}

// One statement a query, as the extended protocol demands; a line with a lone semicolon at its end closes a statement.
function statements(text: string): string[] {
  return text
    .split(/;[ \t]*(?:--[^\n]*)?\n/)
    .map((part) => part.trim().replace(/;$/, ''))
    .filter((part) => part.replace(/^--.*$/gm, '').trim() !== '')
}
