import { Readable } from 'node:stream'

/** Type of the box that holds an XMP packet in MP4 and QuickTime files (Adobe, XMP Specification Part 3, § 2.5). */
const xmpUuid = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex')

/** A whole `uuid` box with an XMP packet, to follow the last box of a file. */
export function xmpBox(packet: string): Buffer {
  const content = Buffer.from(packet, 'utf8')
  const header = Buffer.alloc(8)
  header.writeUInt32BE(8 + xmpUuid.length + content.length, 0)
  header.write('uuid', 4, 'latin1')
  return Buffer.concat([header, xmpUuid, content])
}

/** The XMP packet of an MP4 file, or null; walks its top-level boxes (ISO 14496-12 § 4.2). */
export function readXmpBox(file: Uint8Array): string | null {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let at = 0; at + 8 <= file.length;) {
    const short = view.getUint32(at)
    const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short === 0 ? file.length - at : short
    if (size < 8 || at + size > file.length) return null
    const type = Buffer.from(file.subarray(at + 4, at + 8)).toString('latin1')
    if (type === 'uuid' && xmpUuid.equals(file.subarray(at + 8, at + 24)))
      return Buffer.from(file.subarray(at + 24, at + size)).toString('utf8')
    at += size
  }
  return null
}

/** Bytes `start` to `end`, both included. */
export interface Range {
  start: number
  end: number
}

/**
 * Some bytes of a stored file of so many bytes followed by a tail, as if they were one file: rights change without a
 * copy of the film.
 * @param read reads a range of the stored file
 */
export async function readWithTail(
  read: (range: Range) => Promise<Readable | null>,
  bytes: number,
  tail: Buffer,
  { start, end }: Range,
): Promise<Readable | null> {
  const after = end >= bytes ? tail.subarray(Math.max(0, start - bytes), end - bytes + 1) : Buffer.alloc(0)
  if (start >= bytes) return Readable.from([after])
  const body = await read({ start, end: Math.min(end, bytes - 1) })
  if (!body || after.length === 0) return body
  return Readable.from(
    (async function* () {
      yield* body as AsyncIterable<Buffer>
      yield after
    })(),
    { objectMode: false },
  )
}
