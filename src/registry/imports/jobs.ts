import { readFile } from 'node:fs/promises'
import { sql, UserError, type App, type JobDefinition } from '#platform'
import { importTerritory } from '#territory'
import { findImportOfJob } from './queries.ts'
import { endInterrupted } from './record.ts'
import { runImport } from './run.ts'
import type { ImportProgress } from './read.ts'

/** What an administrator asked for in the page; keys are those of the storage. */
export interface ImportOrder {
  departement: string | null
  contours: { key: string; name: string } | null
  files: { key: string; name: string }[]
  [name: string]: unknown
}

/** Opens the territory, then imports the register; the files are removed once both are done, or cannot be. */
export const importJob: JobDefinition = {
  name: 'registry.import',
  // For those that a stop cut off, which start again from their files.
  retryLimit: 2,
  async work({ app, id, progress }, data) {
    const order = data as ImportOrder
    const former = await findImportOfJob(app.db, id)
    if (former?.status !== 'done') {
      try {
        if (former?.status === 'failed') throw new UserError('registry.import_failed', 400, former.error ?? '')
        await carryOut(app, id, order, progress)
      } catch (error) {
        if ((await findImportOfJob(app.db, id))?.status === 'failed') await removeUploads(app, order)
        throw error
      }
    }
    await removeUploads(app, order)
  },
}

/** The contours are checked first and the files read before anything changes: a wrong choice opens no territory. */
async function carryOut(app: App, job: string, order: ImportOrder, progress: (one: ImportProgress) => Promise<void>) {
  const { departement } = order
  if (departement && order.contours) await progress({ ratio: null, text: 'Lecture des contours…' })
  const contours = await readContours(app, order)
  const open = async (dryRun: boolean) => {
    if (departement) await importTerritory(app, 'operator', { departement, contours, dryRun })
  }
  await open(true)
  await withLocalFiles(app, order.files, (files) =>
    runImport(app, { files, departement, requestedBy: 'page', job, beforeMerge: () => open(false) }, progress),
  )
}

interface LocalFile {
  name: string
  path: string
}

/** Opens the stored files one in the other, so that all are there while `work` reads them. */
async function withLocalFiles(
  app: App,
  [first, ...others]: ImportOrder['files'],
  work: (files: LocalFile[]) => Promise<unknown>,
  opened: LocalFile[] = [],
): Promise<void> {
  if (!first) return void (await work(opened))
  await app.storage.withLocalFile(first.key, (path) =>
    withLocalFiles(app, others, work, [...opened, { name: first.name, path }]),
  )
}

async function readContours(app: App, { contours }: ImportOrder) {
  if (!contours) return null
  const text = await app.storage.withLocalFile(contours.key, (path) => readFile(path, 'utf8'))
  return { text, file: contours.name, source: contours.name }
}

async function removeUploads(app: App, order: ImportOrder) {
  for (const { key } of [...order.files, ...(order.contours ? [order.contours] : [])]) await app.storage.remove(key)
}

const reportDays = 30
const uploadDays = 2

/** Reports hold lines of private files: they are kept thirty days. What was sent and never imported goes sooner. */
export const purgeReportsJob: JobDefinition = {
  name: 'registry.purge-reports',
  retryLimit: 3,
  schedule: '17 3 * * *',
  async work({ app }) {
    const old = await sql<{ id: string; key: string }>`select id, report_key as key from registry.import
      where report_key is not null and finished_at < now() - make_interval(days => ${reportDays}::int)`.execute(
      app.db.kysely,
    )
    for (const { id, key } of old.rows) {
      await app.storage.remove(key)
      await sql`update registry.import set report_key = null where id = ${id}`.execute(app.db.kysely)
    }
    // Reports of trials and of imports that a stop cut off have no record.
    await removeOlder(app, 'imports/', reportDays)
    await removeOlder(app, 'uploads/', uploadDays)
  },
}

async function removeOlder(app: App, prefix: string, days: number) {
  const limit = Date.now() - days * 24 * 3600 * 1000
  for await (const { key, modifiedAt } of app.storage.list(prefix))
    if (modifiedAt.getTime() < limit) await app.storage.remove(key)
}

/** Ends the records of the imports that a stop cut off; the queue starts those of the page again. */
export const resumeInterrupted = (app: App): Promise<void> => endInterrupted(app)
