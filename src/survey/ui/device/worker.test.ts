import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SyncRequest } from '../../model.ts'
import { bundle, bundlePage, Chromium, chromiumPath, hasChromium, serve } from './testing/browser.ts'

test('Chromium is there', (context) => {
  if (!hasChromium) context.skip(`needs ${chromiumPath}`)
})

/** A site of one page, which can be upgraded, be down, be cut off, or ask to sign in. */
class Site {
  version = 1
  state: 'up' | 'cut off' | 'down' | 'signed out' = 'up'
  readonly requests: string[] = []
  readonly synced: SyncRequest[] = []
  readonly #scripts: Record<string, string> = {}
  #page = ''

  async prepare(): Promise<void> {
    this.#page = await bundlePage()
    for (const version of [1, 2])
      this.#scripts[version] = await bundle(join(import.meta.dirname, '../../../service-worker.ts'), {
        '$app/manifest': `export const assets = [], immutable = [{ path: '_app/immutable/page.${version}.js' }]`,
      })
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url!.split('?')[0]!
    if (this.state === 'cut off') return void request.socket.destroy()
    this.requests.push(path)
    if (this.state === 'down') return void response.writeHead(503).end('down')
    const send = (type: string, text: string) => void response.setHeader('content-type', type).end(text)
    const script = /^\/_app\/immutable\/page\.(\d)\.js$/.exec(path)
    if (path === '/enquete' && this.state === 'signed out')
      return void response.writeHead(303, { location: '/connexion?retour=/enquete' }).end()
    if (path === '/enquete')
      return send(
        'text/html',
        `<h1>v${this.version}</h1><script type="module" src="./_app/immutable/page.${this.version}.js"></script>`,
      )
    if (path === '/connexion') return send('text/html', '<h1>Connexion</h1>')
    // As after an upgrade: older files are gone from the server.
    if (script && Number(script[1]) === this.version) return send('text/javascript', this.#page)
    if (path === '/service-worker.js') return send('text/javascript', this.#scripts[this.version]!)
    if (path === '/api/survey/sync') return this.#sync(request, response)
    response.writeHead(404).end()
  }

  #sync(request: IncomingMessage, response: ServerResponse): void {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const sent = JSON.parse(body) as SyncRequest
      this.synced.push(sent)
      const results = sent.entries.map(({ id }) => ({ id, outcome: 'taken' }))
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ protocol: 1, results }))
    })
  }
}

describe.skipIf(!hasChromium)('the worker in Chromium', { timeout: 60_000 }, () => {
  const site = new Site()
  const browser = new Chromium()
  let served: Awaited<ReturnType<typeof serve>>
  let page: Page
  const address = () => `${served.url}enquete`
  const title = () => page.textContent('h1')
  const register = () =>
    page.evaluate(() =>
      device.registerWorker({
        onUpdate: (apply) => Object.assign(globalThis, { apply }),
        onSent: () => Object.assign(globalThis, { sent: true }),
      }),
    )

  beforeAll(async () => {
    await site.prepare()
    served = await serve(site.handle)
    await browser.start()
    page = await browser.open(address())
  }, 60_000)
  afterAll(async () => {
    await browser.end()
    served.close()
  })

  test('the page opens without network once the worker is there, and with a server that is down', async () => {
    expect(await register()).toBe(true)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    for (const state of ['cut off', 'down'] as const) {
      site.state = state
      await page.goto(`${address()}?sans=reseau`)
      await page.waitForFunction(() => 'device' in globalThis)
      expect(await title()).toBe('v1')
    }
    site.state = 'up'
  })

  test('who is signed out is led to sign in, and the page stays for when there is no network', async () => {
    site.state = 'signed out'
    await page.goto(address())
    expect(await title()).toBe('Connexion')
    site.state = 'cut off'
    await page.goto(address())
    expect(await title()).toBe('v1')
    site.state = 'up'
  })

  test('what the API says goes through, and is never kept', async () => {
    await page.goto(address())
    const names = await page.evaluate(async () => {
      await fetch('/api/survey/start').catch(() => null)
      const cache = await caches.open('enquete')
      return (await cache.keys()).map(({ url }) => new URL(url).pathname)
    })
    expect(names.sort()).toEqual(['/_app/immutable/page.1.js', '/enquete'])
  })

  test('a newer version waits until the page says so, and then leaves nothing of the older one', async () => {
    await page.goto(address())
    await page.waitForFunction(() => 'device' in globalThis)
    await register()
    site.version = 2
    await page.evaluate(async () => void (await (await navigator.serviceWorker.getRegistration('/enquete'))!.update()))
    await page.waitForFunction(() => 'apply' in globalThis)
    expect(await title()).toBe('v1')
    const reloaded = page.waitForEvent('load')
    await page.evaluate(() => (globalThis as unknown as { apply(): void }).apply())
    await reloaded
    expect(await title()).toBe('v2')
    site.state = 'cut off'
    await page.reload()
    await page.waitForFunction(() => 'device' in globalThis)
    expect(await title()).toBe('v2')
    await expect
      .poll(() =>
        page.evaluate(async () =>
          (await (await caches.open('enquete')).keys()).map(({ url }) => new URL(url).pathname).sort(),
        ),
      )
      .toEqual(['/_app/immutable/page.2.js', '/enquete'])
    site.state = 'up'
  })

  test('what waits is sent in the background, the page being closed, once', async () => {
    await page.evaluate(async () => {
      const { device: opened } = await device.openDevice({ person: 'person-1', mark: null })
      await opened.open({ target: { siret: '82000000000001' }, guide: 1, mode: 'full', body: null })
    })
    const other = await browser.open(`${served.url}connexion`, false)
    const session = await other.context().newCDPSession(other)
    const known = new Promise<string>((resolve) =>
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        if (registrations[0]) resolve(registrations[0].registrationId)
      }),
    )
    await session.send('ServiceWorker.enable')
    const registrationId = await known
    await page.close()
    const wake = () =>
      session.send('ServiceWorker.dispatchSyncEvent', {
        origin: new URL(served.url).origin,
        registrationId,
        tag: 'survey-sync',
        lastChance: false,
      })
    await wake()
    await expect.poll(() => site.synced.length, { timeout: 10_000 }).toBe(1)
    expect(site.synced[0]!.entries).toMatchObject([{ type: 'open' }])
    await wake()
    await other.waitForTimeout(300)
    expect(site.synced).toHaveLength(1)
    await other.close()
  })
})
