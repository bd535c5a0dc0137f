import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '#platform'

const rootOf = (app: Pick<App, 'config'>) => join(app.config.dataDir, 'work')

/** Begins the folders of this program alone: one that was killed may have had the same number. */
const own = `${process.pid}-${randomBytes(6).toString('hex')}-`

/** Gives a folder of its own to some work, and removes it whatever happens. */
export async function withWorkFolder<T>(app: Pick<App, 'config'>, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(rootOf(app), { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(rootOf(app), own))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes the folders of programs that were killed; work that has begun meanwhile keeps its own. */
export async function removeDeadFolders(app: Pick<App, 'config'>): Promise<void> {
  for (const name of await readdir(rootOf(app)).catch(() => [])) {
    if (name.startsWith(own)) continue
    const pid = Number(name.split('-')[0])
    if (pid === process.pid || !isAlive(pid)) await rm(join(rootOf(app), name), { recursive: true, force: true })
  }
}
