import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { join } from 'node:path'
import { Kysely, PGliteDialect, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Config } from '../config.ts'
import { lockFolder } from './lock.ts'
import { PGliteClient } from './pglite.ts'
import { syncFolder } from './durable-fs.ts'

// One bigint type on both databases: PGlite gives numbers, pg strings.
pg.types.setTypeParser(20, Number)
pg.types.setTypeParser(1082, (text) => text)

/** No table type is known to Kysely: capabilities write SQL with the `sql` tag and say the row type they read. */
export type Tables = Record<string, never>
export type Executor = Kysely<Tables> | Transaction<Tables>

export interface Database {
  kind: 'pglite' | 'postgres'
  kysely: Kysely<Tables>
  /** The embedded database, or null on a server. */
  pglite: PGliteClient | null
  pool: pg.Pool | null
  /** Appends rows to a table by COPY, in text format, outside any transaction; one call is atomic. */
  copyIn(target: string, columns: readonly string[], bytes: Uint8Array): Promise<void>
  /** Hears NOTIFY on a channel, after commit. */
  listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>>
  /** Statements that may not run in a transaction, such as VACUUM. */
  outsideTransaction(statement: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens PostgreSQL when `databaseUrl` is set, else PGlite in `dataDir/database`, which it locks.
 * @throws {FolderInUseError}
 */
export async function openDatabase(config: Pick<Config, 'databaseUrl' | 'dataDir'>): Promise<Database> {
  return config.databaseUrl ? openPostgres(config.databaseUrl) : openPGlite(config.dataDir)
}

async function openPGlite(dataDir: string): Promise<Database> {
  const unlock = lockFolder(dataDir)
  const folder = join(dataDir, 'database')
  let client: PGliteClient
  try {
    if (!existsSync(join(folder, 'PG_VERSION'))) await createFolder(folder)
    client = new PGliteClient(folder)
    await client.waitReady
  } catch (error) {
    unlock()
    throw error
  }
  syncFolder(dataDir)
  return {
    kind: 'pglite',
    pglite: client,
    pool: null,
    kysely: new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: client as never }) }),
    copyIn: async (target, columns, bytes) => {
      await client.query(`copy ${target} (${columns.join(', ')}) from '/dev/blob'`, [], { blob: bytes })
    },
    listen: (channel, listener) => client.listen(channel, listener),
    outsideTransaction: async (statement) => {
      await client.exec(statement)
    },
    close: async () => {
      await client.close()
      unlock()
    },
  }
}

// In a process of its own: what the creation takes (650 MB) goes back with it.
async function createFolder(folder: string) {
  const child = fork(new URL('./create.ts', import.meta.url), [folder], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`The embedded database could not be created in ${folder}`)
}

async function openPostgres(url: string): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  pool.on('error', () => undefined)
  const listeners = new Set<pg.Client>()
  return {
    kind: 'postgres',
    pglite: null,
    pool,
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    copyIn: async (target, columns, bytes) => {
      const client = await pool.connect()
      try {
        await pipeline(
          Readable.from([bytes]),
          client.query(copyFrom(`copy ${target} (${columns.join(', ')}) from stdin`)),
        )
      } finally {
        client.release()
      }
    },
    listen: async (channel, listener) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      listeners.add(client)
      client.on('notification', (message) => listener(message.payload ?? ''))
      client.on('error', () => undefined)
      await client.query(`listen ${channel}`)
      return async () => {
        listeners.delete(client)
        await client.end()
      }
    },
    outsideTransaction: async (statement) => {
      await pool.query(statement)
    },
    close: async () => {
      await Promise.all([...listeners].map((client) => client.end()))
      await pool.end()
    },
  }
}

/** Runs in the transaction that is open, or opens one. */
export function within<T>(db: Database | Executor, work: (trx: Executor) => Promise<T>): Promise<T> {
  if ('kysely' in db) return transaction(db, work)
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

/** One transaction; nothing but the database may be awaited inside. */
export function transaction<T>(db: Database, work: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return db.kysely.transaction().execute(work)
}

export { sql }
