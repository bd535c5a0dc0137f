import type { JournalStore } from './journal.ts'

const name = 'survey-sync'
/** Milliseconds after which somebody else may send where a tab died while it did. */
const leaseMs = 120_000

const locks = (): LockManager | undefined => (globalThis.navigator as { locks?: LockManager } | undefined)?.locks

/**
 * Does some work in one tab or worker at a time. Where the browser has no locks (plain http), a lease in the journal
 * stands for one: two at a time would do no harm, as the server knows entries by their id, but waste.
 * @returns null where somebody else is at it
 */
export async function exclusively<T>(
  store: JournalStore,
  now: () => number,
  work: () => Promise<T>,
): Promise<T | null> {
  const manager = locks()
  if (manager)
    return manager.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null)) as Promise<T | null>
  const owner = Math.random().toString(36).slice(2)
  if (!(await store.lease(name, owner, now(), now() + leaseMs))) return null
  try {
    return await work()
  } finally {
    await store.lease(name, owner, now(), now())
  }
}
