import { spawn, type ChildProcess } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql, type App, type Config } from '#platform'
import { compose } from '../compose.ts'
import { createPlace, type Place } from '../platform/testing/place.ts'
import { uploadsFolder } from './deposit/uploads.ts'
import { resumeMedia } from './jobs.ts'
import { derivedKey, masterKey } from './keys.ts'
import { findFile, listDerived } from './records.ts'
import { settle } from './testing/application.ts'
import { bars, createSamples, hasFfmpeg, photograph } from './testing/samples.ts'

const noFfmpeg = hasFfmpeg ? null : 'needs ffmpeg: apt-get install ffmpeg'
const samples = createSamples()
const places: Place[] = []
const person = randomUUID()
let film: Buffer
let picture: Buffer

beforeAll(async () => {
  if (hasFfmpeg) film = readFileSync(samples.encode('film.mp4', ...bars(4, '640x360')))
  picture = await photograph(900, 700)
})
afterAll(async () => {
  for (const place of places) await place.drop()
  samples.remove()
})

// The product, which says each statement before it is run; whoever asks is one person, an administrator.
const server = `import pg from 'pg'
  import { compose } from './src/compose.ts'
  import { createServer } from '#platform'
  const say = (text) => process.stdout.write(text.trim().replace(/\\s+/g, ' ').slice(0, 120) + '\\n')
  const base = await compose(JSON.parse(process.argv[1]))
  const user = { id: process.argv[2], name: 'Jeanne', email: null, kind: 'person', administrator: true }
  const app = { ...base, capabilities: base.capabilities.map((one) => one.authenticate ? { ...one, authenticate: async () => user } : one) }
  const loud = (target) => ['query', 'exec'].map((method) => {
    const run = target[method].bind(target)
    return [method, (text, ...rest) => (say(text), run(text, ...rest))]
  })
  const { pglite } = app.db
  if (pglite) {
    const begin = pglite.transaction.bind(pglite)
    Object.assign(pglite, Object.fromEntries(loud(pglite)), {
      transaction: (work) => begin((trx) => work(Object.fromEntries(loud(trx)))),
    })
  } else {
    const { query } = pg.Client.prototype
    pg.Client.prototype.query = function (text, ...rest) {
      say(text.text ?? String(text))
      return query.call(this, text, ...rest)
    }
  }
  const put = app.storage.put.bind(app.storage)
  app.storage.put = async (key, content) => (say('put ' + key.split('/').at(-1)), put(key, content))
  const http = await createServer({ app, pages: 'none' })
  await app.events.start(app)
  await app.jobs.start(app)
  for (const one of app.capabilities) await one.start?.(app)
  say('serving ' + (await http.listen({ port: 0, host: '127.0.0.1' })))`

interface Running {
  child: ChildProcess
  url: string
  /** Everything it said. */
  said: string[]
  /** Resolves once it was killed. */
  killed: Promise<unknown>
}

/** Starts the product, to be killed when it says something for the n-th time. */
async function start(config: Config, awaited: RegExp | null, nth = 1): Promise<Running> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', server, JSON.stringify(config), person], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
  })
  const serving = Promise.withResolvers<string>()
  const said: string[] = []
  let seen = 0
  createInterface({ input: child.stdout! }).on('line', (line) => {
    said.push(line)
    if (awaited?.test(line) && ++seen === nth) child.kill('SIGKILL')
    if (line.startsWith('serving ')) serving.resolve(line.slice(8))
  })
  const killed = once(child, 'exit')
  killed.then(() => serving.reject(new Error(said.slice(-20).join('\n'))), serving.reject)
  return { child, url: await serving.promise, said, killed }
}

const headersOf = (url: string) => ({ 'tus-resumable': '1.0.0', origin: url, cookie: 'session=1' })

async function create(url: string, name: string, bytes: number): Promise<string> {
  const metadata = `filename ${Buffer.from(name).toString('base64')},subject ${Buffer.from('moi').toString('base64')}`
  const answer = await fetch(`${url}/depot`, {
    method: 'POST',
    headers: { ...headersOf(url), 'upload-length': String(bytes), 'upload-metadata': metadata },
  })
  expect(answer.status, await answer.text()).toBe(201)
  return answer.headers.get('location')!
}

async function patch(url: string, location: string, offset: number, part: Buffer): Promise<number> {
  const answer = await fetch(`${url}${location}`, {
    method: 'PATCH',
    headers: { ...headersOf(url), 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
    body: new Uint8Array(part),
  })
  expect(answer.status).toBe(204)
  return Number(answer.headers.get('upload-offset'))
}

async function newPlace(): Promise<Config> {
  const place = await createPlace()
  places.push(place)
  return place.config
}

/** On a server, what a minute without a heartbeat does to the jobs of a dead process, at once. */
async function missHeartbeats({ databaseUrl }: Config) {
  if (!databaseUrl) return
  const boss = new PgBoss({ connectionString: databaseUrl, max: 1, supervise: false, schedule: false })
  await boss.start()
  const db = boss.getDb()
  await db.executeSql(`update pgboss.job set heartbeat_on = now() - interval '1 day' where state = 'active'`)
  await db.executeSql('update pgboss.queue set monitor_on = null')
  await boss.supervise()
  await boss.stop({ graceful: false })
}

/** What is stored is whole, and there is nothing else; the deposit is ready. */
async function expectWhole(app: App, id: string, content: Buffer) {
  const file = (await findFile(app.db.kysely, id))!
  expect(file).toMatchObject({ state: 'ready', blob: createHash('sha256').update(content).digest('hex') })
  const derived = await listDerived(app.db.kysely, [file.blob, file.rendition])
  const stored = new Map<string, number>()
  for await (const { key, bytes } of app.storage.list('media/')) stored.set(key, bytes)
  expect(stored.get(masterKey(file.blob!))).toBe(content.length)
  for (const { folder, name, bytes } of derived) expect(stored.get(derivedKey(folder, name)), name).toBe(bytes)
  const frame = file.kind === 'film' ? 1 : 0
  expect(stored.size).toBe(derived.length + 1 + frame)
  expect(readdirSync(uploadsFolder(app))).toEqual([])
  const work = join(app.config.dataDir, 'work')
  expect(existsSync(work) ? readdirSync(work) : []).toEqual([])
}

/** Opens the same data, as the next start does, and lets everything end. */
async function resume(config: Config, then: (app: App) => Promise<void>) {
  await missHeartbeats(config)
  const app = await compose(config)
  await app.events.start(app)
  await app.jobs.start(app)
  await resumeMedia(app)
  await settle(app)
  await then(app)
  await app.jobs.stop()
  await app.events.stop()
  await app.db.close()
}

test('killed again and again while a file comes, no part that was acknowledged is lost', async () => {
  const config = await newPlace()
  const size = Math.ceil(picture.length / 10)
  let running = await start(config, null)
  const location = await create(running.url, 'photo.jpg', picture.length)
  let acknowledged = 0
  for (let n = 0; n < 4; n++) {
    for (let parts = 0; parts < 2; parts++)
      acknowledged = await patch(
        running.url,
        location,
        acknowledged,
        picture.subarray(acknowledged, acknowledged + size),
      )
    // One more is on its way when it dies.
    const cut = patch(running.url, location, acknowledged, picture.subarray(acknowledged, acknowledged + size)).catch(
      () => 0,
    )
    running.child.kill('SIGKILL')
    await running.killed
    await cut
    running = await start(config, null)
    const answer = await fetch(`${running.url}${location}`, { method: 'HEAD', headers: headersOf(running.url) })
    const offset = Number(answer.headers.get('upload-offset'))
    expect(offset).toBeGreaterThanOrEqual(acknowledged)
    acknowledged = offset
  }
  while (acknowledged < picture.length)
    acknowledged = await patch(running.url, location, acknowledged, picture.subarray(acknowledged, acknowledged + size))
  running.child.kill('SIGKILL')
  await running.killed
  await resume(config, (app) => expectWhole(app, location.split('/').at(-1)!, picture))
})

const moments: [name: string, what: 'picture' | 'film', awaited: RegExp, nth: number][] = [
  ['its last part', 'picture', /^update media\.file set state = 'received'/, 1],
  ['its bytes put away', 'picture', /^put master/, 1],
  ['its bytes noted', 'picture', /^insert into media\.blob/, 1],
  ['its turn', 'picture', /^update media\.file set job/, 1],
  ['its fourth picture', 'picture', /^put picture/, 4],
  ['its pictures noted', 'picture', /^insert into media\.derived/, 5],
  ['its publication', 'picture', /^update media\.file set state = 'ready'/, 1],
  ['the encoding of a film', 'film', /^update media\.file set job/, 1],
  ['the second copy of a film', 'film', /^put sprite/, 1],
  ['the copies of a film noted', 'film', /^update media\.blob set/, 1],
]

test.for(moments)(
  'killed at %s, the deposit is ready after the next start',
  async ([, what, awaited, nth], context) => {
    if (what === 'film' && noFfmpeg) return context.skip(noFfmpeg)
    const content = what === 'film' ? film : picture
    const config = await newPlace()
    const running = await start(config, awaited, nth)
    const location = await create(running.url, what === 'film' ? 'geste.mp4' : 'photo.jpg', content.length)
    const half = content.length >> 1
    await patch(running.url, location, 0, content.subarray(0, half))
    await patch(running.url, location, half, content.subarray(half)).catch(() => 0)
    const ended = await running.killed
    expect(ended, running.said.slice(-20).join('\n')).toEqual([null, 'SIGKILL'])
    await resume(config, async (app) => {
      const id = location.split('/').at(-1)!
      const rows = await sql<{ n: number }>`select count(*)::int as n from media.file`.execute(app.db.kysely)
      expect(rows.rows[0]!.n).toBe(1)
      await expectWhole(app, id, content)
    })
  },
)
