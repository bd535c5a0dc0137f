// The server of the benchmark `sync`: its tables are in memory, its transactions die where the history says so; the code
// that takes entries and the rule that makes agreed values are the product's.
import { EntryRefused, failed } from '../../src/survey/contributions/refusal.ts'
import type { EntryStore, EntryTransaction, KeptEntry, KeptState } from '../../src/survey/contributions/take.ts'
import type { AnswerEntry, ConsentEntry, Entry, OpenEntry } from '../../src/survey/model.ts'
import type { Act, Agreed, Said } from '../../src/statements/model.ts'
import type { Program } from './sync-program.ts'

export interface ServerEntry extends KeptEntry {
  saidAt: string
}

interface Visit {
  author: string
  body: string | null
  /** Null while its enterprise is a prospect that nobody has linked. */
  siret: string | null
  prospect: string | null
  held: boolean
}

/** The machine died: nobody hears of what it was doing. */
export class ServerDied extends Error {}

/** What happens to the next transactions: `at` of them pass before. */
export interface Trouble {
  at: number
  kind: 'dies before' | 'dies after' | 'fails'
}

const noRight = () =>
  new EntryRefused(
    'refused',
    'accounts.ended',
    'La convention de votre organisme a pris fin : il ne peut plus enquêter.',
  )

export class SurveyServer {
  readonly #program: Program
  /** Lines in the order in which they came: a line that came twice is there twice. */
  readonly entries: ServerEntry[] = []
  readonly visits = new Map<string, Visit>()
  readonly prospects = new Map<string, string | null>()
  readonly acts = new Map<string, Act[]>()
  readonly agreed = new Map<string, Agreed | null>()
  readonly files = new Set<string>()
  readonly register: Set<string>
  /** Bodies whose right has ended. */
  readonly ended = new Set<string | null>()
  latestGuide = 1
  trouble: Trouble | null = null
  readonly #byId = new Map<string, ServerEntry>()
  readonly #locks = new Map<string, Promise<void>>()

  constructor(program: Program, sirets: readonly string[]) {
    this.#program = program
    this.register = new Set(sirets)
  }

  find(id: string): ServerEntry | null {
    return this.#byId.get(id) ?? null
  }

  /** The server for one person, at one moment. */
  storeFor(author: string): EntryStore {
    return {
      author,
      latestGuide: this.latestGuide,
      hasGuide: (version) => version <= this.latestGuide,
      hasItem: () => true,
      transaction: (work) => this.#transaction(author, work),
    }
  }

  async #transaction<T>(author: string, work: (trx: EntryTransaction) => Promise<T>): Promise<T> {
    const trouble = this.trouble && this.trouble.at-- <= 0 ? this.trouble : null
    if (trouble) this.trouble = null
    const effects: (() => void)[] = []
    const locks: (() => void)[] = []
    try {
      const result = await work(this.#trx(author, effects, locks))
      if (trouble?.kind === 'fails') throw failed()
      if (trouble?.kind === 'dies before') throw new ServerDied()
      for (const effect of effects) effect()
      if (trouble?.kind === 'dies after') throw new ServerDied()
      return result
    } finally {
      for (const unlock of locks) unlock()
    }
  }

  async #lock(key: string): Promise<() => void> {
    while (this.#locks.has(key)) await this.#locks.get(key)
    let open = () => {}
    this.#locks.set(key, new Promise((resolve) => (open = resolve)))
    return () => {
      this.#locks.delete(key)
      open()
    }
  }

  #trx(author: string, effects: (() => void)[], locks: (() => void)[]): EntryTransaction {
    return {
      lock: async (device, contribution) => {
        for (const key of [`device ${device}`, contribution]) locks.push(await this.#lock(key))
      },
      neighbours: async (device, entry) => this.#neighbours(author, device, entry),
      findEntry: async (id) => this.find(id),
      findContribution: async (id) => this.visits.get(id) ?? null,
      hasProspect: async (id) => this.prospects.has(id),
      addProspect: async ({ id, body }) => {
        if (this.ended.has(body)) throw noRight()
        effects.push(() => this.prospects.set(id, null))
      },
      open: async (entry) => {
        if (this.ended.has(entry.body)) throw noRight()
        const visit = this.#visitOf(author, entry)
        effects.push(() => this.visits.set(entry.contribution, visit))
        return visit.held ? 'held' : 'taken'
      },
      say: async (entry, saidAt) => this.#say(author, entry, saidAt, effects),
      takeBack: async (answer) => void effects.push(() => this.#withdraw(answer)),
      agree: async (entry) => (this.visits.get(entry.contribution)!.held ? 'held' : 'taken'),
      keep: async (kept, saidAt) => void effects.push(() => this.#keep({ ...kept, saidAt })),
    }
  }

  #neighbours(author: string, device: string, entry: Entry) {
    let before: ServerEntry | null = null
    let after: ServerEntry | null = null
    const compare = (a: Entry, b: Entry) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1)
    for (const one of this.entries) {
      if (one.device !== device || one.author !== author || one.entry.id === entry.id) continue
      if (compare(one.entry, entry) < 0) {
        if (!before || compare(one.entry, before.entry) > 0) before = one
      } else if (!after || compare(one.entry, after.entry) < 0) after = one
    }
    return { before: before?.saidAt ?? null, after: after?.saidAt ?? null }
  }

  #visitOf(author: string, { target, body }: OpenEntry): Visit {
    const prospect = 'prospect' in target ? target.prospect : null
    const siret = 'siret' in target ? target.siret : this.prospects.get(target.prospect)!
    return { author, body, siret, prospect, held: siret === null || !this.register.has(siret) }
  }

  #say(author: string, entry: AnswerEntry, saidAt: string, effects: (() => void)[]): KeptState {
    const visit = this.visits.get(entry.contribution)!
    if (this.ended.has(visit.body)) throw noRight()
    if (visit.held || visit.siret === null || !this.register.has(visit.siret)) return 'held'
    effects.push(() => this.#state(author, visit, entry, saidAt))
    return 'taken'
  }

  #keep(one: ServerEntry): void {
    this.entries.push(one)
    this.#byId.set(one.entry.id, one)
  }

  #add(siret: string, item: string, act: Act): void {
    const key = `${siret} ${item}`
    const acts = this.acts.get(key)
    if (acts) acts.push(act)
    else this.acts.set(key, [act])
    this.agreed.set(key, this.#program.agree(this.acts.get(key)!))
  }

  #state(author: string, { siret, body }: Visit, { id, item, value }: AnswerEntry, saidAt: string): void {
    const source = { kind: body === null ? ('subject' as const) : ('body' as const), body }
    const said: Said = {
      act: 'said',
      id,
      value,
      source,
      author,
      saidOn: saidAt.slice(0, 10),
      saidAt,
      recordedAt: saidAt,
    }
    this.#add(siret!, item, said)
  }

  #withdraw({ contribution, item, id }: AnswerEntry): void {
    this.#add(this.visits.get(contribution)!.siret!, item, { act: 'withdrawn', id: `withdrawn ${id}`, statement: id })
  }

  /** Somebody says which unit of the register a prospect is. */
  link(prospect: string, siret: string): void {
    if (this.prospects.get(prospect) !== null) return
    this.prospects.set(prospect, siret)
    for (const visit of this.visits.values()) if (visit.prospect === prospect) visit.siret = siret
    this.release()
  }

  /** What was held counts, where its enterprise is in the register. */
  release(): void {
    for (const [id, visit] of this.visits) {
      if (visit.siret === null || !this.register.has(visit.siret)) continue
      visit.held = false
      const held = this.entries.filter((one) => one.state === 'held' && one.entry.contribution === id)
      const back = new Set(held.flatMap(({ entry }) => (entry.type === 'retract' ? [entry.entry] : [])))
      for (const one of held) {
        const { entry, author, saidAt } = one
        if (entry.type === 'answer' && !back.has(entry.id)) this.#state(author, visit, entry, saidAt)
        one.state = 'taken'
      }
    }
  }

  /** Answers that count about an enterprise, as a device may see them. */
  answersOf(siret: string) {
    const gone = new Set(this.entries.flatMap(({ entry }) => (entry.type === 'retract' ? [entry.entry] : [])))
    return this.entries
      .filter(
        (one): one is ServerEntry & { entry: AnswerEntry } =>
          one.entry.type === 'answer' &&
          one.state === 'taken' &&
          !gone.has(one.entry.id) &&
          this.visits.get(one.entry.contribution)!.siret === siret,
      )
      .map(({ entry, author, saidAt }) => {
        const { body } = this.visits.get(entry.contribution)!
        return {
          entry: entry.id,
          item: entry.item,
          value: entry.value,
          comment: entry.comment,
          saidOn: saidAt.slice(0, 10),
          author: { id: author, name: null, mine: false },
          body: body === null ? null : { id: body, name: body },
          disclosure: 'body' as const,
        }
      })
      .sort((a, b) => (a.entry < b.entry ? -1 : 1))
  }

  /** The agreement in force of a visit. */
  consentOf(contribution: string): ConsentEntry | null {
    const given = this.entries.filter(
      (one): one is ServerEntry & { entry: ConsentEntry } =>
        one.entry.type === 'consent' && one.entry.contribution === contribution,
    )
    given.sort((a, b) => (a.saidAt < b.saidAt || (a.saidAt === b.saidAt && a.entry.id < b.entry.id) ? -1 : 1))
    return given.at(-1)?.entry ?? null
  }
}
