import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type pg from 'pg'
import type { Database } from './database.ts'
import type { PGliteTransaction } from './pglite.ts'

/** One transaction in SQL text, with COPY inside it: for work on whole tables. */
export interface Session {
  query<Row = Record<string, unknown>>(text: string, parameters?: unknown[]): Promise<Row[]>
  /** Appends rows in COPY text format; `columns` are written as SQL. */
  copyIn(table: string, columns: readonly string[], bytes: Uint8Array): Promise<void>
  /** Every row of a table in COPY text format, in parts of whole rows, about 4 MB each. */
  copyOut(table: string, columns: readonly string[]): AsyncIterable<Uint8Array>
}

const partBytes = 4 * 1024 * 1024
const pageBytes = 8192

/** Runs `work` in one transaction; a reader sees the database as it was at its first query, whatever others write. */
export async function withSession<T>(
  db: Database,
  mode: 'read' | 'write',
  work: (session: Session) => Promise<T>,
): Promise<T> {
  if (db.pglite) return db.pglite.transaction((trx) => work(embedded(trx)))
  const client = await db.pool!.connect()
  try {
    await client.query(mode === 'read' ? 'begin isolation level repeatable read, read only' : 'begin')
    const value = await work(onServer(client))
    await client.query('commit')
    client.release()
    return value
  } catch (error) {
    // A connection in an unknown state is closed, which rolls back.
    client.release(true)
    throw error
  }
}

const list = (columns: readonly string[]) => columns.join(', ')

function embedded(trx: PGliteTransaction): Session {
  const query = async <Row>(text: string, parameters: unknown[] = []) =>
    (await trx.query(text, parameters)).rows as Row[]
  return {
    query,
    copyIn: async (table, columns, bytes) => {
      await trx.query(`copy ${table} (${list(columns)}) from '/dev/blob'`, [], { blob: bytes })
    },
    // By ranges of pages, since the embedded COPY gives its whole output at once; each range follows the yield of the last.
    async *copyOut(table, columns) {
      const [size] = await query<{ pages: number }>(
        `select (pg_relation_size($1::regclass) / ${pageBytes})::int as pages`,
        [table],
      )
      let step = 32
      for (let first = 0; first < size!.pages;) {
        const range = `ctid >= '(${first},0)'::tid and ctid < '(${first + step},0)'::tid`
        const { blob } = await trx.query(`copy (select ${list(columns)} from ${table} where ${range}) to '/dev/blob'`)
        first += step
        if (!blob || blob.length === 0) continue
        yield blob
        step = Math.max(1, Math.round(step * Math.min(4, partBytes / blob.length)))
      }
    },
  }
}

function onServer(client: pg.PoolClient): Session {
  return {
    query: async <Row>(text: string, parameters: unknown[] = []) =>
      (await client.query(text, parameters)).rows as Row[],
    copyIn: async (table, columns, bytes) => {
      await pipeline(Readable.from([bytes]), client.query(copyFrom(`copy ${table} (${list(columns)}) from stdin`)))
    },
    copyOut: (table, columns) =>
      wholeRows(
        client.query(copyTo(`copy (select ${list(columns)} from ${table}) to stdout`)) as AsyncIterable<Buffer>,
      ),
  }
}

/** Regroups chunks into parts that end with a row: a line feed inside a value is escaped in COPY's text format. */
async function* wholeRows(chunks: AsyncIterable<Buffer>): AsyncIterable<Uint8Array> {
  let kept: Buffer[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(10) + 1
    if (bytes + end < partBytes || end === 0) {
      kept.push(chunk)
      bytes += chunk.length
      continue
    }
    yield Buffer.concat([...kept, chunk.subarray(0, end)])
    kept = [chunk.subarray(end)]
    bytes = chunk.length - end
  }
  if (bytes > 0) yield Buffer.concat(kept)
}
