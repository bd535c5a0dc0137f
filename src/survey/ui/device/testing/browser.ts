import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { build, type Rolldown } from 'vite'

export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(chromiumPath)

/**
 * One script of an entry and all that it imports.
 * @param virtual modules that SvelteKit would make
 */
export async function bundle(entry: string, virtual: Record<string, string> = {}): Promise<string> {
  const outputs = (await build({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'virtual',
        enforce: 'pre',
        resolveId: (id) => (id in virtual ? `\0${id}` : undefined),
        load: (id) => virtual[id.slice(1)],
      },
    ],
    build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'script' } },
  })) as Rolldown.RolldownOutput[]
  return outputs[0]!.output[0].code
}

export const bundlePage = () => bundle(join(import.meta.dirname, 'page.ts'), { '$app/env': 'export const dev = false' })

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Serves on a port that is free. */
export async function serve(handler: Handler) {
  const server: Server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close }
}

/** A server of one page, which has the code of the device; other addresses go to a handler. */
export async function servePage(other: Handler) {
  const script = await bundlePage()
  return serve((request, response) => {
    if (request.url === '/')
      response.setHeader('content-type', 'text/html').end('<script type=module src=/page.js></script>')
    else if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script)
    else other(request, response)
  })
}

/** A browser with a profile of its own, that may be killed and started again. */
export class Chromium {
  readonly #folder = mkdtempSync(join(tmpdir(), 'artisanumerique-chromium-'))
  #process: ChildProcess | null = null
  #browser: Browser | null = null

  async start(): Promise<void> {
    const options = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
    ]
    const args = [...options, '--remote-debugging-port=0', `--user-data-dir=${this.#folder}`, 'about:blank']
    const started = spawn(chromiumPath, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
    this.#process = started
    const address = await new Promise<string>((resolve, reject) => {
      let text = ''
      started.stderr!.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const found = /DevTools listening on (\S+)/.exec(text)
        if (found) resolve(found[1]!)
      })
      started.once('exit', () => reject(new Error(`Chromium ended: ${text}`)))
    })
    this.#browser = await chromium.connectOverCDP(address)
  }

  /**
   * A page of the server.
   * @param device whether it has the code of the device in it: then that is waited for
   */
  async open(url: string, device = true): Promise<Page> {
    const page = await this.#browser!.contexts()[0]!.newPage()
    await page.goto(url)
    if (device) await page.waitForFunction(() => 'device' in globalThis)
    return page
  }

  /** As when the battery ends: no process has time for anything. */
  async kill(): Promise<void> {
    const dying = this.#process!
    const gone = new Promise((resolve) => dying.once('exit', resolve))
    process.kill(-dying.pid!, 'SIGKILL')
    await gone
    await this.#browser?.close().catch(() => {})
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}
