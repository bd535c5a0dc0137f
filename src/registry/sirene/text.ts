import { isAscii, isUtf8 } from 'node:buffer'

/** Longest line that a text may have, in bytes. */
export const longestLine = 4 * 2 ** 20

const lineFeed = 0x0a
const carriageReturn = 0x0d
const windows1252 = new TextDecoder('windows-1252')

export class LineTooLong extends Error {}

interface Encoding {
  name: 'bytes' | 'utf-16le' | 'utf-16be'
  bom: number
}

/** The encoding that the first bytes of a text tell: UTF-16 by its mark or its zeros, else bytes judged line by line. */
export function detectEncoding(head: Buffer): Encoding {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { name: 'bytes', bom: 3 }
  if (a === 0xff && b === 0xfe) return { name: 'utf-16le', bom: 2 }
  if (a === 0xfe && b === 0xff) return { name: 'utf-16be', bom: 2 }
  if (head.length >= 2 && a !== 0 && b === 0) return { name: 'utf-16le', bom: 0 }
  if (head.length >= 2 && a === 0 && b !== 0) return { name: 'utf-16be', bom: 0 }
  return { name: 'bytes', bom: 0 }
}

/** Lines that are not UTF-8 are Windows-1252, each for itself: files are often patched by hand from several sources. */
function decodeLines(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1')
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const end = bytes.includes(lineFeed) ? lineFeed : carriageReturn
  let text = ''
  for (let from = 0; from < bytes.length;) {
    const found = bytes.indexOf(end, from)
    const to = found === -1 ? bytes.length : found + 1
    const line = bytes.subarray(from, to)
    text += isUtf8(line) ? line.toString('utf8') : windows1252.decode(line)
    from = to
  }
  return text
}

/** A whole text in UTF-8, UTF-16 or Windows-1252. */
export function decodeText(bytes: Buffer): string {
  const { name, bom } = detectEncoding(bytes)
  const body = bytes.subarray(bom)
  return name === 'bytes' ? decodeLines(body) : new TextDecoder(name).decode(body)
}

interface Decoder {
  push(chunk: Buffer): string
  end(): string
}

/** Keeps the bytes after the last line end for the next chunk, so that no character nor line is cut. */
class LineDecoder implements Decoder {
  #kept: Buffer = Buffer.alloc(0)

  push(chunk: Buffer): string {
    const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk])
    const cut = bytes.lastIndexOf(lineFeed) + 1 || bytes.lastIndexOf(carriageReturn) + 1
    this.#kept = bytes.subarray(cut)
    if (this.#kept.length > longestLine) throw new LineTooLong()
    return decodeLines(bytes.subarray(0, cut))
  }

  end(): string {
    return decodeLines(this.#kept)
  }
}

class Utf16Decoder implements Decoder {
  readonly #decoder: TextDecoder

  constructor(name: string) {
    this.#decoder = new TextDecoder(name)
  }

  push(chunk: Buffer): string {
    return this.#decoder.decode(chunk, { stream: true })
  }

  end(): string {
    return this.#decoder.decode()
  }
}

/**
 * The text of a stream of bytes, block by block, with the number of bytes behind each block.
 * @throws {LineTooLong} when a line passes `longestLine`
 */
export async function* decodeStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ text: string; bytes: number }> {
  let decoder: Decoder | null = null
  let head: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    let body = chunk
    if (!decoder) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
      if (head.length < 4) continue
      const { name, bom } = detectEncoding(head)
      decoder = name === 'bytes' ? new LineDecoder() : new Utf16Decoder(name)
      body = head.subarray(bom)
    }
    yield { text: decoder.push(body), bytes: chunk.length }
  }
  yield { text: decoder ? decoder.end() : decodeText(head), bytes: 0 }
}
