import type { BareApp } from '../application.ts'
import { applyMigrations, listMigrations } from '../db/migrate.ts'
import { withSession, type Session } from '../db/session.ts'
import { UserError } from '../errors.ts'
import { readArchive } from './archive.ts'
import { countRows, plainText, type Contents, type Told } from './backup.ts'
import { ledgerName, ledgerOf, mergeLedgers, readLedgerFile, writeLedger, type LedgerSource } from './ledger.ts'
import {
  closingPath,
  keyOfPath,
  manifestPath,
  parseClosing,
  parseManifest,
  tableOfPath,
  type Manifest,
} from './manifest.ts'
import { ArchiveError, collect, type TarEntry } from './tar.ts'

const refused = (code: string, message: string) => new UserError(code, 409, message)

const damaged = (file: string, why: string) =>
  refused('backup_damaged', `Le fichier ${file} n’est pas une sauvegarde complète (${why}). Rien n’est changé.`)

/** @throws {UserError} when something would be overwritten */
async function requireEmpty(app: BareApp): Promise<void> {
  const tables = await withSession(app.db, 'read', (session) =>
    session.query<{ count: number }>(
      `select count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'pgboss') and n.nspname not like 'pg\\_%'`,
    ),
  )
  if (tables[0]!.count > 0)
    throw refused(
      'database_not_empty',
      'La base contient déjà des tables : une restauration demande une base vide. Donnez un autre DATA_DIR ou un autre DATABASE_URL.',
    )
  for await (const { key } of app.storage.list())
    throw refused('storage_not_empty', `Le dossier des fichiers n’est pas vide (${key}). Donnez un autre DATA_DIR.`)
}

async function requireKnown(manifest: Manifest): Promise<void> {
  const known = new Set((await listMigrations()).map(({ name }) => name))
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown)
    throw refused(
      'backup_newer',
      `Cette sauvegarde vient d’une version plus récente du programme (${unknown}). Mettez-le à jour d’abord.`,
    )
}

/** Tells apart, among what a reading throws, what is wrong with the file. */
function explain(file: string, error: unknown): unknown {
  const { code = '', message, syscall, path } = error as NodeJS.ErrnoException
  if (error instanceof ArchiveError || code.startsWith('Z_')) return damaged(file, message)
  if (syscall === 'open' && path === file)
    return new UserError('file_missing', 404, `Le fichier ${file} est introuvable ou illisible (${code}).`)
  return error
}

interface Checked extends Contents {
  manifest: Manifest
  ledger: LedgerSource
}

/**
 * Reads a backup to its end, and hands each stored file to `keep` on the way.
 * @throws {UserError} when it is cut, altered or newer than this program
 */
async function check(
  file: string,
  keep: (key: string, content: TarEntry['content']) => Promise<void>,
): Promise<Checked> {
  let manifest: Manifest | null = null
  const seen: Record<string, number> = {}
  const ledger = { name: `${ledgerName} dans ${file}`, text: '' }
  let files = 0
  for await (const entry of readArchive(file)) {
    if (!manifest) {
      manifest = entry.path === manifestPath ? await parseManifest(entry).catch(() => null) : null
      if (!manifest) throw damaged(file, 'manifest.json est absent ou illisible')
      await requireKnown(manifest)
      for (const { name } of manifest.tables) seen[name] = 0
      continue
    }
    if (entry.path === closingPath) {
      const closing = await parseClosing(entry).catch(() => null)
      const complete =
        closing && closing.files === files && manifest.tables.every(({ name }) => closing.tables[name] === seen[name])
      if (!complete) throw damaged(file, 'des lignes ou des fichiers manquent')
      const rows = Object.values(seen).reduce((sum, count) => sum + count, 0)
      return { manifest, ledger, tables: manifest.tables.length, rows, files }
    }
    if (entry.path === ledgerName) ledger.text = (await collect(entry.content)).toString()
    const table = tableOfPath(entry.path)
    const key = keyOfPath(entry.path)
    if (table !== null) for await (const chunk of entry.content) seen[table] = (seen[table] ?? 0) + countRows(chunk)
    else if (key !== null) {
      await keep(key, entry.content)
      files++
    }
  }
  throw damaged(file, 'la fin manque')
}

interface ForeignKey {
  owner: string
  name: string
  definition: string
}

/** Foreign keys and triggers would refuse rows that come before those that they point to: both are set aside. */
async function withoutConstraints(session: Session, tables: string[], work: () => Promise<void>): Promise<void> {
  const keys = await session.query<ForeignKey>(
    `select conrelid::regclass::text as owner, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0 and conrelid = any($1::regclass[])`,
    [tables],
  )
  for (const { owner, name } of keys) await session.query(`alter table ${owner} drop constraint ${name}`)
  for (const table of tables) await session.query(`alter table ${table} disable trigger user`)
  await work()
  for (const table of tables) await session.query(`alter table ${table} enable trigger user`)
  for (const { owner, name, definition } of keys)
    await session.query(`alter table ${owner} add constraint ${name} ${definition}`)
}

async function loadTables(app: BareApp, file: string, { manifest, rows }: Checked, told: Told): Promise<void> {
  const columns = new Map(manifest.tables.map((table) => [table.name, table.columns]))
  const names = manifest.tables.map(({ name }) => name)
  await withSession(app.db, 'write', async (session) => {
    await applyMigrations(session, new Set(manifest.migrations))
    await plainText(session)
    await withoutConstraints(session, names, async () => {
      // Migrations may have written rows, which the backup holds too.
      await session.query(`truncate ${names.join(', ')}`)
      let done = 0
      for await (const { path, content } of readArchive(file)) {
        const table = tableOfPath(path)
        if (table === null) continue
        const bytes = await collect(content)
        await session.copyIn(table, columns.get(table)!, bytes)
        done += countRows(bytes)
        told({ tables: names.length, rows: done, files: 0 }, done / Math.max(rows, 1))
      }
    })
    for (const { name, value } of manifest.sequences)
      await session.query(`select setval($1::regclass, $2::bigint, true)`, [name, value])
  })
  await app.db.outsideTransaction('analyze')
}

/** Every erasure that is known: of this folder, of the backup, and of a ledger that was kept elsewhere. */
async function gatherLedger(app: BareApp, erasures: string | null, ledger: LedgerSource): Promise<string[]> {
  const given = erasures === null ? [] : [await readLedgerFile(erasures)]
  if (given.some(({ text }) => text === ''))
    throw new UserError('ledger_missing', 404, `Le registre des effacements ${erasures} est introuvable ou vide.`)
  return mergeLedgers([await readLedgerFile(ledgerOf(app.config)), ...given, ledger])
}

export interface Restored extends Contents {
  /** Erasures that the next start does again on what was loaded. */
  erasures: number
}

/** Reads a backup to its end without changing anything; the database must be empty all the same. */
export async function checkBackup(app: BareApp, file: string, erasures: string | null = null): Promise<Restored> {
  await requireEmpty(app)
  try {
    const { ledger, tables, rows, files } = await check(file, async () => undefined)
    return { tables, rows, files, erasures: (await gatherLedger(app, erasures, ledger)).length }
  } catch (error) {
    throw explain(file, error)
  }
}

/**
 * Loads a backup into an empty database of either kind, its files into the storage, and every known erasure into the
 * ledger of `dataDir`: all or nothing. The migrations that the backup had are applied; the newer ones, and the erasures,
 * are left to the next start, before anything is served.
 * @param erasures a ledger that was kept elsewhere
 * @throws {UserError} when the backup, the ledger or the target is refused
 */
export async function restoreBackup(
  app: BareApp,
  file: string,
  told: Told,
  erasures: string | null = null,
): Promise<Restored> {
  await requireEmpty(app)
  const kept: string[] = []
  const former = mergeLedgers([await readLedgerFile(ledgerOf(app.config))])
  try {
    const checked = await check(file, async (key, content) => {
      kept.push(key)
      await app.storage.put(key, content)
    })
    const known = await gatherLedger(app, erasures, checked.ledger)
    // Before the rows: a start that follows a stop here must not serve what was erased.
    await writeLedger(app.config, known)
    await loadTables(app, file, checked, told)
    return { tables: checked.tables, rows: checked.rows, files: checked.files, erasures: known.length }
  } catch (error) {
    for (const key of kept) await app.storage.remove(key)
    await writeLedger(app.config, former)
    throw explain(file, error)
  }
}
