import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip, type Gzip } from 'node:zlib'
import { syncFolder } from '../db/durable-fs.ts'
import { isAlive } from '../db/lock.ts'
import { endOfArchive, entryHeader, padding, readTar, type TarEntry } from './tar.ts'

/** Removes what a stop left of an archive of this name: it holds all the data. */
async function removeAbandoned(file: string): Promise<void> {
  const start = `${basename(file)}.part-`
  for (const name of await readdir(dirname(file)).catch(() => [])) {
    if (name.startsWith(start) && !isAlive(Number(name.slice(start.length)))) await rm(join(dirname(file), name))
  }
}

/** A `.tar.gz` that appears whole, under its name, or not at all; only its owner may read it. */
export class ArchiveWriter {
  readonly file: string
  #part: string
  #gzip: Gzip
  #written: Promise<void>

  private constructor(file: string, part: string, handle: FileHandle) {
    this.file = file
    this.#part = part
    // Level 4: the embedded database waits while it is copied.
    this.#gzip = createGzip({ level: 4 })
    this.#written = pipeline(this.#gzip, handle.createWriteStream({ flush: true }))
    this.#written.catch(() => undefined)
  }

  static async create(file: string): Promise<ArchiveWriter> {
    const part = `${file}.part-${process.pid}`
    await removeAbandoned(file)
    return new ArchiveWriter(file, part, await open(part, 'wx', 0o600))
  }

  /** @throws {Error} when the content has not the announced length */
  async add(path: string, bytes: number, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    await this.#write(entryHeader(path, bytes))
    let left = bytes
    for await (const chunk of content) {
      left -= chunk.length
      await this.#write(chunk)
    }
    if (left !== 0) throw new Error(`${path} changed while it was copied`)
    await this.#write(padding(bytes))
  }

  async addJson(path: string, value: unknown): Promise<void> {
    const content = Buffer.from(`${JSON.stringify(value, null, 2)}\n`)
    await this.add(path, content.length, [content])
  }

  async finish(): Promise<void> {
    this.#gzip.end(endOfArchive)
    await this.#written
    await rename(this.#part, this.file)
    syncFolder(dirname(this.file))
  }

  async discard(): Promise<void> {
    this.#gzip.destroy()
    await this.#written.catch(() => undefined)
    await rm(this.#part, { force: true })
  }

  async #write(chunk: Uint8Array): Promise<void> {
    // `#written` ends first when the disk is full.
    if (!this.#gzip.write(chunk)) await Promise.race([once(this.#gzip, 'drain'), this.#written])
  }
}

/** The files of a `.tar.gz`, in their order. */
export async function* readArchive(file: string): AsyncIterable<TarEntry> {
  const source = createReadStream(file)
  const gunzip = createGunzip()
  const read = pipeline(source, gunzip)
  read.catch(() => undefined)
  try {
    yield* readTar(gunzip)
  } finally {
    gunzip.destroy()
    source.destroy()
  }
}
