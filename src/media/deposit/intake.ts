import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { emit, sql, transaction, type App } from '#platform'
import { refusalOf, type RefusalCode } from '../errors.ts'
import { masterKey } from '../keys.ts'
import { toPrepare } from '../process/queue.ts'
import { exclusively, removeUnused } from '../process/unused.ts'
import { findFile, listInStates } from '../records.ts'
import { sniff, type Sniffed } from '../sniff/sniff.ts'
import { listUploads, receivedBytes, removeUpload, uploadPath } from './uploads.ts'

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}

/** Keeps the bytes under their digest; those that are there already are not written again. */
async function keepBytes(app: App, hash: string, path: string) {
  const key = masterKey(hash)
  const { size } = await stat(path)
  if ((await app.storage.head(key))?.bytes !== size) await app.storage.put(key, createReadStream(path))
  return size
}

async function accept(app: App, id: string, { kind, format }: Sniffed, path: string) {
  const hash = await hashOf(path)
  await exclusively(app, async () => {
    const bytes = await keepBytes(app, hash, path)
    await transaction(app.db, async (trx) => {
      await sql`insert into media.blob (hash, kind, format, bytes) values (${hash}, ${kind}, ${format}, ${bytes})
        on conflict (hash) do nothing`.execute(trx)
      await sql`update media.file set state = 'queued', bytes = ${bytes}, blob = ${hash},
          kind = (select kind from media.blob where hash = ${hash}), version = nextval('media.version')
        where id = ${id} and state = 'received'`.execute(trx)
      await emit(trx, toPrepare, { id })
    })
  })
  // It may have been erased meanwhile.
  await removeUnused(app, [hash])
}

/** Keeps of a deposit the note that says why it was refused, and nothing else. */
export async function refuse(app: App, id: string, code: RefusalCode): Promise<void> {
  const blob = await transaction(app.db, async (trx) => {
    const found = await sql<{ blob: string | null }>`select blob from media.file where id = ${id} for update`.execute(
      trx,
    )
    await sql`update media.file set state = 'refused', refusal = ${code}, blob = null, rendition = null, zones = null,
      version = nextval('media.version') where id = ${id} and state in ('received', 'queued', 'waiting')`.execute(trx)
    return found.rows[0]?.blob ?? null
  })
  await removeUpload(app, id)
  if (blob) await removeUnused(app, [blob])
}

/** Looks at a file whose bytes all came: it is refused, or kept and queued. Done twice, it changes nothing more. */
async function takeIn(app: App, id: string): Promise<void> {
  const file = await findFile(app.db.kysely, id)
  if (file?.state === 'received') {
    const path = uploadPath(app, id)
    try {
      await accept(app, id, await sniff(path), path)
    } catch (error) {
      const code = refusalOf(error)
      if (!code) throw error
      return refuse(app, id, code)
    }
  }
  await removeUpload(app, id)
}

interface Intake {
  /** What is being looked at, one file after the other. */
  running: Promise<void>
}

const intakeOf = (app: App) => app.once<Intake>('media.intake', () => ({ running: Promise.resolve() }))

/** Looks at a file as soon as those before it are done; a failure leaves it for the next start. */
export function queueIntake(app: App, id: string): void {
  const intake = intakeOf(app)
  intake.running = intake.running
    .then(() => takeIn(app, id))
    .catch((error: unknown) => app.log.error({ err: error, media: id }, 'a deposit could not be taken in'))
}

/** Resolves when every deposit received so far was looked at. */
export const settleIntake = (app: App): Promise<void> => intakeOf(app).running

/** Notes that all bytes of an upload came; what a stop cut off here is found again at the next start. */
export async function finishUpload(app: App, id: string, bytes: number): Promise<void> {
  await sql`update media.file set state = 'received', bytes = ${bytes}, received_at = now(),
    version = nextval('media.version') where id = ${id} and state = 'uploading'`.execute(app.db.kysely)
  queueIntake(app, id)
}

/** At a start: what a stop cut off goes on, and what belongs to no deposit is removed. */
export async function resumeIntake(app: App): Promise<void> {
  for (const { id, bytes } of await listInStates(app.db.kysely, ['uploading']))
    if (bytes > 0 && (await receivedBytes(app, id)) === bytes) await finishUpload(app, id, bytes)
  for (const { id } of await listInStates(app.db.kysely, ['received'])) queueIntake(app, id)
  for (const id of await listUploads(app)) {
    const file = await findFile(app.db.kysely, id)
    if (!file || !['uploading', 'received'].includes(file.state)) await removeUpload(app, id)
  }
}
