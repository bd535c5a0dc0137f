// One history of the benchmark `sync`: its devices, its network, its server, and what everybody was told.
import type { Entry, SyncRequest } from '../../src/survey/model.ts'
import type { Device } from '../../src/survey/ui/device/engine.ts'
import type { AnyEntry, KeptFile, Row } from '../../src/survey/ui/device/journal.ts'
import type { Fault, MemoryStore } from '../../src/survey/ui/device/memory.ts'
import type { Reply } from '../../src/survey/ui/device/sending.ts'
import type { Uploaded } from '../../src/survey/ui/device/files.ts'
import { DeviceError } from '../../src/survey/ui/device/errors.ts'
import type { FaultName } from './sync-faults.ts'
import type { Program } from './sync-program.ts'
import { seededId, type Random } from './sync-random.ts'
import { ServerDied, SurveyServer } from './sync-server.ts'

/** The device died: its page is gone, what was kept is not. */
export class DeviceDied extends Error {}

export const bodies = ['00000000-0000-7000-8000-00000000000a', '00000000-0000-7000-8000-00000000000b'] as const
export const sirets = ['82000000000001', '82000000000002', '82000000000003'] as const
const start = Date.UTC(2026, 10, 25, 8)

export interface Person {
  id: string
  /** Null: the artisan himself. */
  body: string | null
}

/** What is known of an entry apart from the program: when it was really written, where, and whether its author was told that it is safe. */
export interface Truth {
  entry: Entry | AnyEntry
  person: string
  /** Device that wrote it, and its place in what that device wrote. */
  device: string
  order: number
  time: number
  told: boolean
  /** It was only on a device that was erased, in no file and not on the server: nobody can bring it back. */
  erased: boolean
}

export interface KeptJournal {
  person: string
  device: string
  blob: Blob
  ids: Set<string>
  files: Set<string>
}

/** Which device wrote what came by a file is in its rows; a device that was erased begins again under another id. */
export class Phone {
  readonly person: Person
  readonly store: MemoryStore
  id: string
  /** Milliseconds that its machine's clock is ahead. */
  ahead: number
  engine: Device
  /** What happens to its next writes: so many pass before. */
  trouble: { at: number; kind: 'dies before' | 'dies after' | 'full' } | null = null
  /** Contributions opened here, and whom they are about. */
  visits: { id: string; siret: string | null }[] = []
  readonly #world: World

  constructor(world: World, person: Person, ahead: number) {
    this.#world = world
    this.person = person
    this.ahead = ahead
    this.id = seededId(world.random, world.time)
    this.store = world.program.createMemoryStore(this.#fault)
    this.engine = this.start()
  }

  readonly now = () => this.#world.time + this.ahead

  readonly #fault: Fault = (_, when) => {
    const { trouble } = this
    if (!trouble || (when === 'after') !== (trouble.kind === 'dies after')) return
    if (trouble.at-- > 0) return
    this.trouble = null
    if (trouble.kind === 'full') {
      this.#world.note('device without room')
      throw new DeviceError('full')
    }
    this.#world.note(trouble.kind === 'dies before' ? 'device killed before a write' : 'device killed after a write')
    throw new DeviceDied()
  }

  /** Opens the program on what is kept. */
  start(): Device {
    const { random } = this.#world
    this.engine = this.#world.program.createDevice({
      store: this.store,
      person: this.person.id,
      device: this.id,
      send: (request) => this.#world.send(request, this.person.id),
      now: this.now,
      newId: (time) => seededId(random, time),
    })
    return this.engine
  }

  /** The page comes from the server, which tells its time. */
  async load(): Promise<void> {
    await this.#world.program.noteServerTime(this.store, this.now(), this.#world.clock())
  }

  /** The browser erases everything; the program begins anew. */
  async erase(): Promise<void> {
    this.store.evict()
    this.id = seededId(this.#world.random, this.#world.time)
    this.trouble = null
    this.start()
    await this.load()
  }

  rows(): Promise<Row[]> {
    return this.store.list(this.person.id)
  }
}

export class World {
  readonly program: Program
  readonly random: Random
  readonly server: SurveyServer
  readonly phones: Phone[] = []
  readonly truths = new Map<string, Truth>()
  /** Visits and answers whose author was told that they are safe, by the ids that he was given. */
  readonly toldVisits = new Set<string>()
  readonly toldAnswers = new Set<string>()
  /** Photos whose author was told that they are safe, and those that only an erased device had. */
  readonly toldFiles = new Map<string, { erased: boolean }>()
  readonly journals: KeptJournal[] = []
  /** Devices whose clock jumped, or whose file another one sent whose clock had: only the order of their own words is sure. */
  readonly jumped = new Set<string>()
  /** What was wrong on the way, though it may be right in the end. */
  readonly wrong: string[] = []
  readonly happened = new Set<FaultName>()
  time = start
  /** Fault of the network that strikes the next request. */
  weather: FaultName | null = null
  readonly #late: { at: number; body: string; person: string }[] = []
  #order = 0

  constructor(program: Program, random: Random) {
    this.program = program
    this.random = random
    this.server = new SurveyServer(program, sirets)
  }

  /** The server's time as its answers tell it, in whole seconds. */
  clock(): number {
    return Math.floor(this.time / 1000) * 1000
  }

  note(fault: FaultName): void {
    this.happened.add(fault)
  }

  /** Time passes; requests that were on their way come in. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms
    this.#late.sort((a, b) => a.at - b.at)
    while (this.#late.length > 0 && this.#late[0]!.at <= end) {
      const { at, body, person } = this.#late.shift()!
      this.time = at
      await this.receive(body, person)
    }
    this.time = end
  }

  /**
   * Notes what a device wrote, and whether its author was told that it is safe.
   * @returns how much is new
   */
  async noteWritten(phone: Phone, told: boolean): Promise<number> {
    const before = this.truths.size
    for (const row of await phone.rows()) {
      if (this.truths.has(row.entry.id)) continue
      const { entry, device } = row
      const truth = {
        entry,
        device,
        person: phone.person.id,
        order: this.#order++,
        time: this.time,
        told,
        erased: false,
      }
      this.truths.set(entry.id, truth)
    }
    if (told)
      for (const { id } of await phone.store.listFiles(phone.person.id))
        if (!this.toldFiles.has(id)) this.toldFiles.set(id, { erased: false })
    return this.truths.size - before
  }

  /** Whether the rows of a device that were just sent say what the server did with them. */
  async noteMarks(phone: Phone): Promise<void> {
    for (const { entry, state } of await phone.rows()) {
      const kept = this.server.find(entry.id)
      const right = state === 'sent' ? kept?.state === 'taken' : state === 'held' ? kept !== null : true
      if (!right) this.wrong.push(`${entry.id} was called ${state} on the device`)
    }
  }

  /** The server's whole answer to a request; null where it died. */
  async receive(body: string, person: string): Promise<unknown> {
    try {
      const { request, refused } = this.program.parseSync(JSON.parse(body))
      const now = new Date(this.time).toISOString()
      const results = await this.program.takeEntries(this.server.storeFor(person), request, now)
      return JSON.parse(JSON.stringify({ protocol: 1, results: [...refused, ...results] })) as unknown
    } catch (error) {
      if (error instanceof ServerDied) return null
      throw error
    }
  }

  /** The network, as it is at this moment. */
  async send(request: SyncRequest, person: string): Promise<Reply> {
    const body = JSON.stringify(request)
    const { weather } = this
    this.weather = null
    if (weather) this.note(weather)
    switch (weather) {
      case 'request lost':
        throw new TypeError('Failed to fetch')
      case 'answer lost':
        await this.receive(body, person)
        throw new TypeError('Failed to fetch')
      case 'answer late, request later still':
        this.#late.push({ at: this.time + this.random.between(1000, 45_000), body, person })
        throw new DOMException('timed out', 'TimeoutError')
      case 'request sent twice at once':
        await Promise.all([this.receive(body, person), this.receive(body, person)])
        break
      case 'page of a wireless network':
        return this.#page('<html>Bienvenue, acceptez les conditions</html>', 200)
      case 'gateway without server':
        return this.#page('<html>502 Bad Gateway</html>', 502)
      case 'signed out':
        return this.#problem(401, 'not_signed_in')
      case 'server of another protocol':
        return this.#problem(409, 'survey.protocol')
      default:
    }
    const answer = await this.receive(body, person)
    if (answer === null) return this.#page('<html>502 Bad Gateway</html>', 502)
    return { kind: 'answer', answer, serverTime: this.clock() }
  }

  #page(text: string, status: number): Promise<Reply> {
    return this.program.replyOf(new Response(text, { status, headers: { 'content-type': 'text/html' } }))
  }

  #problem(status: number, code: string): Promise<Reply> {
    const headers = { 'content-type': 'application/problem+json' }
    return this.program.replyOf(new Response(JSON.stringify({ title: 'Non', code }), { status, headers }))
  }

  /** The way of photos: now and then the line breaks, before or after all came. */
  readonly upload = async (file: KeptFile): Promise<Uploaded> => {
    if (this.random.chance(0.2)) return { outcome: 'stopped' }
    if (file.blob.size > 0) this.server.files.add(file.id)
    return this.random.chance(0.2) ? { outcome: 'stopped' } : { outcome: 'sent' }
  }
}
