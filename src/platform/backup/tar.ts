// POSIX tar (pax): https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
const block = 512
const largestOctal = 8 ** 11 - 1

/** What was read is no archive, or not a whole one. */
export class ArchiveError extends Error {}

export interface TarEntry {
  path: string
  bytes: number
  /** To be read to its end, or left untouched, before the next entry. */
  content: AsyncIterable<Uint8Array>
}

function header(path: string, bytes: number, type: '0' | 'x'): Buffer {
  const out = Buffer.alloc(block)
  const octal = (value: number, at: number, length: number) =>
    out.write(value.toString(8).padStart(length - 1, '0') + '\0', at, 'latin1')
  out.write(path, 0, 100, 'utf8')
  octal(0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(bytes, 124, 12)
  octal(0, 136, 12)
  out.write('        ', 148, 'latin1')
  out.write(type, 156, 'latin1')
  out.write('ustar\u000000', 257, 'latin1')
  octal(checksum(out), 148, 7)
  return out
}

// The sum of the bytes of a header in which the sum itself is spaces.
function checksum(head: Buffer): number {
  let sum = 0
  for (let i = 0; i < block; i++) sum += i >= 148 && i < 156 ? 32 : head[i]!
  return sum
}

/** One extended record, « length key=value », whose length counts itself. */
function record(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`)
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  return Buffer.concat([Buffer.from(String(length)), rest])
}

/** Zeros that follow `bytes` of content, up to a whole block. */
export const padding = (bytes: number): Buffer => Buffer.alloc((block - (bytes % block)) % block)

/** The two empty blocks that close an archive. */
export const endOfArchive: Buffer = Buffer.alloc(2 * block)

/** What precedes the content of an entry; long paths and files over 8 GiB take an extended header. */
export function entryHeader(path: string, bytes: number): Buffer {
  const long = Buffer.byteLength(path) > 100
  const large = bytes > largestOctal
  const plain = header(long ? `long/${path.slice(-40)}` : path, large ? 0 : bytes, '0')
  if (!long && !large) return plain
  const records = Buffer.concat([
    ...(long ? [record('path', path)] : []),
    ...(large ? [record('size', String(bytes))] : []),
  ])
  return Buffer.concat([header('pax', records.length, 'x'), records, padding(records.length), plain])
}

/** Reads bytes by given lengths from chunks of any length. */
class Source {
  #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async *read(bytes: number): AsyncIterable<Uint8Array> {
    let left = bytes
    while (left > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next()
        if (next.done) throw new ArchiveError('The archive ends too early')
        this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength)
        continue
      }
      const part = this.#rest.subarray(0, left)
      this.#rest = this.#rest.subarray(part.length)
      left -= part.length
      yield part
    }
  }

  async whole(bytes: number): Promise<Buffer> {
    return collect(this.read(bytes))
  }

  async skip(bytes: number): Promise<void> {
    const chunks = this.read(bytes)[Symbol.asyncIterator]()
    while (!(await chunks.next()).done);
  }

  /** Reads what is left, so that a checksum after the archive is verified. */
  async drain(): Promise<void> {
    while (!(await this.#chunks.next()).done);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return Buffer.concat(parts)
}

const text = (head: Buffer, at: number, length: number) => head.toString('utf8', at, at + length).replace(/\0.*$/s, '')

function readRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(32, at)
    const length = Number(content.toString('latin1', at, space))
    if (space < 0 || !(length > 0)) throw new ArchiveError('Not a tar archive')
    const [key = '', ...value] = content.toString('utf8', space + 1, at + length - 1).split('=')
    records.set(key, value.join('='))
    at += length
  }
  return records
}

/**
 * The files of a tar archive, in their order.
 * @throws {ArchiveError} when it is no tar archive, or a cut one
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncIterable<TarEntry> {
  const source = new Source(chunks)
  let extended = new Map<string, string>()
  try {
    for (;;) {
      const head = await source.whole(block)
      if (head.every((byte) => byte === 0)) return await source.drain()
      if (parseInt(text(head, 148, 8), 8) !== checksum(head)) throw new ArchiveError('Not a tar archive')
      const bytes = Number(extended.get('size') ?? parseInt(text(head, 124, 12), 8))
      const type = String.fromCharCode(head[156]!)
      if (type === 'x') extended = readRecords(await source.whole(bytes))
      else {
        const prefix = text(head, 345, 155)
        const path = extended.get('path') ?? (prefix ? `${prefix}/` : '') + text(head, 0, 100)
        extended = new Map()
        if (type === '0' || type === '\0') yield* entry(source, path, bytes)
        else await source.skip(bytes)
      }
      await source.skip(padding(bytes).length)
    }
  } finally {
    await source.close()
  }
}

async function* entry(source: Source, path: string, bytes: number): AsyncIterable<TarEntry> {
  let left = bytes
  async function* content() {
    for await (const chunk of source.read(bytes)) {
      left -= chunk.length
      yield chunk
    }
  }
  yield { path, bytes, content: content() }
  await source.skip(left)
}
