import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { unreadableFile, type ReadError } from './errors.ts'
import type { SourceFile } from './model.ts'
import { isZip, openZip } from './zip.ts'

/** One text to read: a file, or one of an archive. */
export interface Source {
  file: string
  /** Bytes, once decompressed. */
  size: number
  open(): Promise<Readable>
  /** The error to throw when its bytes cannot be read. */
  unreadable(cause: unknown): ReadError
}

export interface OpenSources {
  sources: Source[]
  close(): void
}

const blockSize = 256 * 1024

/**
 * The texts that files hold, archives opened.
 * @throws {ReadError} when a file or an archive is unreadable
 */
export async function openSources(files: readonly SourceFile[]): Promise<OpenSources> {
  const sources: Source[] = []
  const closers: (() => void)[] = []
  const close = () => closers.forEach((closeOne) => closeOne())
  try {
    for (const { name, path } of files) {
      const { size, zipped } = await inspect(name, path)
      if (zipped) {
        const archive = await openZip(name, path)
        closers.push(archive.close)
        sources.push(...archive.sources)
      } else sources.push(fileSource(name, path, size))
    }
  } catch (error) {
    close()
    throw error
  }
  return { sources, close }
}

const fileSource = (file: string, path: string, size: number): Source => ({
  file,
  size,
  open: () => Promise.resolve(createReadStream(path, { highWaterMark: blockSize })),
  unreadable: (cause) => unreadableFile(file, cause),
})

async function inspect(name: string, path: string): Promise<{ size: number; zipped: boolean }> {
  try {
    const found = await stat(path)
    if (!found.isFile()) throw new Error('Not a file')
    return { size: found.size, zipped: await isZip(path) }
  } catch (error) {
    throw unreadableFile(name, error)
  }
}
