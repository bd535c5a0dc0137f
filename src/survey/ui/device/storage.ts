/** `safe`: the browser promised to keep it. `not-safe`: it may erase it after days without a visit. `none`: nothing is kept. */
export type Safety = 'safe' | 'not-safe' | 'none'

const manager = (): StorageManager | undefined =>
  (globalThis.navigator as { storage?: StorageManager } | undefined)?.storage

/** Asks the browser to keep what is written here until somebody erases it himself. */
export async function askToKeep(): Promise<Safety> {
  const storage = manager()
  if (!storage?.persist) return 'not-safe'
  try {
    return (await storage.persisted()) || (await storage.persist()) ? 'safe' : 'not-safe'
  } catch {
    return 'not-safe'
  }
}

export interface Room {
  /** Bytes used, and bytes that may be. */
  used: number
  quota: number
  /** Less than this is left for photos: better to send or to make room now. */
  low: boolean
}

const lowBytes = 50_000_000

/** Room on the device; null where the browser does not tell. */
export async function estimateRoom(): Promise<Room | null> {
  try {
    const { usage, quota } = (await manager()?.estimate?.()) ?? {}
    if (usage === undefined || quota === undefined) return null
    return { used: usage, quota, low: quota - usage < lowBytes }
  } catch {
    return null
  }
}
