import { sql, type App, type JobDefinition } from '#platform'
import { refuse, resumeIntake } from './deposit/intake.ts'
import { removeUpload } from './deposit/uploads.ts'
import { refusalOf } from './errors.ts'
import { folderKey } from './keys.ts'
import { refusalDays, uploadDays } from './model.ts'
import { processFile } from './process/process.ts'
import { longJob, quickJob, sendToProcess } from './process/queue.ts'
import { removeDeadFolders } from './process/work-folder.ts'
import { listInStates } from './records.ts'

const work: JobDefinition['work'] = async ({ app, progress }, data) => {
  const id = String(data.id)
  try {
    await processFile(app, id, (share) => progress({ ratio: share, text: `${Math.round(share * 100)} %` }))
  } catch (error) {
    const code = refusalOf(error)
    if (!code) throw error
    await refuse(app, id, code)
  }
}

/** Prepares pictures, models and documents; films and sounds have a queue of their own. */
export const quick: JobDefinition = { name: quickJob, retryLimit: 3, work }
export const long: JobDefinition = { name: longJob, retryLimit: 3, work }

async function removeOldUploads(app: App) {
  const old = await sql<{ id: string }>`delete from media.file
    where (state = 'uploading' and created_at < now() - make_interval(days => ${uploadDays}::int))
      or (state = 'refused' and created_at < now() - make_interval(days => ${refusalDays}::int))
    returning id::text as id`.execute(app.db.kysely)
  for (const { id } of old.rows) await removeUpload(app, id)
}

/** What a stop left between the storage and the database. */
async function removeStray(app: App) {
  const yesterday = Date.now() - 24 * 3600 * 1000
  const stray = new Set<string>()
  for await (const { key, modifiedAt } of app.storage.list('media/')) {
    const folder = key.split('/')[2]!
    if (modifiedAt.getTime() < yesterday) stray.add(folder)
  }
  const known = await sql<{ folder: string }>`select folder from unnest(${[...stray]}::text[]) as folder
    where exists (select 1 from media.file f where f.blob = folder)
      or exists (select 1 from media.file f where f.rendition = folder)`.execute(app.db.kysely)
  for (const { folder } of known.rows) stray.delete(folder)
  for (const folder of stray) await app.storage.remove(folderKey(folder))
}

/** Every night: unfinished uploads of more than seven days go, with the notes of refusals and what a stop left. */
export const tidyJob: JobDefinition = {
  name: 'media.tidy',
  retryLimit: 3,
  schedule: '41 3 * * *',
  async work({ app }) {
    await removeOldUploads(app)
    await removeStray(app)
    for (const { id } of await listInStates(app.db.kysely, ['waiting'])) await sendToProcess(app, id)
  },
}

/** At a start: what a stop cut off goes on; films that waited for ffmpeg are tried again. */
export async function resumeMedia(app: App): Promise<void> {
  await removeDeadFolders(app)
  await resumeIntake(app)
  for (const { id } of await listInStates(app.db.kysely, ['queued', 'waiting'])) await sendToProcess(app, id)
}
