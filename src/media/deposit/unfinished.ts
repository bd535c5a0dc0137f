import { sql, type App } from '#platform'
import { removeUpload } from './uploads.ts'

/** Forgets an upload that its sender gave up. */
export async function removeUnfinished(app: App, id: string): Promise<void> {
  await sql`delete from media.file where id = ${id} and state = 'uploading'`.execute(app.db.kysely)
  await removeUpload(app, id)
}
