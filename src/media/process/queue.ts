import { sql, type App, type EventHandler } from '#platform'
import { findFile } from '../records.ts'

/** Two queues: a picture does not wait behind an hour of film. */
export const quickJob = 'media.quick'
export const longJob = 'media.long'

export const queueOf = (kind: string | null): string => (kind === 'film' || kind === 'sound' ? longJob : quickJob)

/** Queues the preparation of a deposit. Queued twice, it is done once. */
export async function sendToProcess(app: App, id: string): Promise<void> {
  const file = await findFile(app.db.kysely, id)
  if (!file) return
  const job = await app.jobs.send(queueOf(file.kind), { id })
  await sql`update media.file set job = ${job} where id = ${id}`.execute(app.db.kysely)
}

/** Event of a deposit that has something to prepare: after its transaction, whatever stops the program. */
export const toPrepare = 'media.to-prepare'

export const prepareHandler: EventHandler = {
  kind: toPrepare,
  name: 'media.prepare',
  handle: (app, { payload }) => sendToProcess(app, String(payload.id)),
}
