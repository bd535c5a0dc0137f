import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { transaction, type Database } from './database.ts'

/** A relation's file: its number, then the part of a large one, or what goes with it. */
const relationFile = /^(\d+)(?:_(?:fsm|vm|init))?(?:\.\d+)?$/

/**
 * Removes, from the embedded database, files that no relation owns: what a kill in the middle of a rewriting or of the
 * making of an index left, which may hold anything. A server is left alone.
 */
export async function removeOrphans(db: Database): Promise<void> {
  const { pglite } = db
  if (!pglite) return
  // In a transaction nobody else makes a file meanwhile: there is one connection.
  await transaction(db, async (trx) => {
    const found = await sql<{ oid: string }>`
      select oid::text as oid from pg_database where datname = current_database()`.execute(trx)
    const folder = join(pglite.folder, 'base', found.rows[0]!.oid)
    const names = (await readdir(folder)).filter((name) => relationFile.test(name))
    const numbers = [...new Set(names.map((name) => relationFile.exec(name)![1]!))]
    const owned = await sql<{ number: string }>`
      select number from unnest(${numbers}::text[]) number where pg_filenode_relation(0, number::oid) is not null`.execute(
      trx,
    )
    const known = new Set(owned.rows.map(({ number }) => number))
    for (const name of names)
      if (!known.has(relationFile.exec(name)![1]!)) await rm(join(folder, name), { force: true })
  })
}
