import { readFile } from 'node:fs/promises'
import { sql, type App, type JobDefinition } from '#platform'
import { importTerritory } from '#territory'
import { runImport } from './run.ts'

/** What an administrator asked for in the page; keys are those of the storage. */
export interface ImportOrder {
  departement: string | null
  contours: { key: string; name: string } | null
  files: { key: string; name: string }[]
  [name: string]: unknown
}

const days = 30

/** Opens the territory, then imports the register; the files are removed once both are done. */
export const importJob: JobDefinition = {
  name: 'registry.import',
  retryLimit: 0,
  async work({ app, id, progress }, data) {
    const order = data as ImportOrder
    if (order.departement && order.contours) {
      await progress({ ratio: null, text: 'Lecture des contours…' })
      const text = await readFile(app.storage.localPath(order.contours.key), 'utf8')
      await importTerritory(app, {
        departement: order.departement,
        contours: { text, file: order.contours.name, source: order.contours.name },
      })
    } else if (order.departement) await importTerritory(app, { departement: order.departement, contours: null })
    if (order.files.length > 0) {
      const files = order.files.map(({ key, name }) => ({ name, path: app.storage.localPath(key) }))
      await runImport(app, { files, departement: order.departement, requestedBy: 'page', job: id, order }, progress)
    }
    await removeUploads(app, order)
  },
}

async function removeUploads(app: App, order: ImportOrder) {
  for (const { key } of [...order.files, ...(order.contours ? [order.contours] : [])]) await app.storage.remove(key)
}

/** Reports hold lines of private files: they are kept thirty days. */
export const purgeReportsJob: JobDefinition = {
  name: 'registry.purge-reports',
  retryLimit: 3,
  schedule: '17 3 * * *',
  async work({ app }) {
    const old = await sql<{ id: string; key: string }>`select id, report_key as key from registry.import
      where report_key is not null and finished_at < now() - make_interval(days => ${days}::int)`.execute(app.db.kysely)
    for (const { id, key } of old.rows) {
      await app.storage.remove(key)
      await sql`update registry.import set report_key = null where id = ${id}`.execute(app.db.kysely)
    }
  },
}

/**
 * Ends the imports that a stop cut off. On the embedded database this process is alone, so that every running import is
 * a dead one; one that a page had ordered starts again from its files.
 */
export async function resumeInterrupted(app: App): Promise<void> {
  const dead = app.db.pglite ? sql`true` : sql`alive_at < now() - interval '5 minutes'`
  const cut = await sql<{ request: ImportOrder | null }>`
    update registry.import set status = 'interrupted', finished_at = now() where status = 'running' and ${dead}
    returning request`.execute(app.db.kysely)
  for (const { request } of cut.rows) if (request) await app.jobs.send(importJob.name, request)
}
