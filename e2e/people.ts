import type { Browser, Page } from '@playwright/test'
import { expect, type Product } from './product.ts'

/** Opens a one-time link and signs in with it. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await expect(page).toHaveURL(/\/espace/)
}

/** The link of the last mail to an address, in the administrator's outbox. */
export async function mailedLink(administrator: Page, address: string): Promise<string> {
  await administrator.goto('/espace/courriels')
  const mail = administrator.getByRole('listitem').filter({ hasText: address }).first()
  return (await mail.locator('a[href*="jeton="]').getAttribute('href'))!
}

/** The administrator's own browser, signed in by the one-time link of the start. */
export async function openAsAdministrator(browser: Browser, product: Product): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: product.url })).newPage()
  await enter(page, product.signInLink())
  return page
}
