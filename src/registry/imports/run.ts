import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { emit, removeDemonstration, transaction, type App } from '#platform'
import { mergeStaged, type MergeResult } from './merge.ts'
import { readFiles, type ImportProgress, type ReadFiles, type ReadResult } from './read.ts'
import { elsewhere } from '../errors.ts'
import { beginImport, forgetImport, recordDone, recordFailure, type ImportSubject } from './record.ts'
import { analyzeStaging, clearStaging, stage } from './staging.ts'
import type { Totals } from './worker.ts'

export interface ImportRequest extends ImportSubject {
  /** Reads and checks, and changes nothing. */
  dryRun?: boolean
  /** What must be done once the files are found good, before the register changes. */
  beforeMerge?: () => Promise<void>
}

export interface ImportResult extends Totals, MergeResult {
  id: string
  formats: ReadFiles['formats']
  reportKey: string | null
}

type OnProgress = (progress: ImportProgress) => void | Promise<void>

const number = new Intl.NumberFormat('fr-FR')

/**
 * Imports register files: read and checked in a worker thread, staged, then merged in one transaction. Killed at any
 * moment, the register is as before or as after.
 * @throws {UserError} when a file is not of a known format, lacks a column, has no row of the département, or another
 *   import runs
 */
export async function runImport(
  app: App,
  request: ImportRequest,
  onProgress: OnProgress = () => {},
): Promise<ImportResult> {
  const id = randomUUID()
  const end = await beginImport(app, id, request)
  try {
    await clearStaging(app.db.kysely)
    const read = await readAndReport(app, id, request, onProgress)
    refuseElsewhere(read.totals, request.departement)
    if (!request.dryRun) await request.beforeMerge?.()
    const merged = request.dryRun ? await leaveNoTrace(app, id) : await commit(app, id, read, onProgress)
    return { id, ...read.totals, ...merged, formats: read.formats, reportKey: read.reportKey }
  } catch (error) {
    await fail(app, id, error)
    throw error
  } finally {
    end()
  }
}

/** Reads the files into the staging tables; what was refused goes into a report in the storage. */
async function readAndReport(
  app: App,
  id: string,
  request: ImportRequest,
  onProgress: OnProgress,
): Promise<ReadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'artisanumerique-import-'))
  const report = join(folder, 'report.csv')
  try {
    const put = request.dryRun ? async () => {} : (chunk: Parameters<typeof stage>[1]) => stage(app.db, chunk)
    const read = await readFiles(app, request, { report, stage: put, onProgress })
    if (read.reported === 0) return { ...read, reportKey: null }
    const reportKey = `imports/${id}/report.csv`
    await app.storage.put(reportKey, createReadStream(report))
    return { ...read, reportKey }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A file whose rows are all of other départements is the wrong file, or the wrong département. */
function refuseElsewhere({ rows, accepted, outOfScope }: Totals, departement: string | null) {
  if (departement !== null && accepted === 0 && outOfScope > 0) throw elsewhere(departement, rows)
}

async function leaveNoTrace(app: App, id: string): Promise<MergeResult> {
  await forgetImport(app.db.kysely, id)
  return { inserted: 0, updated: 0, unchanged: 0 }
}

async function commit(app: App, id: string, read: ReadResult, onProgress: OnProgress): Promise<MergeResult> {
  await onProgress({
    ratio: null,
    text: `${number.format(read.totals.accepted)} lignes acceptées ; mise à jour du registre…`,
  })
  await analyzeStaging(app.db)
  const merged = await transaction(app.db, async (trx) => {
    await removeDemonstration(app, trx)
    const result = await mergeStaged(trx, id, false, app.db.pglite !== null)
    await recordDone(trx, id, read, result)
    // Here, while this import is still the only one: the next one stages its rows at once.
    await clearStaging(trx)
    await emit(trx, 'registry.imported', { import: id })
    return result
  })
  if (merged.inserted + merged.updated > 0) await tidy(app)
  return merged
}

/** Frees what the former rows take; the import is made, whatever becomes of this. */
async function tidy(app: App) {
  try {
    await app.db.outsideTransaction('vacuum analyze registry.establishment')
    await app.db.outsideTransaction('vacuum analyze registry.establishment_history')
  } catch (error) {
    app.log.error({ err: error }, 'the register could not be vacuumed')
  }
}

async function fail(app: App, id: string, error: unknown) {
  try {
    await transaction(app.db, async (trx) => {
      if (await recordFailure(trx, id, error)) await clearStaging(trx)
    })
  } catch (second) {
    // The database is closed or lost: the record stays that of an import cut off.
    app.log.error({ err: second }, 'the failure of an import could not be recorded')
  }
}
