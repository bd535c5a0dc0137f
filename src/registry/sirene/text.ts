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

/** What the lines of a text turn out to be. */
class Lines {
  /** Number of the next line, from 1. */
  #next = 1
  #hasUtf8 = false
  #mended: number[] = []

  /** Lines that are not UTF-8 are Windows-1252, each for itself: files are often patched by hand from several sources. */
  decode(bytes: Buffer): string {
    if (isAscii(bytes)) {
      this.#next += countLines(bytes)
      return bytes.toString('latin1')
    }
    if (isUtf8(bytes)) {
      this.#next += countLines(bytes)
      this.#hasUtf8 = true
      return bytes.toString('utf8')
    }
    const end = lineEnd(bytes)
    let text = ''
    for (let from = 0; from < bytes.length; this.#next++) {
      const found = bytes.indexOf(end, from)
      const to = found === -1 ? bytes.length : found + 1
      text += this.#decodeLine(bytes.subarray(from, to))
      from = to
    }
    return text
  }

  #decodeLine(line: Buffer): string {
    if (!isUtf8(line)) {
      this.#mended.push(this.#next)
      return windows1252.decode(line)
    }
    if (!isAscii(line)) this.#hasUtf8 = true
    return line.toString('utf8')
  }

  /** Numbers of the lines in Windows-1252 of a text in UTF-8, once each; a text all in Windows-1252 has nothing amiss. */
  takeMended(): number[] {
    if (!this.#hasUtf8) return []
    const taken = this.#mended
    this.#mended = []
    return taken
  }
}

const lineEnd = (bytes: Buffer) => (bytes.includes(lineFeed) ? lineFeed : carriageReturn)

function countLines(bytes: Buffer): number {
  const end = lineEnd(bytes)
  let count = 0
  for (let at = bytes.indexOf(end); at !== -1; at = bytes.indexOf(end, at + 1)) count++
  return count
}

/** A whole text in UTF-8, UTF-16 or Windows-1252. */
export function decodeText(bytes: Buffer): string {
  const { name, bom } = detectEncoding(bytes)
  const body = bytes.subarray(bom)
  return name === 'bytes' ? new Lines().decode(body) : new TextDecoder(name).decode(body)
}

interface Decoder {
  push(chunk: Buffer): string
  end(): string
  /** Lines found in another encoding since the last call. */
  takeMended(): number[]
}

/** Keeps the bytes after the last line end for the next chunk, so that no character nor line is cut. */
class LineDecoder implements Decoder {
  #kept: Buffer = Buffer.alloc(0)
  readonly #lines = new Lines()

  push(chunk: Buffer): string {
    const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk])
    const cut = bytes.lastIndexOf(lineFeed) + 1 || bytes.lastIndexOf(carriageReturn) + 1
    this.#kept = bytes.subarray(cut)
    if (this.#kept.length > longestLine) throw new LineTooLong()
    return this.#lines.decode(bytes.subarray(0, cut))
  }

  end(): string {
    return this.#lines.decode(this.#kept)
  }

  takeMended(): number[] {
    return this.#lines.takeMended()
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

  takeMended(): number[] {
    return []
  }
}

interface Block {
  text: string
  /** Bytes behind it. */
  bytes: number
  /** Numbers of the lines that were not in the text's own encoding. */
  mended: number[]
}

/**
 * The text of a stream of bytes, block by block.
 * @throws {LineTooLong} when a line passes `longestLine`
 */
export async function* decodeStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
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
    yield { text: decoder.push(body), bytes: chunk.length, mended: decoder.takeMended() }
  }
  yield { text: decoder ? decoder.end() : decodeText(head), bytes: 0, mended: decoder?.takeMended() ?? [] }
}
