import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { freePort } from '../bin/machine.ts'

export interface Product {
  url: string
  dataDir: string
  /** The one-time link of the start. */
  signInLink(): string
}

async function start(): Promise<{ product: Product; child: ChildProcess }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-journey-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  child.once('exit', (code) => ready.reject(new Error(`the product ended with ${code}`)))
  child.stdout!.on('data', (chunk: Buffer) => {
    if (chunk.includes('first-sign-in')) ready.resolve()
  })
  await ready.promise
  const signInLink = () => readFileSync(join(dataDir, 'first-sign-in'), 'utf8').trim()
  return { product: { url: `http://127.0.0.1:${port}`, dataDir, signInLink }, child }
}

interface Options {
  /** Errors of the browser's console that a journey provokes. */
  expectedError: RegExp | null
}

interface WorkerOptions {
  /** Files with the same purpose share one running product. */
  purpose: string
}

/** A browser page whose errors fail the test, and the product with its demonstration. */
export const test = base.extend<Options & { quiet: void }, WorkerOptions & { product: Product }>({
  purpose: ['read', { option: true, scope: 'worker' }],
  expectedError: [null, { option: true }],
  product: [
    async ({ purpose: _ }, use) => {
      const { product, child } = await start()
      await use(product)
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect((await ended)[0], 'exit code after SIGTERM').toBe(0)
      rmSync(product.dataDir, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ product }, use) => use(product.url),
  quiet: [
    async ({ page, expectedError }, use) => {
      const problems: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error' && !expectedError?.test(message.text())) problems.push(message.text())
      })
      page.on('pageerror', (error) => problems.push(error.message))
      await use()
      expect(problems, 'errors in the browser').toEqual([])
    },
    { auto: true },
  ],
})

/** Fails when axe finds anything serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
}

/** The page holds within its width: nothing is cut on a phone. */
export async function expectNoSideScroll(page: Page): Promise<void> {
  const [inner, scroll] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth])
  expect(scroll).toBeLessThanOrEqual(inner!)
}

export { expect }
