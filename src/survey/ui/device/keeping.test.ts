import { afterEach, expect, test } from 'vitest'
import type { Pack } from '../../model.ts'
import { erasedBefore, markOf, type Mark } from './eviction.ts'
import { DeviceError } from './errors.ts'
import { sendFiles, type UploadFile } from './files.ts'
import { exclusively } from './lock.ts'
import { createMemoryStore } from './memory.ts'
import { openDevice } from './open.ts'
import { keepPack, listPacks, removePack } from './packs.ts'
import { builtFilesIn, keepFilesOf } from './shell.ts'
import { createServer, makeDevice, person, siret, visit, yes } from './testing/device.ts'

const now = Date.UTC(2026, 10, 25)
const pack = (code: string, expiresAt: string): Pack => ({
  id: code,
  body: 'chambre',
  territory: { code, name: code },
  madeAt: '2026-11-01T00:00:00.000Z',
  expiresAt,
  communes: [],
  metiers: [],
  enterprises: [],
})

test('a territory leaves the device when it expires', async () => {
  const store = createMemoryStore()
  await keepPack(store, person, pack('82', '2026-11-24T23:59:59.000Z'))
  await keepPack(store, person, pack('46', '2026-12-01T00:00:00.000Z'))
  await keepPack(store, person, pack('81', 'no date'))
  expect((await listPacks(store, person, now)).map(({ id }) => id)).toEqual(['46'])
  expect(await store.listPacks(person)).toHaveLength(1)
  await removePack(store, person, 'chambre', '46')
  expect(await listPacks(store, person, now)).toEqual([])
})

test('photos go one after the other and stay until the server has them', async () => {
  const device = makeDevice()
  const id = await device.open(visit)
  for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
    await device.answerByFile(id, 'gesture-photo', { blob: new Blob([name]), name, subject: siret })
  const outcomes = [
    { outcome: 'sent' as const },
    { outcome: 'refused' as const, message: 'Ce n’est pas une photo.' },
    { outcome: 'stopped' as const },
  ]
  const sent: string[] = []
  const report = await sendFiles(device.store, person, async ({ name }) => (sent.push(name), outcomes.shift()!))
  expect(report).toEqual({ sent: 1, refused: 1, left: 2 })
  expect(sent).toEqual(['a.jpg', 'b.jpg', 'c.jpg'])
  const kept = await device.store.listFiles(person)
  expect(kept.map(({ state, blob }) => [state, blob.size])).toEqual([
    ['sent', 0],
    ['refused', 5],
    ['waiting', 5],
    ['waiting', 5],
  ])
  expect(kept[1]!.message).toBe('Ce n’est pas une photo.')
})

const browser = globalThis.navigator
afterEach(() => Object.defineProperty(globalThis, 'navigator', { value: browser, configurable: true }))

test('without locks, a lease keeps two tabs from sending at once, and ends', async () => {
  Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true })
  const store = createMemoryStore()
  const clock = { now }
  const at = () => clock.now
  const second = () => exclusively(store, at, async () => 'second')
  let during: string | null = ''
  await exclusively(store, at, async () => (during = await second()))
  expect(during).toBeNull()
  expect(await second()).toBe('second')
  await store.lease('survey-sync', 'a tab that died', now, now + 120_000)
  expect(await second()).toBeNull()
  clock.now += 120_001
  expect(await second()).toBe('second')
})

test('a journal that the browser erased is missed; one that was all sent is not', async () => {
  let mark: Mark | null = null
  const place = { read: () => mark, write: (one: Mark) => void (mark = one) }
  const store = Object.assign(createMemoryStore(), { lasting: true })
  const open = () =>
    openDevice({ person, mark: place, store, send: createServer().send, upload: async () => ({ outcome: 'sent' }) })
  const opened = await open()
  const id = await opened.device.open(visit)
  await opened.device.answer(id, yes)
  await opened.noteMark()
  expect((await open()).erased).toBeNull()
  store.evict()
  expect((await open()).erased).toBe(2)
  expect(erasedBefore({ device: 'a', waiting: 0 }, 'b')).toBeNull()
  expect(markOf('a', await opened.device.count(), 1)).toEqual({ device: 'a', waiting: 1 })
})

test('entries go first, then photos, then what waited for them', async () => {
  const store = createMemoryStore()
  const there = new Set<string>()
  const order: string[] = []
  const opened = await openDevice({
    person,
    mark: null,
    store,
    send: async ({ entries }) => {
      order.push('entries')
      const outcomeOf = (one: (typeof entries)[number]) =>
        one.type === 'answer' && one.value.kind === 'file' && !there.has(one.value.file) ? 'later' : 'taken'
      return {
        kind: 'answer',
        answer: { protocol: 1, results: entries.map((one) => ({ id: one.id, outcome: outcomeOf(one) })) },
      }
    },
    upload: async ({ id }) => (order.push('photo'), there.add(id), { outcome: 'sent' }),
  })
  const id = await opened.device.open(visit)
  await opened.device.answerByFile(id, 'gesture-photo', { blob: new Blob(['x']), name: 'a.jpg', subject: siret })
  expect(await opened.sendAll()).toMatchObject({ sent: 2, later: 0, files: { sent: 1, left: 0 } })
  expect(order).toEqual(['entries', 'photo', 'entries'])
})

test('a full device sends its photos first, and then notes what the server took', async () => {
  let full = true
  const store = createMemoryStore((name, when) => {
    if (full && name === 'mark' && when === 'before') throw new DeviceError('full')
  })
  const upload: UploadFile = async () => ((full = false), { outcome: 'sent' })
  const opened = await openDevice({ person, mark: null, store, send: createServer('known').send, upload })
  const id = await opened.device.open(visit)
  await opened.device.answerByFile(id, 'gesture-photo', { blob: new Blob(['x']), name: 'a.jpg', subject: siret })
  expect(await opened.sendAll()).toMatchObject({ problem: null, sent: 2, files: { sent: 1, left: 0 } })
})

const files: Record<string, string> = {
  '/_app/immutable/entry/app.js':
    'import"../chunks/a.js";const n=[()=>import("../nodes/0.js"),()=>import("../nodes/7.js")]',
  '/_app/immutable/nodes/3.js':
    'import{x}from"../chunks/a.js";const d=["../chunks/late.js","_app/immutable/assets/3.css"]',
  '/_app/immutable/chunks/a.js': 'import"./b.js"',
  '/_app/immutable/chunks/b.js': 'import"./a.js"',
  '/_app/immutable/chunks/late.js': 'fetch("/api/survey/start")',
  '/_app/immutable/assets/3.css': '@font-face{src:url(./serif.woff2)}',
  '/_app/immutable/assets/serif.woff2': 'font',
}
const html = `<link href="./_app/immutable/nodes/3.js" rel="modulepreload"><script>import("./_app/immutable/entry/app.js")</script>`

test('a page is kept with all that it needs, and nothing of other pages', async () => {
  expect(builtFilesIn(html, '/enquete')).toEqual(['/_app/immutable/nodes/3.js', '/_app/immutable/entry/app.js'])
  const cache = new Map<string, Response>()
  const place = {
    match: async (path: string) => cache.get(path)?.clone(),
    put: async (path: string, one: Response) => void cache.set(path, one),
  }
  const fetched: string[] = []
  const fetcher = async (path: string) => (
    fetched.push(path),
    new Response(files[path], { status: files[path] ? 200 : 404 })
  )
  await keepFilesOf(html, '/enquete', place, fetcher)
  expect([...cache.keys()].sort()).toEqual(Object.keys(files).sort())
  fetched.length = 0
  await keepFilesOf(html, '/enquete', place, fetcher)
  expect(fetched).toEqual([])
  await expect(keepFilesOf('src="/_app/immutable/gone.js"', '/enquete', place, fetcher)).rejects.toThrow('404')
})
