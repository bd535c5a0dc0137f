import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { newClock } from './clock.ts'
import { DeviceError } from './errors.ts'
import {
  stateAfter,
  type ClockState,
  type Counts,
  type JournalStore,
  type KeptFile,
  type KeptPack,
  type NewRow,
  type Row,
  type RowState,
  type Seen,
} from './journal.ts'

interface Schema extends DBSchema {
  entries: {
    key: number
    value: Row
    indexes: { id: string; contribution: [string, string]; state: [string, RowState, number] }
  }
  files: { key: string; value: KeptFile; indexes: { person: string; contribution: string } }
  packs: { key: string; value: KeptPack; indexes: { person: string } }
  seen: { key: [string, string]; value: Seen }
  settings: { key: string; value: unknown }
}
type Database = IDBPDatabase<Schema>
type Store = StoreNames<Schema>
type Writing<Names extends Store[]> = IDBPTransaction<Schema, Names, 'readwrite'>

const schemaVersion = 1
const stores: Store[] = ['entries', 'files', 'packs', 'seen', 'settings']

function upgrade(db: Database, from: number): void {
  if (from >= 1) return
  const entries = db.createObjectStore('entries', { keyPath: 'seq', autoIncrement: true })
  entries.createIndex('id', 'entry.id', { unique: true })
  entries.createIndex('contribution', ['person', 'entry.contribution'])
  entries.createIndex('state', ['person', 'state', 'seq'])
  const files = db.createObjectStore('files', { keyPath: 'id' })
  files.createIndex('person', 'person')
  files.createIndex('contribution', 'contribution')
  db.createObjectStore('packs', { keyPath: 'id' }).createIndex('person', 'person')
  db.createObjectStore('seen', { keyPath: ['person', 'siret'] })
  db.createObjectStore('settings')
}

/** What the browser says, in our words; other errors are ours, and stay as they are. */
function translated(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error
  if (error.name === 'QuotaExceededError') return new DeviceError('full', error)
  if (error.name === 'VersionError') return new DeviceError('newer', error)
  return new DeviceError('unavailable', error)
}

/** A connection that another tab asked to close, or that the browser ended, is opened again. */
const isClosed = (error: unknown) => error instanceof DOMException && error.name === 'InvalidStateError'

/** Opens the database; one that a newer program has changed is used as it is where it still holds all that is needed. */
async function connect(name: string, onLost: () => void): Promise<Database> {
  let fail: (reason: DeviceError) => void = () => {}
  const blocked = new Promise<never>((_, reject) => (fail = reject))
  const callbacks = {
    upgrade,
    blocked: () => fail(new DeviceError('blocked')),
    blocking(_current: number, _next: number | null, event: IDBVersionChangeEvent) {
      ;(event.target as IDBDatabase).close()
      onLost()
    },
    terminated: onLost,
  }
  const open = async () => {
    try {
      return await openDB<Schema>(name, schemaVersion, callbacks)
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'VersionError')) throw error
      return openDB<Schema>(name, undefined, callbacks)
    }
  }
  const db = await Promise.race([open(), blocked])
  if (stores.every((store) => db.objectStoreNames.contains(store))) return db
  db.close()
  throw new DeviceError('newer')
}

/** The database, opened at need; each write on the disk before it resolves. */
class Connection {
  private readonly name: string
  private opening: Promise<Database> | null = null

  constructor(name: string) {
    this.name = name
  }

  private open(): Promise<Database> {
    const lost = () => (this.opening = null)
    this.opening ??= connect(this.name, lost).catch((error: unknown) => {
      lost()
      throw error
    })
    return this.opening
  }

  private async attempt<T>(work: (db: Database) => Promise<T>): Promise<T> {
    if (typeof indexedDB === 'undefined') throw new DeviceError('unavailable')
    try {
      return await work(await this.open()).catch(async (error: unknown) => {
        if (!isClosed(error)) throw error
        this.opening = null
        return work(await this.open())
      })
    } catch (error) {
      throw translated(error)
    }
  }

  read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.attempt(work)
  }

  write<const Names extends Store[], T>(names: Names, work: (trx: Writing<Names>) => Promise<T>): Promise<T> {
    return this.attempt(async (db) => {
      const trx = db.transaction(names, 'readwrite', { durability: 'strict' })
      const done = trx.done
      done.catch(() => {})
      try {
        const result = await work(trx)
        await done
        return result
      } catch (error) {
        abort(trx)
        // The transaction knows better than the request that it ended: a full disk is told at its end.
        throw trx.error ?? error
      }
    })
  }

  close(): void {
    void this.opening?.then((db) => db.close()).catch(() => {})
    this.opening = null
  }
}

function abort(trx: { abort(): void }): void {
  try {
    trx.abort()
  } catch {
    // It has ended already.
  }
}

const upTo = (person: string, state: RowState, after: number) =>
  IDBKeyRange.bound([person, state, after], [person, state, Number.MAX_SAFE_INTEGER], true)

async function addRows(trx: Writing<['entries', 'files', 'settings']>, rows: readonly NewRow[]): Promise<number> {
  const entries = trx.objectStore('entries')
  let added = 0
  for (const row of rows) {
    if ((await entries.index('id').getKey(row.entry.id)) !== undefined) continue
    // The database numbers it.
    await entries.add(row as Row)
    added++
  }
  return added
}

async function update(
  trx: Writing<['entries']>,
  id: string,
  change: (row: Row) => Pick<Row, 'state' | 'code' | 'message'>,
): Promise<void> {
  const row = await trx.store.index('id').get(id)
  if (row) await trx.store.put({ ...row, ...change(row) })
}

async function forgetOne(trx: Writing<['entries', 'files']>, person: string, contribution: string): Promise<void> {
  const rows = await trx.objectStore('entries').index('contribution').getAll([person, contribution])
  const files = await trx.objectStore('files').index('contribution').getAll(contribution)
  if ([...rows, ...files].some(({ state }) => state !== 'sent')) return
  for (const { seq } of rows) await trx.objectStore('entries').delete(seq)
  for (const { id } of files) await trx.objectStore('files').delete(id)
}

async function countRows(db: Database, person: string): Promise<Counts> {
  const trx = db.transaction('entries')
  const index = trx.store.index('state')
  const count = (state: RowState) => index.count(upTo(person, state, 0))
  const [waiting, sent, held, refused] = await Promise.all((['waiting', 'sent', 'held', 'refused'] as const).map(count))
  const first = await index.get(upTo(person, 'waiting', 0))
  return { waiting: waiting!, sent: sent!, held: held!, refused: refused!, oldestWaiting: first?.entry.at ?? null }
}

async function listByState(db: Database, person: string, states: readonly RowState[], after: number, limit: number) {
  const index = db.transaction('entries').store.index('state')
  const lists = await Promise.all(states.map((state) => index.getAll(upTo(person, state, after), limit)))
  return lists
    .flat()
    .sort((a, b) => a.seq - b.seq)
    .slice(0, limit)
}

const clockSetting = 'clock'
const clockIn = async (settings: { get(key: string): Promise<unknown> }) =>
  ((await settings.get(clockSetting)) as ClockState | undefined) ?? newClock

/**
 * A journal in the browser's IndexedDB. Nothing is opened before the first call.
 * @param name of the database; another one in tests
 */
export function createIndexedDbStore(name = 'survey'): JournalStore {
  const db = new Connection(name)
  return {
    lasting: true,
    append: (make) =>
      db.write(['entries', 'files', 'settings'], async (trx) => {
        const settings = trx.objectStore('settings')
        const { rows, files, clock } = make(await clockIn(settings))
        const added = await addRows(trx, rows)
        for (const file of files)
          if ((await trx.objectStore('files').getKey(file.id)) === undefined) await trx.objectStore('files').add(file)
        await settings.put(clock, clockSetting)
        return added
      }),
    clock: () => db.read((one) => clockIn(one.transaction('settings').store)),
    listContribution: (person, contribution) =>
      db.read((one) => one.getAllFromIndex('entries', 'contribution', [person, contribution])),
    list: (person) =>
      db.read(async (one) => {
        const range = IDBKeyRange.bound([person], [person, []])
        return (await one.getAllFromIndex('entries', 'state', range)).sort((a, b) => a.seq - b.seq)
      }),
    listByState: (person, states, after, limit) => db.read((one) => listByState(one, person, states, after, limit)),
    count: (person) => db.read((one) => countRows(one, person)),
    mark: (results) =>
      db.write(['entries'], async (trx) => {
        for (const result of results) await update(trx, result.id, (row) => stateAfter(row, result))
      }),
    resend: (ids) =>
      db.write(['entries'], async (trx) => {
        const again = { state: 'waiting', code: null, message: null } as const
        for (const id of ids) await update(trx, id, (row) => (row.state === 'refused' ? again : row))
      }),
    forget: (person, contributions) =>
      db.write(['entries', 'files'], async (trx) => {
        for (const contribution of contributions) await forgetOne(trx, person, contribution)
      }),
    listFiles: (person) => db.read((one) => one.getAllFromIndex('files', 'person', person)),
    getFile: async (id) => (await db.read((one) => one.get('files', id))) ?? null,
    async markFile(id, state, message) {
      try {
        await db.write(['files'], async ({ store }) => {
          const file = await store.get(id)
          if (file) await store.put({ ...file, state, message, blob: state === 'sent' ? new Blob([]) : file.blob })
        })
      } catch (error) {
        if (state !== 'sent' || !(error instanceof DeviceError && error.code === 'full')) throw error
        // What was sent makes room where there is none even for saying so.
        await db.write(['files'], ({ store }) => store.delete(id))
      }
    },
    putPack: (pack) => db.write(['packs'], async ({ store }) => void (await store.put(pack))),
    listPacks: (person) => db.read((one) => one.getAllFromIndex('packs', 'person', person)),
    removePacks: (ids) =>
      db.write(['packs'], async ({ store }) => {
        for (const id of ids) await store.delete(id)
      }),
    putSeen: (seen) => db.write(['seen'], async ({ store }) => void (await store.put(seen))),
    getSeen: async (person, siret) => (await db.read((one) => one.get('seen', [person, siret]))) ?? null,
    getSetting: (key) => db.read((one) => one.get('settings', key)),
    putSetting: (key, value) => db.write(['settings'], async ({ store }) => void (await store.put(value, key))),
    lease: (key, owner, now, until) =>
      db.write(['settings'], async ({ store }) => {
        const held = (await store.get(key)) as { owner: string; until: number } | undefined
        if (held && held.owner !== owner && held.until > now) return false
        await store.put({ owner, until }, key)
        return true
      }),
    close: () => db.close(),
  }
}
