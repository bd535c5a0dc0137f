import { mkdirSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'
import type { App } from '#platform'

/** Where bytes arrive, before they are known to be safe. */
export const uploadsFolder = (app: Pick<App, 'config'>): string => join(app.config.dataDir, 'uploads')

/** A file of uploads whose acknowledged bytes are on the disk, not in a cache that a power cut empties. */
class DurableFileStore extends FileStore {
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const file = createWriteStream(join(this.directory, id), { flags: 'r+', start: offset, flush: true })
    let received = 0
    readable.on('data', (chunk: Buffer) => (received += chunk.length))
    await pipeline(readable, file)
    return offset + received
  }
}

/** Opens the folder of uploads. */
export function openUploads(app: App): FileStore {
  const directory = uploadsFolder(app)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return new DurableFileStore({ directory })
}

export const uploadPath = (app: Pick<App, 'config'>, id: string): string => join(uploadsFolder(app), id)

/** Bytes that arrived of an upload; 0 where there is no file. */
export async function receivedBytes(app: Pick<App, 'config'>, id: string): Promise<number> {
  const found = await stat(uploadPath(app, id)).catch(() => null)
  return found?.size ?? 0
}

export async function removeUpload(app: Pick<App, 'config'>, id: string): Promise<void> {
  await rm(uploadPath(app, id), { force: true })
  await rm(`${uploadPath(app, id)}.json`, { force: true })
}

/** Ids of what lies in the folder. */
export async function listUploads(app: Pick<App, 'config'>): Promise<string[]> {
  const names = await readdir(uploadsFolder(app)).catch(() => [])
  return [...new Set(names.map((name) => name.replace(/\.json$/, '')))]
}
