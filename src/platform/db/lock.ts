import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Another process holds the data folder; `pid` is its process. */
export class FolderInUseError extends Error {
  readonly code = 'data_dir.in_use'
  readonly pid: number

  constructor(folder: string, pid: number) {
    super(
      `Le dossier ${folder} est déjà ouvert par le processus ${pid}. Arrêtez-le d’abord, ou donnez un autre dossier avec DATA_DIR.`,
    )
    this.pid = pid
  }
}

/** Whether a process of this machine has this id. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// A process id may be given again after a restart of the machine: the start time tells the two apart.
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}

/** The live process that a lock names, or null when it is dead. */
function holderOf(lock: string): number | null {
  const [pid = '', start = ''] = lock.split(' ')
  const number = Number(pid)
  return isAlive(number) && startedAt(number) === start ? number : null
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

// Two starts may find the same dead lock: what was moved away is looked at again, and put back if it was a live one.
function removeDead(file: string) {
  const moved = `${file}-${randomUUID()}`
  try {
    renameSync(file, moved)
  } catch {
    return
  }
  if (holderOf(read(moved)) !== null) link(moved, file)
  rmSync(moved, { force: true })
}

/**
 * Takes the lock of a data folder: PGlite has none, and two processes on one folder silently lose rows. Processes that
 * do not see each other (containers with one volume) are not told apart.
 * @returns a function that releases it
 * @throws {FolderInUseError} when a live process holds it
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'lock')
  const mine = `${process.pid} ${startedAt(process.pid)}`
  // Written aside then linked: nobody ever sees an empty lock.
  const written = `${file}-${randomUUID()}`
  writeFileSync(written, mine, { mode: 0o600 })
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      if (link(written, file)) {
        return () => {
          if (read(file) === mine) rmSync(file, { force: true })
        }
      }
      const holder = holderOf(read(file))
      if (holder !== null) throw new FolderInUseError(folder, holder)
      removeDead(file)
    }
    throw new FolderInUseError(folder, 0)
  } finally {
    rmSync(written, { force: true })
  }
}
