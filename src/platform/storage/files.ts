import { access, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { abandonedAfter, isKey, requireKey, type Storage, type StoredFile } from './contract.ts'

const partPrefix = '.part-'

const orNull = (error: unknown) => {
  if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null
  throw error
}

/** What is known of a file, null where there is none. */
async function describe(path: string): Promise<Omit<StoredFile, 'key'> | null> {
  const found = await stat(path).catch(orNull)
  return found?.isFile() ? { bytes: found.size, modifiedAt: found.mtime } : null
}

async function* filesBelow(root: string, folder: string, prefix: string): AsyncIterable<StoredFile> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(orNull)) ?? []
  // A folder sorts as its keys do, with the slash that follows its name.
  const sorted = entries
    .map((entry) => ({ key: relative(root, join(folder, entry.name)) + (entry.isDirectory() ? '/' : ''), entry }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  for (const { key, entry } of sorted) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* filesBelow(root, path, prefix)
    } else if (isKey(key) && key.startsWith(prefix)) {
      const found = await describe(path)
      if (found) yield { key, ...found }
    }
  }
}

async function removeAbandoned(root: string) {
  for (const name of (await readdir(root).catch(orNull)) ?? []) {
    if (!name.startsWith(partPrefix)) continue
    const found = await describe(join(root, name))
    if (found && found.modifiedAt.getTime() < Date.now() - abandonedAfter) await rm(join(root, name), { force: true })
  }
}

/** Files in a folder, which their owner alone may read. */
export function storeInFolder(root: string): Storage {
  const pathOf = (key: string) => join(root, requireKey(key))
  return {
    list: (prefix = '') => filesBelow(root, root, prefix),
    async put(key, content) {
      const target = pathOf(key)
      const part = join(root, `${partPrefix}${randomUUID()}`)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      const file = await open(part, 'wx', 0o600)
      try {
        await pipeline(content, file.createWriteStream({ flush: true }))
        const { size } = await stat(part)
        await rename(part, target)
        return { bytes: size }
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
    },
    async read(key, range) {
      const file = await open(pathOf(key)).catch(orNull)
      if (!file) return null
      if ((await file.stat()).isFile()) return file.createReadStream(range)
      await file.close()
      return null
    },
    async head(key) {
      const found = await describe(pathOf(key))
      return found && { bytes: found.bytes }
    },
    async remove(key) {
      await rm(pathOf(key), { force: true, recursive: true })
    },
    async withLocalFile(key, work) {
      const path = pathOf(key)
      await access(path)
      return work(path)
    },
    locate: pathOf,
    tidy: () => removeAbandoned(root),
  }
}
