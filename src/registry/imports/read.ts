import { fork, type ChildProcess } from 'node:child_process'
import { on } from 'node:events'
import { open, type FileHandle } from 'node:fs/promises'
import { sql, UserError, type App } from '#platform'
import { readCommuneCodes } from '#territory'
import { readMetiers } from '../metiers/queries.ts'
import type { SourceFile } from '../sirene/model.ts'
import { reportHeader } from './report.ts'
import type { StagedChunk } from './staging.ts'
import type { ImportMessage, ImportWorkerData, Totals } from './worker.ts'

export interface ImportProgress {
  /** 0 to 1, or null while unknown. */
  ratio: number | null
  text: string
}

export interface ReadRequest {
  files: SourceFile[]
  departement: string | null
}

/** What files hold. */
export interface ReadFiles {
  totals: Totals
  formats: { file: string; label: string; notes: string[] }[]
  /** Lines of the report under its header. */
  reported: number
}

export interface ReadResult extends ReadFiles {
  /** Where the report is kept, or null when there was nothing to report. */
  reportKey: string | null
}

/** Where the rows read go. */
export interface Sink {
  /** Path of the report to write. */
  report: string
  stage(chunk: StagedChunk): Promise<void>
  onProgress(progress: ImportProgress): void | Promise<void>
}

const progressEvery = 500

async function prepare(app: App, { files, departement }: ReadRequest): Promise<ImportWorkerData> {
  const communes = await readCommuneCodes(app.db.kysely)
  // One text rather than 35,000 rows, which take 20 MB on their way.
  const found = await sql<{ names: string | null }>`
    select json_object_agg(code, name)::text as names from territory.public_territory where kind = 'commune'`.execute(
    app.db.kysely,
  )
  const names = new Map(Object.entries(JSON.parse(found.rows[0]!.names ?? '{}') as Record<string, string>))
  return { files, departement, metiers: await readMetiers(app.db.kysely), places: { communes, names } }
}

/**
 * Reads and checks register files in a process of its own, so that pages are answered meanwhile and that its memory goes
 * back with it; one chunk is read while the one before it is staged, no more.
 * @throws {UserError} when a file is not of a known format or lacks a column
 */
export async function readFiles(app: App, request: ReadRequest, sink: Sink): Promise<ReadFiles> {
  const data = await prepare(app, request)
  const report = await open(sink.report, 'wx', 0o600)
  const reader = fork(new URL('./worker.ts', import.meta.url), {
    serialization: 'advanced',
    // A small young generation: the objects of a chunk die with it, and would else take 100 MB before anyone looked.
    execArgv: ['--max-semi-space-size=2', '--max-old-space-size=2000'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  try {
    await report.write(reportHeader)
    return await receive(reader, data, report, sink)
  } finally {
    reader.kill('SIGKILL')
    await report.close()
  }
}

async function receive(
  reader: ChildProcess,
  data: ImportWorkerData,
  report: FileHandle,
  { stage, onProgress }: Sink,
): Promise<ReadFiles> {
  const formats: ReadFiles['formats'] = []
  let reported = 0
  let told = 0
  const messages = on(reader, 'message', { close: ['disconnect'] }) as AsyncIterable<[ImportMessage]>
  reader.send(data)
  for await (const [message] of messages) {
    if (message.kind === 'recognised') formats.push({ file: message.file, label: message.label, notes: message.notes })
    else if (message.kind === 'done') return { totals: message.totals, formats, reported }
    else if (message.kind === 'failed') throw failureOf(message)
    else {
      reader.send('taken')
      await report.write(message.report)
      reported += message.issues
      await stage(message.chunk)
      if (Date.now() - told < progressEvery) continue
      told = Date.now()
      await onProgress({ ratio: message.ratio, text: `Lecture : ${Math.round(message.ratio * 100)} %` })
    }
  }
  throw new Error('The reader of files stopped')
}

const failureOf = ({ code, message }: { code: string; message: string }) =>
  code === 'unexpected' ? new Error(message) : new UserError(code, 400, message)
