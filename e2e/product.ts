import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { test as base, expect, type Page } from '@playwright/test'
import { start, stop, type Product } from './process.ts'

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
      const dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-journey-'))
      cpSync(process.env.PREPARED_FOLDER!, dataDir, { recursive: true })
      const { product, child } = await start(dataDir)
      await use(product)
      expect(await stop(child), 'exit code after SIGTERM').toBe(0)
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

export { expect, type Product }
