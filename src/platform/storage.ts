import { createReadStream } from 'node:fs'
import { mkdir, rm, rename, readdir, stat, open } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Config } from './config.ts'

export interface StoredFile {
  key: string
  bytes: number
}

/** Files by key (`imports/…/report.csv`); the same contract serves a folder today and S3 later. */
export interface Storage {
  put(key: string, content: AsyncIterable<Uint8Array> | Readable): Promise<{ bytes: number }>
  read(key: string): Promise<Readable | null>
  remove(key: string): Promise<void>
  /** Every file, in the order of the keys. */
  list(): AsyncIterable<StoredFile>
  /** A path that a local program may open, for as long as the key exists. */
  localPath(key: string): string
}

const safeKey = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/

/** Size of a file in bytes, null where there is none. */
async function sizeOf(path: string): Promise<number | null> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : null
  } catch {
    return null
  }
}

async function* filesBelow(root: string, folder = root): AsyncIterable<StoredFile> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    const key = relative(root, path)
    if (entry.isDirectory()) yield* filesBelow(root, path)
    else if (safeKey.test(key)) {
      const size = await sizeOf(path)
      if (size !== null) yield { key, bytes: size }
    }
  }
}

/** Keeps files under `dataDir/files`; a file appears whole or not at all. */
export function createStorage(config: Pick<Config, 'dataDir'>): Storage {
  const root = join(config.dataDir, 'files')
  const path = (key: string) => {
    if (!safeKey.test(key)) throw new Error(`Not a storage key: ${key}`)
    return join(root, key)
  }
  return {
    localPath: path,
    list: () => filesBelow(root),
    async put(key, content) {
      const target = path(key)
      const part = join(root, `.part-${randomUUID()}`)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const file = await open(part, 'wx', 0o600)
      try {
        await pipeline(content, file.createWriteStream({ flush: true }))
        await rename(part, target)
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
      return { bytes: (await stat(target)).size }
    },
    async read(key) {
      return (await sizeOf(path(key))) === null ? null : createReadStream(path(key))
    },
    async remove(key) {
      await rm(path(key), { force: true, recursive: true })
    },
  }
}
