import type { Pack } from '../../model.ts'
import type { JournalStore } from './journal.ts'

/**
 * Keeps a territory to take into the workshop, in place of an older one of the same territory and body.
 * @throws {DeviceError} `full`
 */
export const keepPack = (store: JournalStore, person: string, pack: Pack): Promise<void> =>
  store.putPack({ id: `${person} ${pack.body} ${pack.territory.code}`, person, pack })

/**
 * The territories that are there and still open; those that have expired are removed from the device.
 * @param now the machine's clock, ms
 */
export async function listPacks(store: JournalStore, person: string, now: number): Promise<Pack[]> {
  const kept = await store.listPacks(person)
  const expired = kept.filter(({ pack }) => !(Date.parse(pack.expiresAt) > now))
  if (expired.length > 0) await store.removePacks(expired.map(({ id }) => id))
  return kept.filter((one) => !expired.includes(one)).map(({ pack }) => pack)
}

/** Removes a territory: it is no longer wanted, or the server says that the clause has ended. */
export async function removePack(store: JournalStore, person: string, body: string, territory: string): Promise<void> {
  const gone = (await store.listPacks(person)).filter(
    ({ pack }) => pack.body === body && pack.territory.code === territory,
  )
  await store.removePacks(gone.map(({ id }) => id))
}
