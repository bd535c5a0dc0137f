import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { audit, requireRight, type Grant } from '#accounts'
import { notFound, transaction, UserError, type App } from '#platform'
import { derivedKey, masterKey } from './keys.ts'
import { findMedia, servedOf, wholeName } from './queries.ts'
import { getBlob, getFile, listDerived, protect, type FileRecord } from './records.ts'
import { readWithTail, xmpBox, type Range } from './xmp/mp4.ts'
import { xmpPacket } from './xmp/packet.ts'

/** Nothing that a file holds may run, fetch or be framed. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

interface Served {
  key: string
  type: string
  /** Of the stored file. */
  bytes: number
  /** What follows it: the rights, in films and sounds. */
  tail: Buffer
  /** Shown in the page, or only kept: what was not made again here is not shown. */
  inline: boolean
}

/** The file of a deposit that a name means, or null. */
async function findServed(app: App, file: FileRecord, name: string): Promise<Served | null> {
  if (file.state !== 'ready' || !file.kind || !file.blob) return null
  const nothing = Buffer.alloc(0)
  const whole = wholeName[file.kind]
  if (whole) {
    if (whole.name !== name) return null
    const { bytes } = await getBlob(app.db.kysely, file.blob)
    return { key: masterKey(file.blob), type: whole.type, bytes, tail: nothing, inline: false }
  }
  const all = await listDerived(app.db.kysely, [file.blob, file.rendition])
  const found = servedOf(file.kind, all, file).find((one) => one.name === name)
  if (!found) return null
  const packet = /^(video|audio)\/mp4$/.test(found.type) ? xmpPacket(file) : null
  return {
    key: derivedKey(found.folder, name),
    type: found.type,
    bytes: found.bytes,
    tail: packet ? xmpBox(packet) : nothing,
    inline: true,
  }
}

/**
 * The bytes that a header `Range` asks of a file of so many (RFC 9110 § 14): all when it is absent, of another unit or
 * several; null when none of them exists.
 */
export function parseRange(header: string | undefined, bytes: number): { range: Range; partial: boolean } | null {
  const all = { range: { start: 0, end: bytes - 1 }, partial: false }
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return all
  const [first, last] = [match[1]!, match[2]!]
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return all
  if (start >= bytes || (first === '' && Number(last) === 0)) return null
  return { range: { start, end }, partial: true }
}

/** Readers of what is not public, each with the moment of the trace: a film comes in hundreds of parts. */
const readings = (app: App) => app.once('media.readings', () => new Map<string, number>())
const readingLasts = 600_000

/** Keeps a trace of who begins to read a file; who goes on with another part of it left one. */
async function traceReading(app: App, { user, headers }: FastifyRequest, file: FileRecord, grant: Grant) {
  const known = readings(app)
  const now = Date.now()
  for (const [key, at] of known) if (at <= now - readingLasts) known.delete(key)
  const key = `${user?.id} ${file.id}`
  if (headers.range && known.has(key)) return
  const { subject } = file
  await transaction(app.db, (trx) =>
    audit(trx, { actor: user, grant, action: 'read', subject, item: `media.${file.id}` }),
  )
  known.set(key, now)
}

/** Lets a reading pass; what is not public leaves a trace, once in ten minutes for a file that comes in parts. */
async function requireReading(app: App, request: FastifyRequest, file: FileRecord): Promise<boolean> {
  if (await findMedia(app.db, file.id)) return true
  const grant = await requireRight(app.db, request.user, 'read', await protect(app.db, file))
  await traceReading(app, request, file, grant)
  return false
}

const etagOf = ({ key, tail }: Served) =>
  `"${createHash('sha256').update(key).update(tail).digest('base64url').slice(0, 22)}"`

/** Serves a derived file, whole or in part. Unchanged, it is asked again each time: a withdrawal is seen at once. */
export async function serveFile(app: App, request: FastifyRequest, reply: FastifyReply, id: string, name: string) {
  const file = await getFile(app.db.kysely, id)
  const isPublic = await requireReading(app, request, file)
  const served = await findServed(app, file, name)
  if (!served) throw notFound('Ce fichier')
  const etag = etagOf(served)
  const total = served.bytes + served.tail.length
  reply.headers({
    etag,
    'cache-control': isPublic ? 'public, no-cache' : 'private, no-cache',
    'content-security-policy': policy,
    'content-disposition': `${served.inline ? 'inline' : 'attachment'}; filename="${id.slice(-12)}-${name}"`,
    'accept-ranges': 'bytes',
    'cross-origin-resource-policy': isPublic ? 'cross-origin' : 'same-origin',
    vary: 'cookie',
  })
  if (request.headers['if-none-match']?.includes(etag)) return reply.status(304).send()
  const condition = request.headers['if-range']
  const asked = parseRange(condition === undefined || condition === etag ? request.headers.range : undefined, total)
  if (!asked) {
    reply.header('content-range', `bytes */${total}`)
    throw new UserError('range', 416, 'Cette partie du fichier n’existe pas.')
  }
  const { range, partial } = asked
  reply.type(served.type).header('content-length', range.end - range.start + 1)
  if (partial) reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${total}`)
  if (request.method === 'HEAD') return reply.send('')
  const content = await readWithTail((part) => app.storage.read(served.key, part), served.bytes, served.tail, range)
  if (!content) throw notFound('Ce fichier')
  return reply.send(content)
}
