import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join as joinPath } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDemonstration, sql, type App } from '#platform'
import { cookieOf, signIn } from '../../accounts/people/testing.ts'
import { compose } from '../../compose.ts'
import { createPlace, type Place } from '../../platform/testing/place.ts'
import { latestGuide } from '../guide/guides.ts'
import type { Entry } from '../model.ts'
import { createDevice, type Device } from '../ui/device/engine.ts'
import { createSend } from '../ui/device/http.ts'
import { newId } from '../ui/device/ids.ts'
import { createMemoryStore } from '../ui/device/memory.ts'
import { createBody, join, no, plainItems, yes } from './testing.ts'

const kills = 20
const devices = 20

let place: Place
let body: string
let people: { id: string; cookie: string }[] = []
let sirets: string[]

beforeAll(async () => {
  place = await createPlace()
  const app = await compose(place.config)
  await loadDemonstration(app)
  const { kysely } = app.db
  body = (await createBody(kysely, 'Chambre de métiers')).id
  for (let n = 0; n < devices; n++) {
    const { id, session } = await signIn(app, `agent${n}@example.org`, `Agent ${n}`)
    await join(kysely, body, { id })
    people.push({ id, cookie: cookieOf(session) })
  }
  // Few enterprises for many devices: they say the same things of the same ones.
  const found = await sql<{ siret: string }>`select siret from registry.public_establishment e
    where e.state = 'open' and e.craft_rule <> 'none' and not exists (select from survey.contribution c where c.siret = e.siret)
    order by siret limit 8`.execute(kysely)
  sirets = found.rows.map((row) => row.siret)
  await app.db.close()
})
afterAll(async () => {
  server.stop()
  await place.drop()
})

// Compiled once for all its starts.
const program = `import { enableCompileCache, flushCompileCache } from 'node:module'
  enableCompileCache(process.argv[2])
  const { compose } = await import('./src/compose.ts')
  const { createServer } = await import('#platform')
  const app = await compose(JSON.parse(process.argv[1]))
  await app.events.start(app)
  const server = await createServer({ app, pages: 'none' })
  process.stdout.on('error', () => process.exit(1))
  process.stdout.write(await server.listen({ host: '127.0.0.1', port: 0 }) + '\\n')
  flushCompileCache()`

/** The server in a process of its own, and the address that the devices know. */
class Server {
  #child: ChildProcess | null = null
  address = ''
  /** Answers that devices received since it started. */
  answered = 0
  killAfter = Infinity
  up = Promise.withResolvers<void>()
  dead = Promise.withResolvers<void>()

  async start(killAfter: number): Promise<void> {
    const cache = joinPath(place.config.dataDir, 'compiled')
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(place.config), cache], {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: joinPath(import.meta.dirname, '../../..'),
    })
    this.#child = child
    const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    Object.assign(this, { address, answered: 0, killAfter, dead: Promise.withResolvers<void>() })
    this.up.resolve()
  }

  /** Kills it, while the others' requests are on their way, once it has given so many answers. */
  note(): void {
    if (++this.answered !== this.killAfter) return
    void this.kill()
  }

  /** Ends what a failure left behind. */
  stop(): void {
    this.#child?.kill('SIGKILL')
  }

  async kill(): Promise<void> {
    this.up = Promise.withResolvers<void>()
    const ended = once(this.#child!, 'exit')
    this.#child!.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    this.dead.resolve()
  }
}

const server = new Server()

/** A device that is always on line but when the server is down. */
function createTestDevice({ id, cookie }: (typeof people)[number]): Device {
  const fetcher: typeof fetch = async (path, init) => {
    const headers = { ...(init?.headers as Record<string, string>), cookie, origin: server.address }
    const response = await fetch(`${server.address}${path as string}`, { ...init, headers })
    // An answer is one once all of it is there.
    const text = await response.text()
    server.note()
    return new Response(text, { status: response.status, headers: response.headers })
  }
  const store = createMemoryStore()
  return createDevice({ store, person: id, device: id, send: createSend(fetcher), now: () => Date.now(), newId })
}

/** One visit: some answers, one of them taken back, and the artisan's agreement. */
async function visit(device: Device, n: number): Promise<void> {
  const siret = sirets[n % sirets.length]!
  const contribution = await device.open({ target: { siret }, guide: latestGuide().version, mode: 'full', body })
  const say = (k: number) =>
    device.answer(contribution, { item: plainItems[k % plainItems.length]!.id, value: k % 3 ? yes : no, comment: null })
  await say(n)
  await device.retract(contribution, await say(n + 1))
  await say(n + 2)
  if (n % 3 > 0) return
  const scope = { audience: 'public' as const, uses: ['atlas' as const] }
  await device.consent(contribution, { given: true, ...scope, textVersion: 'know-how-1', textLang: 'fr' })
}

async function live(device: Device, first: number, isOver: () => boolean): Promise<void> {
  for (let n = first; !isOver(); n++) {
    // A person visits again once what was written before is sent.
    if ((await device.count()).waiting === 0) await visit(device, n)
    const report = await device.sync()
    expect([null, 'offline', 'busy']).toContain(report.problem)
    if (report.problem) await server.up.promise
  }
}

/** Sends all that waits: on a busy machine a request may be given up, and sent again. */
async function finish(device: Device): Promise<void> {
  for (let rest = 1; rest > 0; rest = (await device.count()).waiting) expect((await device.sync()).refused).toBe(0)
}

interface Found {
  entries: string[]
  /** Answers in force, of entries; and statements in force. */
  said: string[]
  statements: string[]
}

async function readAll({ db }: App): Promise<Found> {
  const read = async (query: ReturnType<typeof sql>) =>
    (await (query as ReturnType<typeof sql<{ id: string }>>).execute(db.kysely)).rows.map(({ id }) => id).sort()
  const ours = sql`c.body = ${body}`
  return {
    entries: await read(
      sql`select e.id from survey.entry e join survey.contribution c on c.id = e.contribution where ${ours}`,
    ),
    said: await read(sql`select e.id from survey.entry e join survey.contribution c on c.id = e.contribution
      where ${ours} and e.type = 'answer' and not exists (select from survey.entry r where r.payload->>'entry' = e.id::text)`),
    statements: await read(sql`select s.id from statements.statement s where s.body = ${body}
      and not exists (select from statements.withdrawal w where w.statement = s.id)`),
  }
}

test(`kill -9 of the server while ${devices} devices sync, ${kills} times: nothing that it acknowledged is lost or doubled`, async () => {
  await server.start(3)
  const all = people.map((one) => createTestDevice(one))
  let over = false
  const lives = all.map((device, n) => live(device, n * 7, () => over))
  for (let kill = 1; kill <= kills; kill++) {
    await server.dead.promise
    over = kill === kills
    await server.start(over ? Infinity : 1 + ((kill * 7) % 11))
  }
  await Promise.all(lives)
  const acknowledged = new Map<string, Entry>()
  for (const { store, person } of all)
    for (const { state, entry } of await store.list(person))
      if (state === 'sent') acknowledged.set(entry.id, entry as Entry)
  const waiting = (await Promise.all(all.map((device) => device.count()))).reduce((sum, one) => sum + one.waiting, 0)
  await Promise.all(all.map(finish))
  await server.kill()

  const app = await compose(place.config)
  const found = await readAll(app)
  const kept = new Set(found.entries)
  const written = await Promise.all(all.map(({ store, person }) => store.list(person)))
  const lost = [...acknowledged.keys()].filter((id) => !kept.has(id))
  const doubled = found.statements.filter((id, i) => id === found.statements[i - 1] || !kept.has(id))
  const answers = [...acknowledged.values()].filter(({ type }) => type === 'answer').length
  console.log(
    `sync-kill ${app.db.kind} kills=${kills} devices=${devices} answers=${answers} resent=${waiting} lost=${lost.length} doubled=${doubled.length}`,
  )
  expect(lost).toEqual([])
  expect(doubled).toEqual([])
  expect(found.entries).toEqual(
    written
      .flat()
      .map(({ entry }) => entry.id)
      .sort(),
  )
  expect(found.statements).toEqual(found.said)
  expect(answers).toBeGreaterThan(kills)
  await app.db.close()
}, 400_000)
