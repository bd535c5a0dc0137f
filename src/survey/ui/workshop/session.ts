import type { StartAnswer } from '../../model.ts'
import { pageMark } from '../device/eviction.ts'
import { createIndexedDbStore } from '../device/indexeddb.ts'
import type { JournalStore } from '../device/journal.ts'
import { lastPerson, openDevice, type OpenedDevice } from '../device/open.ts'
import { askToKeep, estimateRoom } from '../device/storage.ts'
import type { Findable } from './find.ts'
import { getStart } from './net.ts'

/** What the page keeps on this device, opened for one person. */
export interface Session extends OpenedDevice {
  start: StartAnswer
}

/** `safe`: the browser promised to keep it. `full`: little room is left. `none`: nothing outlives the page. */
export type StorageState = 'safe' | 'not-safe' | 'full' | 'none'

const startSetting = (person: string) => `start ${person}`
const metSetting = (person: string) => `met ${person}`

/** What the server last said to whoever used this device last; null where there is nothing, or nothing can be kept. */
async function lastStart(): Promise<StartAnswer | null> {
  const store = createIndexedDbStore()
  try {
    const person = await lastPerson(store)
    return person === null ? null : (((await store.getSetting(startSetting(person))) ?? null) as StartAnswer | null)
  } catch {
    return null
  } finally {
    store.close()
  }
}

const keepStart = (store: JournalStore, start: StartAnswer) => store.putSetting(startSetting(start.person.id), start)

/** Asks the server again what the person may do, which a convention that ends changes. */
export async function askForNewer(session: Session, onStart: (start: StartAnswer) => void): Promise<void> {
  const got = await getStart()
  if (!got.ok) return
  const { store, person } = session.device
  await keepStart(store, got.value)
  if (got.value.person.id === person) return onStart(got.value)
  // Somebody else has signed in: the journal of the other stays, and is not shown.
  await openDevice({ person: got.value.person.id, mark: null })
  location.reload()
}

/**
 * Opens what this device keeps: with what it knew of the person last time, so that no network is waited for; else with
 * what the server says. Null when neither is there.
 * @param onStart called when the server says something newer about the same person
 * @throws {DeviceError} `newer`, `blocked` or `full`
 */
export async function openSession(onStart: (start: StartAnswer) => void): Promise<Session | null> {
  const kept = await lastStart()
  const got = kept ? null : await getStart()
  const start = kept ?? (got?.ok ? got.value : null)
  if (!start) return null
  const session = { ...(await openDevice({ person: start.person.id, mark: pageMark })), start }
  if (kept) void askForNewer(session, onStart)
  else await keepStart(session.device.store, start)
  return session
}

export async function storageState({ lasting }: Session): Promise<StorageState> {
  if (!lasting) return 'none'
  return (await estimateRoom())?.low ? 'full' : askToKeep()
}

/** Enterprises found on line, with their names. */
export const listMet = async ({ device: { store, person } }: Session): Promise<Findable[]> =>
  ((await store.getSetting(metSetting(person))) ?? []) as Findable[]

export const keepMet = ({ device: { store, person } }: Session, met: readonly Findable[]): Promise<void> =>
  store.putSetting(metSetting(person), met)
