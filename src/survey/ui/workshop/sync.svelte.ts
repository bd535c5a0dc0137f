import { daysSince } from '../device/export.ts'
import type { Counts } from '../device/journal.ts'
import { keepSending, type Schedule } from '../device/schedule.ts'
import type { SyncReport } from '../device/sending.ts'
import { storageState, type Session, type StorageState } from './session.ts'

const nothing: Counts = { waiting: 0, sent: 0, held: 0, refused: 0, oldestWaiting: null }

/** What waits on this device, and its way to the server. */
export class Sync {
  counts = $state.raw<Counts>(nothing)
  filesWaiting = $state(0)
  online = $state(true)
  sending = $state(false)
  problem = $state.raw<Pick<SyncReport, 'problem' | 'message'> | null>(null)
  storage = $state<StorageState>('safe')
  /** Entries that a browser erased before they were sent. */
  erased = $state<number | null>(null)
  readonly toSend = $derived(this.counts.waiting + this.filesWaiting)
  /** Whole days since the oldest thing that waits was written. */
  readonly daysWaiting = $derived(daysSince(this.counts.oldestWaiting, Date.now()))
  #session: Session | null = null
  #schedule: Schedule | null = null
  readonly #onSent: (all: boolean) => Promise<void>

  /** @param onSent called when the journal may have changed under the page; `all`: something was sent, and nothing is left */
  constructor(onSent: (all: boolean) => Promise<void>) {
    this.#onSent = onSent
  }

  async open(session: Session): Promise<void> {
    this.#session = session
    this.online = navigator.onLine
    this.erased = session.erased
    await this.recount()
    this.storage = await storageState(session)
    this.#schedule = keepSending(session, (report) => void this.#reported(report))
  }
  close(): void {
    this.#schedule?.stop()
  }

  async recount(): Promise<void> {
    if (!this.#session) return
    const { store, person } = this.#session.device
    const [counts, files] = await Promise.all([store.count(person), store.listFiles(person)])
    this.counts = counts
    this.filesWaiting = files.filter(({ state }) => state === 'waiting').length
  }
  /** Something was written. */
  async wrote(): Promise<void> {
    await this.recount()
    await this.#session?.noteMark()
    this.#schedule?.poke()
  }

  async send(): Promise<void> {
    if (this.sending || !this.#session) return
    this.sending = true
    try {
      await this.#reported(await this.#session.sendAll())
    } finally {
      this.sending = false
    }
  }
  async #reported(report: SyncReport | null): Promise<void> {
    if (report) this.problem = report.problem ? report : null
    await this.look()
  }
  /** Reads the journal again: somebody else, the worker or another tab, may have sent what waited. */
  async look(): Promise<void> {
    const before = this.toSend
    await this.recount()
    await this.#onSent(before > 0 && this.toSend === 0)
  }
}
