import { existsSync } from 'node:fs'
import type { BareApp } from '../application.ts'
import { pendingMigrations, readMigrations } from '../db/migrate.ts'
import { withSession, type Session } from '../db/session.ts'
import { UserError } from '../errors.ts'
import { ArchiveWriter } from './archive.ts'
import { ledgerName, ledgerOf, mergeLedgers, readLedgerFile } from './ledger.ts'
import { closingPath, listSequences, listTables, manifestPath, partPath, type Manifest } from './manifest.ts'

export interface Contents {
  tables: number
  rows: number
  files: number
}

export interface Written extends Contents {
  /** Files that were removed while the backup was made, and that it lacks. */
  removed: number
}

/** Told after each part: rows and files so far, and the share done when it is known. */
export type Told = (contents: Contents, ratio?: number) => void

// COPY's text depends on these settings; those of the two databases may differ.
const settings = ["datestyle = 'ISO, YMD'", "intervalstyle = 'postgres'", "timezone = 'UTC'", 'extra_float_digits = 1']

/** The same text of the same value on every database, until the end of the transaction. */
export async function plainText(session: Session): Promise<void> {
  for (const setting of settings) await session.query(`set local ${setting}`)
}

/** Rows of a text in COPY format: a line feed inside a value is escaped. */
export function countRows(part: Uint8Array): number {
  let rows = 0
  for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) rows++
  return rows
}

async function readManifest(session: Session, from: Manifest['from']): Promise<Manifest> {
  return {
    format: 'artisanumerique',
    version: 1,
    createdAt: new Date().toISOString(),
    from,
    migrations: [...(await readMigrations(session))].sort(),
    tables: await listTables(session),
    sequences: await listSequences(session),
  }
}

async function copyTables(session: Session, manifest: Manifest, archive: ArchiveWriter, told: Told) {
  const counts: Record<string, number> = {}
  let rows = 0
  for (const [index, { name, columns }] of manifest.tables.entries()) {
    let part = 0
    counts[name] = 0
    for await (const bytes of session.copyOut(name, columns)) {
      await archive.add(partPath(name, part++), bytes.length, [bytes])
      const added = countRows(bytes)
      counts[name] += added
      rows += added
      told({ tables: index + 1, rows, files: 0 }, index / manifest.tables.length)
    }
  }
  return { counts, rows }
}

// After the rows, so that the files which these name are there: a key never gets another content.
async function copyFiles(app: BareApp, archive: ArchiveWriter, told: (files: number) => void) {
  let files = 0
  let removed = 0
  for await (const { key, bytes } of app.storage.list()) {
    const content = await app.storage.read(key)
    if (!content) {
      removed++
      continue
    }
    await archive.add(`files/${key}`, bytes, content)
    told(++files)
  }
  return { files, removed }
}

// Last: what was erased while the rows were copied is in it, and will be erased again.
async function copyLedger(app: BareApp, archive: ArchiveWriter): Promise<void> {
  const lines = mergeLedgers([await readLedgerFile(ledgerOf(app.config))])
  const content = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  if (lines.length > 0) await archive.add(ledgerName, content.length, [content])
}

/**
 * Writes the whole database, as it is at one moment, then its files and the ledger of erasures, to a `.tar.gz` that
 * `restore` reads into either kind of database. Neither the secret of `dataDir` nor the settings are in it. Other people work on meanwhile, but the embedded database makes them wait while its rows are copied.
 * @throws {UserError} when the file exists, or the database lacks migrations
 */
export async function writeBackup(app: BareApp, file: string, told: Told): Promise<Written> {
  if (existsSync(file))
    throw new UserError(
      'file_exists',
      409,
      `Le fichier ${file} existe déjà. Donnez un autre nom, ou effacez-le d’abord.`,
    )
  if ((await pendingMigrations(app.db)).length > 0)
    throw new UserError(
      'not_migrated',
      409,
      'La base n’est pas à jour pour cette version du programme. Lancez d’abord : migrate',
    )
  const archive = await createArchive(file)
  try {
    const { manifest, counts, rows } = await withSession(app.db, 'read', async (session) => {
      await plainText(session)
      const manifest = await readManifest(session, app.db.kind)
      await archive.addJson(manifestPath, manifest)
      return { manifest, ...(await copyTables(session, manifest, archive, told)) }
    })
    const done = { tables: manifest.tables.length, rows }
    const { files, removed } = await copyFiles(app, archive, (count) => told({ ...done, files: count }))
    await copyLedger(app, archive)
    await archive.addJson(closingPath, { tables: counts, files })
    await archive.finish()
    return { ...done, files, removed }
  } catch (error) {
    await archive.discard()
    throw error
  }
}

async function createArchive(file: string): Promise<ArchiveWriter> {
  try {
    return await ArchiveWriter.create(file)
  } catch (error) {
    throw new UserError(
      'file_refused',
      400,
      `Le fichier ${file} ne peut pas être créé (${(error as NodeJS.ErrnoException).code}). Vérifiez le dossier.`,
    )
  }
}

/** What a backup would hold, without writing it. */
export async function measureBackup(app: BareApp): Promise<Contents> {
  const tables = await withSession(app.db, 'read', async (session) => {
    let rows = 0
    const all = await listTables(session)
    for (const { name } of all)
      rows += (await session.query<{ count: number }>(`select count(*)::int as count from ${name}`))[0]!.count
    return { tables: all.length, rows }
  })
  return { ...tables, files: (await Array.fromAsync(app.storage.list())).length }
}
