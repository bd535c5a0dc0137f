import type { AnswerEntry, ConsentEntry, Entry, OpenEntry, ProspectEntry, SaidAnswer } from '../../model.ts'
import { iso, tick } from './clock.ts'
import { fold, foldAll, type Contribution } from './fold.ts'
import { journalVersion, type Counts, type JournalStore, type KeptFile, type NewRow, type Seen } from './journal.ts'
import { sendWaiting, type Send, type SyncReport } from './sending.ts'

export interface DeviceOptions {
  store: JournalStore
  /** Account that is signed in, from `StartAnswer.person.id`. */
  person: string
  /** Id of this device: `deviceId(store)`. */
  device: string
  send: Send
  /** The machine's clock, in ms. */
  now: () => number
  /** A new UUID, which sorts by the time (ms) that it is given. */
  newId: (time: number) => string
}

type Base = 'id' | 'contribution' | 'at' | 'type'
type Stamp = () => Pick<Entry, 'id' | 'contribution' | 'at'>
interface Made<T> {
  entries: Entry[]
  files?: KeptFile[]
  made: T
}
export type Visit = Omit<OpenEntry, Base>
export type NewProspect = Omit<ProspectEntry, Base>
export type NewConsent = Omit<ConsentEntry, Base>

/** A photo or a sound to keep with an answer. */
export interface NewFile {
  blob: Blob
  name: string
  /** SIRET of the enterprise; `moi` for a prospect. */
  subject: string
}

/** The device's side of the survey: what was written on it, and its way to the server. */
export interface Device {
  readonly person: string
  readonly device: string
  readonly store: JournalStore
  /**
   * Each of these resolves once what it writes is safe on the device.
   * @throws {DeviceError} `full` or `unavailable`: nothing was written
   */
  open(visit: Visit): Promise<string>
  /** Opens a contribution about somebody whom the register does not know. */
  openProspect(prospect: NewProspect, visit: Omit<Visit, 'target'>): Promise<string>
  answer(contribution: string, answer: Pick<AnswerEntry, 'item' | 'value' | 'comment'>): Promise<string>
  /** Answers by a photo or a sound: both are kept, or neither. */
  answerByFile(contribution: string, item: string, file: NewFile, comment?: string | null): Promise<string>
  /** Takes one answer back: what was answered to the item before counts again. */
  retract(contribution: string, entry: string): Promise<void>
  /** Takes all answers to an item back. */
  clear(contribution: string, item: string): Promise<void>
  consent(contribution: string, consent: NewConsent): Promise<string>

  getContribution(id: string): Promise<Contribution>
  /** The last touched first. */
  listContributions(): Promise<Contribution[]>
  count(): Promise<Counts>

  /**
   * Sends what waits; a call during another one joins it, which then passes once more.
   * @param also `held`: asks again about what was held
   */
  sync(also?: 'held'): Promise<SyncReport>
  /** Puts what was refused of a contribution back among what waits, for when the right is there again. */
  resend(contribution: string): Promise<void>
  /** Removes contributions of which the server has all, last touched before a moment (ms). */
  forgetBefore(moment: number): Promise<void>

  /** Keeps what the server says of an enterprise, for when there is no network. */
  keepSeen(siret: string, answers: SaidAnswer[]): Promise<void>
  getSeen(siret: string): Promise<Seen | null>
}

const addReports = (first: SyncReport | null, next: SyncReport): SyncReport => ({
  ...next,
  sent: next.sent + (first?.sent ?? 0),
  held: next.held + (first?.held ?? 0),
  refused: next.refused + (first?.refused ?? 0),
})

/** Writes entries, and files with them, in one go. */
function createWriter({ store, person, device, now, newId }: DeviceOptions) {
  const rowOf = (entry: Entry): NewRow => {
    const fate = { state: 'waiting' as const, code: null, message: null }
    return { version: journalVersion, person, device, shift: 0, entry, ...fate }
  }
  /** @param make the entries, each with an id and a moment of its own, in order */
  async function write<T>(contribution: string, make: (stamp: Stamp) => Made<T>): Promise<T> {
    let result!: T
    await store.append((clock) => {
      const {
        entries,
        made,
        files = [],
      } = make(() => {
        clock = tick(clock, now())
        return { id: newId(clock.last), contribution, at: iso(clock.last) }
      })
      result = made
      return { rows: entries.map(rowOf), clock, files }
    })
    return result
  }
  const writeOne = (contribution: string, make: (stamp: ReturnType<Stamp>) => Entry): Promise<string> =>
    write(contribution, (stamp) => {
      const entry = make(stamp())
      return { entries: [entry], made: entry.id }
    })
  return { write, writeOne }
}

/** Passes over the journal, one at a time: who asks during one joins it, and it passes once more. */
function createSync({ store, send, now, person }: DeviceOptions): Device['sync'] {
  let running: Promise<SyncReport> | null = null
  let wanted: Set<'waiting' | 'held'> = new Set()
  async function passes(): Promise<SyncReport> {
    let report: SyncReport | null = null
    try {
      do {
        const states = [...wanted]
        wanted = new Set()
        report = addReports(report, await sendWaiting({ store, send, now, person }, states))
      } while (wanted.size > 0 && !report.problem)
      return report
    } finally {
      running = null
    }
  }
  return (also) => {
    wanted.add('waiting')
    if (also) wanted.add(also)
    return (running ??= passes())
  }
}

/** Opens the device's side of the survey over a journal. It holds nothing that the journal does not: a crash loses nothing. */
export function createDevice(options: DeviceOptions): Device {
  const { store, person, device, now, newId } = options
  const { write, writeOne } = createWriter(options)
  return {
    person,
    device,
    store,
    async open(visit) {
      const contribution = newId(now())
      await writeOne(contribution, (stamp) => ({ type: 'open', ...stamp, ...visit }))
      return contribution
    },
    async openProspect(details, visit) {
      const contribution = newId(now())
      await write(contribution, (stamp) => {
        const prospect: Entry = { type: 'prospect', ...stamp(), ...details }
        const open: Entry = { type: 'open', ...stamp(), ...visit, target: { prospect: prospect.id } }
        return { entries: [prospect, open], made: undefined }
      })
      return contribution
    },
    answer: (contribution, answer) => writeOne(contribution, (stamp) => ({ type: 'answer', ...stamp, ...answer })),
    answerByFile: (contribution, item, { blob, name, subject }, comment = null) =>
      write(contribution, (stamp) => {
        const stamped = stamp()
        const file = newId(Date.parse(stamped.at))
        const entry: Entry = { type: 'answer', ...stamped, item, value: { kind: 'file', file }, comment }
        const kept = { id: file, person, contribution, subject, name, type: blob.type, blob, at: stamped.at }
        return { entries: [entry], made: entry.id, files: [{ ...kept, state: 'waiting', message: null }] }
      }),
    async retract(contribution, entry) {
      await writeOne(contribution, (stamp) => ({ type: 'retract', ...stamp, entry }))
    },
    async clear(contribution, item) {
      const current = fold(contribution, await store.listContribution(person, contribution)).answers.get(item)
      const given = current ? [current.entry, ...current.earlier] : []
      if (given.length === 0) return
      await write(contribution, (stamp) => ({
        entries: given.map(({ id }) => ({ type: 'retract', ...stamp(), entry: id })),
        made: undefined,
      }))
    },
    consent: (contribution, consent) => writeOne(contribution, (stamp) => ({ type: 'consent', ...stamp, ...consent })),

    getContribution: async (id) => fold(id, await store.listContribution(person, id)),
    listContributions: async () => foldAll(await store.list(person)),
    count: () => store.count(person),

    sync: createSync(options),
    async resend(contribution) {
      const rows = await store.listContribution(person, contribution)
      await store.resend(rows.filter(({ state }) => state === 'refused').map(({ entry }) => entry.id))
    },
    async forgetBefore(moment) {
      const old = foldAll(await store.list(person)).filter(({ lastAt }) => Date.parse(lastAt) < moment)
      const done = old.filter(({ counts }) => counts.waiting + counts.held + counts.refused === 0)
      await store.forget(
        person,
        done.map(({ id }) => id),
      )
    },

    keepSeen: (siret, answers) => store.putSeen({ siret, person, at: iso(now()), answers }),
    getSeen: (siret) => store.getSeen(person, siret),
  }
}
