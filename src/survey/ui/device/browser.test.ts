import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server as TusServer } from '@tus/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMemoryStore } from './memory.ts'
import { Chromium, chromiumPath, hasChromium, servePage } from './testing/browser.ts'
import { exercise } from './testing/exercise.ts'

test('Chromium is there', (context) => {
  if (!hasChromium) context.skip(`needs ${chromiumPath}`)
})

/** An endpoint of tus that takes the ids that devices give, and cuts the line when it is told to. */
function makeDepot() {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-depot-'))
  const depot = {
    folder,
    known: new Set<string>(),
    whole: new Set<string>(),
    cut: false,
    refuse: false,
    calls: [] as string[],
  }
  const tus = new TusServer({
    path: '/depot',
    relativeLocation: true,
    datastore: new FileStore({ directory: folder }),
    namingFunction: (_, metadata) => metadata!.id!,
    onUploadCreate: async (_, { id }) => {
      // oxlint-disable-next-line no-throw-literal -- tus reads its own kind of errors
      if (depot.refuse) throw { status_code: 422, body: 'Ce n’est pas une photo.' }
      // oxlint-disable-next-line no-throw-literal -- tus reads its own kind of errors
      if (depot.known.has(id)) throw { status_code: 409, body: 'known' }
      depot.known.add(id)
      return {}
    },
    onUploadFinish: async (_, { id }) => {
      depot.whole.add(id)
      return {}
    },
  })
  const handle: Parameters<typeof servePage>[0] = (request, response) => {
    depot.calls.push(request.method!)
    if (depot.cut && request.method === 'PATCH') request.socket.destroy()
    else void tus.handle(request, response)
  }
  return { depot, handle }
}

describe.skipIf(!hasChromium)('in Chromium', { timeout: 60_000 }, () => {
  const browser = new Chromium()
  const { depot, handle } = makeDepot()
  let served: Awaited<ReturnType<typeof servePage>>
  beforeAll(async () => {
    served = await servePage(handle)
    await browser.start()
  }, 60_000)
  afterAll(async () => {
    await browser.end()
    served.close()
    rmSync(depot.folder, { recursive: true, force: true })
  })

  test('the browser’s journal keeps the same promises as the one in memory', async () => {
    const page = await browser.open(served.url)
    const seen = await page.evaluate(async () =>
      JSON.stringify(await device.exercise(device.createIndexedDbStore('exercise'))),
    )
    expect(JSON.parse(seen)).toEqual(JSON.parse(JSON.stringify(await exercise(createMemoryStore()))))
    await page.close()
  })

  test('what was said to be safe is there after the browser was killed', async () => {
    const page = await browser.open(served.url)
    await page.evaluate(async () => {
      const entry = { id: 'kept', contribution: 'c', at: '2026-11-25T10:00:00.000Z', type: 'measure' }
      const fate = { state: 'waiting' as const, code: null, message: null }
      const row = { version: 1, person: 'p', device: 'd', shift: 0, entry, ...fate }
      await device.createIndexedDbStore().append((clock) => ({ rows: [row], files: [], clock }))
    })
    await browser.kill()
    await browser.start()
    const again = await browser.open(served.url)
    const ids = await again.evaluate(async () =>
      (await device.createIndexedDbStore().list('p')).map(({ entry }) => entry.id),
    )
    expect(ids).toEqual(['kept'])
    await again.close()
  })

  test('without room, an answer and its photo are refused together', async () => {
    const page = await browser.open(served.url)
    const session = await page.context().newCDPSession(page)
    const origin = new URL(served.url).origin
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 300_000 })
    const result = await page.evaluate(async () => {
      const store = device.createIndexedDbStore('full')
      const entry = { id: 'e', contribution: 'c', at: '2026-11-25T10:00:00.000Z', type: 'measure' }
      const fate = { state: 'waiting' as const, code: null, message: null }
      const row = { version: 1, person: 'p', device: 'd', shift: 0, entry, ...fate }
      const blob = new Blob([crypto.getRandomValues(new Uint8Array(60_000)), new Uint8Array(5_000_000)])
      const named = { id: 'f', person: 'p', contribution: 'c', subject: 'moi', name: 'a.jpg', type: 'image/jpeg' }
      const file = { ...named, blob, at: '', state: 'waiting' as const, message: null }
      const code = await store
        .append((clock) => ({ rows: [row], files: [file], clock: { ...clock, last: 99 } }))
        .then(
          () => 'kept',
          (error: { code: string }) => error.code,
        )
      return { code, rows: await store.list('p'), files: await store.listFiles('p'), clock: await store.clock() }
    })
    await session.send('Storage.overrideQuotaForOrigin', { origin })
    expect(result).toEqual({ code: 'full', rows: [], files: [], clock: { last: 0, ahead: 0 } })
    await page.close()
  })

  test('a journal that a newer program has changed is used as it is, and gives way to it', async () => {
    const page = await browser.open(served.url)
    const seen = await page.evaluate(async () => {
      const old = device.createIndexedDbStore('newer')
      await old.putSetting('a', 1)
      await new Promise((resolve, reject) => {
        const request = indexedDB.open('newer', 9)
        request.addEventListener('upgradeneeded', () => request.result.createObjectStore('later'))
        request.addEventListener('blocked', reject)
        request.addEventListener('success', () => (request.result.close(), resolve(null)))
      })
      await old.putSetting('b', 2)
      return [await old.getSetting('a'), await old.getSetting('b')]
    })
    expect(seen).toEqual([1, 2])
    await page.close()
  })

  test('two tabs never send at once', async () => {
    const [one, other] = [await browser.open(served.url), await browser.open(served.url)]
    const held = one.evaluate(() =>
      device.exclusively(
        device.createMemoryStore(),
        Date.now,
        () => new Promise((resolve) => Object.assign(globalThis, { resolve })),
      ),
    )
    await one.waitForFunction(() => 'resolve' in globalThis)
    const send = () =>
      other.evaluate(() => device.exclusively(device.createMemoryStore(), Date.now, async () => 'sent'))
    expect(await send()).toBeNull()
    await one.evaluate(() => (globalThis as unknown as { resolve(value: string): void }).resolve('first'))
    expect(await held).toBe('first')
    expect(await send()).toBe('sent')
    await one.close()
    await other.close()
  })

  test('a photo goes under its own id, resumes after a cut, and is sent once', async () => {
    const page = await browser.open(served.url)
    const send = (id: string) =>
      page.evaluate(async (name) => {
        const blob = new Blob([new Uint8Array(3_000_000).fill(7)], { type: 'image/jpeg' })
        const named = { id: name, person: 'p', contribution: 'c', subject: '82000000000001', name: 'à.jpg' }
        const file = { ...named, type: blob.type, blob, at: '', state: 'waiting' as const, message: null }
        return device.createUpload('/depot', [])(file)
      }, id)
    depot.cut = true
    expect(await send('photo-1')).toEqual({ outcome: 'stopped' })
    depot.cut = false
    expect(await send('photo-1')).toEqual({ outcome: 'sent' })
    expect([...depot.whole]).toEqual(['photo-1'])
    depot.calls.length = 0
    expect(await send('photo-1')).toEqual({ outcome: 'sent' })
    expect(depot.calls).toEqual(['POST', 'HEAD'])
    rmSync(join(depot.folder, 'photo-1'))
    rmSync(join(depot.folder, 'photo-1.json'))
    expect(await send('photo-1')).toEqual({ outcome: 'sent' })
    depot.refuse = true
    expect(await send('photo-2')).toEqual({ outcome: 'refused', message: 'Ce n’est pas une photo.' })
    await page.close()
  })
})
