import { emit, sql, transaction, type App } from '#platform'
import { refusalOf, refused } from '../errors.ts'
import { isInstalled } from '../ffmpeg/run.ts'
import { masterKey, renditionOf, sameZones } from '../keys.ts'
import { getBlob, findFile, type BlobRecord, type FileRecord } from '../records.ts'
import { xmpPacket } from '../xmp/packet.ts'
import { encodeBlob } from './encode.ts'
import { frameKey, keepDerived, renderPictures, type Rendered } from './pictures.ts'
import { removeUnused } from './unused.ts'
import { withWorkFolder } from './work-folder.ts'

type OnShare = (share: number) => Promise<void>

const needsFfmpeg = ({ kind, isEncoded }: BlobRecord) => (kind === 'film' || kind === 'sound') && !isEncoded

/** Makes, once for all deposits of the same bytes, what does not depend on rights. */
async function prepareBlob(app: App, blob: BlobRecord, onShare: OnShare): Promise<BlobRecord> {
  if (!needsFfmpeg(blob)) return blob
  let telling = Promise.resolve()
  let told = 0
  const encoded = await withWorkFolder(app, (work) =>
    app.storage.withLocalFile(masterKey(blob.hash), (path) =>
      encodeBlob(app, blob, path, work, (share) => {
        if (Date.now() - told < 2000) return
        told = Date.now()
        telling = telling.then(() => onShare(share))
      }),
    ),
  )
  await telling
  const { kind, facts, derived } = encoded
  await transaction(app.db, async (trx) => {
    await keepDerived(trx, blob.hash, derived)
    await sql`update media.blob set kind = ${kind}, facts = ${JSON.stringify(facts)}::jsonb, encoded_at = now()
      where hash = ${blob.hash}`.execute(trx)
    await sql`update media.file set kind = ${kind} where blob = ${blob.hash}`.execute(trx)
  })
  return { ...blob, kind, facts, isEncoded: true }
}

/** The pictures of a deposit, unless they are there already. */
async function preparePictures(app: App, file: FileRecord, blob: BlobRecord): Promise<Rendered | null> {
  if (blob.kind !== 'picture' && blob.kind !== 'film') return null
  const xmp = xmpPacket(file)
  if (!file.zones && file.rendition === renditionOf(blob.hash, xmp) && file.state === 'ready') return null
  return blob.kind === 'picture'
    ? renderPictures(app, {
        blob: blob.hash,
        key: masterKey(blob.hash),
        prefix: 'picture',
        zones: file.zones,
        xmp,
      }).catch((error: unknown) => {
        // What an iPhone writes has a remedy of its own.
        throw blob.format === 'heic' && refusalOf(error) === 'unreadable' ? refused('heic') : error
      })
    : renderPictures(app, { blob: blob.hash, key: frameKey(blob.hash), prefix: 'poster', zones: null, xmp })
}

/** Shows what was made, unless the deposit changed meanwhile: then its next preparation does. */
async function publish(app: App, file: FileRecord, blob: BlobRecord, made: Rendered | null): Promise<void> {
  const before = [file.blob, file.rendition]
  await transaction(app.db, async (trx) => {
    const now = await findFile(trx, file.id)
    if (!now || now.blob !== file.blob || !sameZones(now.zones, file.zones)) return
    if (made) {
      await keepDerived(trx, made.rendition, made.derived)
      const facts = JSON.stringify(blob.kind === 'picture' ? made.facts : { ...blob.facts, color: made.facts.color })
      await sql`insert into media.blob (hash, kind, format, bytes, facts, encoded_at)
        values (${made.blob}, ${blob.kind}, ${made.format ?? blob.format}, ${made.bytes ?? blob.bytes}, ${facts}::jsonb, now())
        on conflict (hash) do update set facts = excluded.facts, encoded_at = coalesce(media.blob.encoded_at, now())`.execute(
        trx,
      )
    }
    await sql`update media.file set state = 'ready', blob = ${made?.blob ?? blob.hash},
        rendition = ${made?.rendition ?? file.rendition}, zones = null, version = nextval('media.version')
      where id = ${file.id} and state in ('queued', 'waiting', 'ready')`.execute(trx)
    await emit(trx, 'media.changed', { id: file.id })
  })
  await removeUnused(app, [...before, made?.blob ?? null, made?.rendition ?? null])
}

/**
 * Prepares a deposit: its copies, its pictures with their rights. Cut off at any moment, it starts again and ends the same.
 * @throws {UserError} when the file is refused, which the caller notes
 */
export async function processFile(app: App, id: string, onShare: OnShare = async () => {}): Promise<void> {
  const file = await findFile(app.db.kysely, id)
  if (!file?.blob || !['queued', 'waiting', 'ready'].includes(file.state)) return
  const found = await getBlob(app.db.kysely, file.blob)
  if (needsFfmpeg(found) && !(await isInstalled(app.config.ffmpegPath))) {
    await sql`update media.file set state = 'waiting', version = nextval('media.version')
      where id = ${id} and state = 'queued'`.execute(app.db.kysely)
    return
  }
  const blob = await prepareBlob(app, found, onShare)
  await publish(app, file, blob, await preparePictures(app, file, blob))
}
