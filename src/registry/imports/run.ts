import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { emit, removeDemonstration, sql, transaction, UserError, type App, type Database } from '#platform'
import { readCommuneCodes } from '#territory'
import { readMetiers } from '../metiers/queries.ts'
import { importRunning } from '../errors.ts'
import type { SourceFile } from '../sirene/model.ts'
import { mergeStaged, type MergeResult } from './merge.ts'
import { reportLine, reportHeader } from './report.ts'
import { analyzeStaging, clearStaging, stage } from './staging.ts'
import type { ImportMessage, ImportWorkerData, Totals } from './worker.ts'

export interface ImportRequest {
  files: SourceFile[]
  departement: string | null
  requestedBy: string
  dryRun?: boolean
  job?: string
  /** What to start again from when a stop cuts the import off. */
  order?: Record<string, unknown>
}

export interface ImportProgress {
  ratio: number | null
  text: string
}

export interface ImportResult extends Totals, MergeResult {
  id: string
  formats: { file: string; label: string; notes: string[] }[]
  reportKey: string | null
}

/**
 * Imports register files: read and checked in a worker thread, staged, then merged in one transaction. Killed at any
 * moment, the register is as before or as after.
 * @throws {UserError} when a file is not of a known format, lacks a column, or another import runs
 */
export async function runImport(
  app: App,
  request: ImportRequest,
  onProgress: (progress: ImportProgress) => void = () => {},
): Promise<ImportResult> {
  const id = randomUUID()
  await begin(app.db, id, request)
  const folder = await mkdtemp(join(tmpdir(), 'artisanumerique-import-'))
  const reportPath = join(folder, 'report.csv')
  try {
    await clearStaging(app.db)
    const { totals, formats, reported } = await readAll(app, id, request, reportPath, onProgress)
    onProgress({ ratio: 1, text: `${totals.accepted} lignes acceptées ; mise à jour du registre…` })
    const reportKey = reported > 0 ? `imports/${id}/report.csv` : null
    if (reportKey) await app.storage.put(reportKey, createReadStream(reportPath))
    const merged = await finish(app, id, request, { totals, formats, reportKey })
    return { id, ...totals, ...merged, formats, reportKey }
  } catch (error) {
    const shown = error instanceof UserError ? error.message : 'Erreur inattendue'
    await sql`update registry.import set status = 'failed', error = ${shown}, finished_at = now() where id = ${id}`.execute(
      app.db.kysely,
    )
    throw error
  } finally {
    await clearStaging(app.db).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
}

async function begin(db: Database, id: string, request: ImportRequest) {
  const dead = sql`alive_at < now() - interval '5 minutes'`
  await sql`update registry.import set status = 'interrupted', finished_at = now() where status = 'running' and ${dead}`.execute(
    db.kysely,
  )
  try {
    await sql`insert into registry.import (id, status, requested_by, departement, files, job, request)
      values (${id}, 'running', ${request.requestedBy}, ${request.departement}, ${JSON.stringify(request.files.map((file) => file.name))}::jsonb, ${request.job ?? null},
      ${request.order ? JSON.stringify(request.order) : null}::jsonb)`.execute(db.kysely)
  } catch (error) {
    if ((error as { code?: string }).code === '23505') throw importRunning()
    throw error
  }
}

async function readAll(
  app: App,
  id: string,
  request: ImportRequest,
  reportPath: string,
  onProgress: (progress: ImportProgress) => void,
) {
  const communes = await readCommuneCodes(app.db.kysely)
  const names = await sql<{
    code: string
    name: string
  }>`select code, name from territory.public_territory where kind = 'commune'`.execute(app.db.kysely)
  const workerData: ImportWorkerData = {
    files: request.files,
    departement: request.departement,
    metiers: await readMetiers(app.db.kysely),
    places: { communes, names: new Map(names.rows.map((row) => [row.code, row.name])) },
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: 400 },
  })
  const report = createWriteStream(reportPath, { mode: 0o600 })
  report.write(reportHeader)
  let reported = 0
  let told = 0
  const formats: ImportResult['formats'] = []
  const finished = Promise.withResolvers<Totals>()
  const failure = once(worker, 'exit').then(() => finished.reject(new Error('The reader of files stopped')))
  failure.catch(() => undefined)
  worker.on('error', finished.reject)

  const receive = async (message: ImportMessage) => {
    if (message.kind === 'recognised') formats.push({ file: message.file, label: message.label, notes: message.notes })
    else if (message.kind === 'failed')
      finished.reject(
        message.code === 'unexpected' ? new Error(message.message) : new UserError(message.code, 400, message.message),
      )
    else if (message.kind === 'done') finished.resolve(message.totals)
    else {
      for (const issue of message.issues) report.write(reportLine(issue))
      reported += message.issues.length
      await stage(app.db, message.chunk)
      if (Date.now() - told > 500) {
        told = Date.now()
        onProgress({ ratio: message.ratio, text: `${Math.round(message.ratio * 100)} % lus` })
        await sql`update registry.import set alive_at = now() where id = ${id}`.execute(app.db.kysely)
      }
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      worker.postMessage('taken')
    }
  }
  worker.on('message', (message: ImportMessage) => void receive(message).catch(finished.reject))
  try {
    const totals = await finished.promise
    return { totals, formats, reported }
  } finally {
    await worker.terminate()
    report.end()
    await once(report, 'close')
  }
}

async function finish(
  app: App,
  id: string,
  request: ImportRequest,
  read: { totals: Totals; formats: ImportResult['formats']; reportKey: string | null },
): Promise<MergeResult> {
  const { totals, formats, reportKey } = read
  await analyzeStaging(app.db)
  const merged = await transaction(app.db, async (trx) => {
    if (!request.dryRun) await removeDemonstration(app, trx)
    const result = request.dryRun ? { inserted: 0, updated: 0, unchanged: 0 } : await mergeStaged(trx, id)
    await sql`update registry.import set status = 'done', finished_at = now(), formats = ${JSON.stringify(formats)}::jsonb,
      rows = ${totals.rows}, accepted = ${totals.accepted}, refused = ${totals.refused}, out_of_scope = ${totals.outOfScope},
      warnings = ${totals.warnings}, inserted = ${result.inserted}, updated = ${result.updated}, unchanged = ${result.unchanged},
      report_key = ${reportKey} where id = ${id}`.execute(trx)
    await emit(trx, 'registry.imported', { import: id })
    return result
  })
  if (merged.inserted + merged.updated > 0) {
    await app.db.outsideTransaction('vacuum analyze registry.establishment')
    await app.db.outsideTransaction('analyze registry.establishment_history')
  }
  return merged
}
