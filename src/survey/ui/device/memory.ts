import { newClock } from './clock.ts'
import {
  stateAfter,
  type ClockState,
  type Counts,
  type JournalStore,
  type KeptFile,
  type KeptPack,
  type Row,
  type Seen,
} from './journal.ts'

/** What a store goes through at a write: before it is kept, and after. It throws to make the device die there, or be full. */
export type Fault = (write: string, when: 'before' | 'after') => void

export interface MemoryStore extends JournalStore {
  /** What a browser does with the storage of a page that nobody has opened for long, or when it needs room. */
  evict(): void
}

const copy = <T>(value: T): T => structuredClone(value)

/**
 * A journal in memory, with the same promises as the one of a browser but that of lasting: for pages where the browser
 * keeps nothing, and, with faults, for tests.
 */
export function createMemoryStore(fault: Fault = () => {}): MemoryStore {
  let rows = new Map<string, Row>()
  let files = new Map<string, KeptFile>()
  let packs = new Map<string, KeptPack>()
  let seen = new Map<string, Seen>()
  let settings = new Map<string, unknown>()
  let clock = newClock
  let seq = 0

  async function write<T>(name: string, work: () => T): Promise<T> {
    // As in a browser, nothing is kept yet when the call comes back.
    await Promise.resolve()
    fault(name, 'before')
    const result = work()
    fault(name, 'after')
    return result
  }
  const rowsOf = (person: string) => [...rows.values()].filter((row) => row.person === person)
  const seenKey = (person: string, siret: string) => `${person} ${siret}`

  return {
    lasting: false,
    append: (make) =>
      write('append', () => {
        const writing = make(clock)
        const added = writing.rows.filter(({ entry }) => !rows.has(entry.id))
        for (const row of added) rows.set(row.entry.id, { ...row, seq: ++seq })
        for (const file of writing.files) if (!files.has(file.id)) files.set(file.id, file)
        clock = writing.clock
        return added.length
      }),
    clock: async (): Promise<ClockState> => clock,
    listContribution: async (person, contribution) =>
      rowsOf(person).filter(({ entry }) => entry.contribution === contribution),
    list: async (person) => rowsOf(person),
    async listByState(person, states, after, limit) {
      const found: Row[] = []
      for (const row of rows.values()) {
        if (row.seq <= after || row.person !== person || !states.includes(row.state)) continue
        if (found.push(row) === limit) break
      }
      return found
    },
    async count(person) {
      const counts: Counts = { waiting: 0, sent: 0, held: 0, refused: 0, oldestWaiting: null }
      for (const { state, entry } of rowsOf(person)) {
        counts[state]++
        if (state === 'waiting') counts.oldestWaiting ??= entry.at
      }
      return counts
    },
    mark: (results) =>
      write('mark', () => {
        for (const result of results) {
          const row = rows.get(result.id)
          if (row) rows.set(result.id, { ...row, ...stateAfter(row, result) })
        }
      }),
    resend: (ids) =>
      write('resend', () => {
        for (const id of ids) {
          const row = rows.get(id)
          if (row?.state === 'refused') rows.set(id, { ...row, state: 'waiting', code: null, message: null })
        }
      }),
    forget: (person, contributions) =>
      write('forget', () => {
        for (const contribution of contributions) {
          const own = rowsOf(person).filter(({ entry }) => entry.contribution === contribution)
          const photos = [...files.values()].filter((file) => file.contribution === contribution)
          if (own.some(({ state }) => state !== 'sent') || photos.some(({ state }) => state !== 'sent')) continue
          for (const { entry } of own) rows.delete(entry.id)
          for (const { id } of photos) files.delete(id)
        }
      }),
    listFiles: async (person) => [...files.values()].filter((file) => file.person === person),
    getFile: async (id) => files.get(id) ?? null,
    markFile: (id, state, message) =>
      write('markFile', () => {
        const file = files.get(id)
        if (file) files.set(id, { ...file, state, message, blob: state === 'sent' ? new Blob([]) : file.blob })
      }),
    putPack: (pack) => write('putPack', () => void packs.set(pack.id, copy(pack))),
    listPacks: async (person) => [...packs.values()].filter((pack) => pack.person === person),
    removePacks: (ids) => write('removePacks', () => ids.forEach((id) => packs.delete(id))),
    putSeen: (one) => write('putSeen', () => void seen.set(seenKey(one.person, one.siret), one)),
    getSeen: async (person, siret) => seen.get(seenKey(person, siret)) ?? null,
    getSetting: async (key) => settings.get(key),
    putSetting: (key, value) => write('putSetting', () => void settings.set(key, value)),
    lease: (key, owner, now, until) =>
      write('lease', () => {
        const held = settings.get(key) as { owner: string; until: number } | undefined
        if (held && held.owner !== owner && held.until > now) return false
        settings.set(key, { owner, until })
        return true
      }),
    close() {},
    evict() {
      rows = new Map()
      files = new Map()
      packs = new Map()
      seen = new Map()
      settings = new Map()
      clock = newClock
      seq = 0
    },
  }
}
