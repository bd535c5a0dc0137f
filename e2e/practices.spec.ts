import type { Browser, BrowserContext, Locator, Page } from '@playwright/test'
import { enter, mailedLink } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

// This journey changes what the product holds.
test.use({ purpose: 'practices' })
test.describe.configure({ mode: 'serial' })

const siret = '00000792200024'
const enterprise = `/entreprises/${siret}`
const phone = { width: 390, height: 844 }
const strength = 'Répare plutôt que de remplacer'
const other = 'Participe à la vie locale'
let artisan: Awaited<ReturnType<BrowserContext['storageState']>>

async function expectGood(page: Page) {
  await expectAccessible(page)
  await expectNoSideScroll(page)
}

/** A page without JavaScript on a phone, signed in or not. */
async function openPlain(browser: Browser, baseURL: string, signedIn: boolean): Promise<Page> {
  const context = await browser.newContext({
    baseURL,
    locale: 'fr-FR',
    viewport: phone,
    javaScriptEnabled: false,
    ...(signedIn ? { storageState: artisan } : {}),
  })
  return context.newPage()
}

/** Goes to a link by the keyboard alone. */
async function follow(page: Page, link: Locator) {
  await link.focus()
  await expect(link).toBeFocused()
  const before = page.url()
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => url.href !== before)
}

const strengthsOf = (page: Page) => page.getByRole('region', { name: 'Points forts' })

test('an artisan proves that the enterprise is his', async ({ page, browser, product }) => {
  await enter(page, product.signInLink())
  await page.goto(`/espace/entreprise/code?siret=${siret}`)
  await page.getByLabel('Nom de l’artisan').fill('Paul')
  await page.getByLabel('Son courriel').fill('paul@essai.example')
  await page.getByRole('button', { name: 'Faire un code' }).click()
  const code = await page.locator('[data-code]').innerText()
  const own = await (await browser.newContext({ baseURL: product.url, locale: 'fr-FR' })).newPage()
  await own.goto('/connexion')
  await own.getByRole('textbox', { name: 'Votre adresse de courriel' }).fill('paul@essai.example')
  await own.getByRole('button', { name: 'Recevoir un lien' }).click()
  await expect(own.getByRole('status')).toBeVisible()
  await enter(own, await mailedLink(page, 'paul@essai.example'))
  await own.goto('/espace/entreprise')
  await own.getByLabel('Code de la feuille').fill(code)
  await own.getByRole('button', { name: 'Lier cette entreprise' }).click()
  await expect(own.getByRole('link', { name: 'Déposer des images ou des films' })).toBeVisible()
  artisan = await own.context().storageState()
  await own.context().close()
})

test('a visitor is told how to tell strong points, and is sent to sign in or to propose', async ({ page }) => {
  await page.setViewportSize(phone)
  await page.goto(enterprise)
  await page.getByRole('link', { name: 'Raconter ses points forts' }).click()
  await expect(page.getByRole('link', { name: 'Proposer une correction' })).toHaveAttribute(
    'href',
    `${enterprise}/corriger`,
  )
  await expectGood(page)
  await page.getByRole('link', { name: 'Se connecter' }).click()
  await expect(page).toHaveURL(/connexion\?retour=/)
})

test('the artisan tells two strong points in two minutes, without JavaScript; alone he sees them', async ({
  browser,
  product,
}) => {
  const page = await openPlain(browser, product.url, true)
  await page.goto(`${enterprise}/points-forts`)
  await page.getByLabel('Un mot pour raconter').fill('Mon père réparait déjà tout.')
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(page.getByRole('alert')).toContainText('Cochez au moins un point fort')
  await expect(page.getByLabel('Un mot pour raconter')).toHaveValue('Mon père réparait déjà tout.')
  await page.getByLabel(strength).check()
  await page.getByLabel(other).check()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(page.getByRole('status')).toContainText('2 points forts sont enregistrés. Vous seul les voyez')
  await expectNoSideScroll(page)
  const public_ = await openPlain(browser, product.url, false)
  await public_.goto(enterprise)
  await expect(public_.getByRole('link', { name: strength })).toHaveCount(0)
  await public_.context().close()
  await page.context().close()
})

test('he agrees that everybody reads them, and the enterprise’s page shows them', async ({ browser, product }) => {
  const page = await openPlain(browser, product.url, true)
  await page.goto(`${enterprise}/points-forts`)
  await page.getByLabel(strength).check()
  await page.getByLabel(other).check()
  await page.getByLabel('Je suis d’accord pour que tout le monde le voie').check()
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(page.getByRole('status')).toContainText('tout le monde peut les lire')
  await page.getByRole('link', { name: 'Voir la page de l’entreprise' }).click()
  await expect(strengthsOf(page).getByRole('link', { name: strength })).toBeVisible()
  await expect(strengthsOf(page).getByText('d’après l’artisan').first()).toBeVisible()
  await page.context().close()
})

test('from a trait of the territory to its evidence, three steps by the keyboard, without JavaScript', async ({
  browser,
  product,
}) => {
  const page = await openPlain(browser, product.url, false)
  await page.goto('/territoires/ZZ')
  const traits = page.getByRole('region', { name: 'Pratiques' })
  await expect(traits.getByText(/n’ont pas été interrogées/)).toBeVisible()
  const first = traits.locator('a[href*="/pratiques/"]').first()
  const practice = await first.innerText()
  await follow(page, first)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(practice)
  await expect(page).toHaveURL(/territory=ZZ/)
  await follow(page, page.locator('tbody').getByRole('link').first())
  await expect(page).toHaveURL(/\/entreprises\/\d{14}/)
  await expect(page.getByText(practice).first()).toBeVisible()
  await page.context().close()
})

test('all practices are filtered by territory and sector without JavaScript', async ({ browser, product }) => {
  const page = await openPlain(browser, product.url, false)
  const scripts: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  await page.goto('/pratiques')
  await page.getByRole('link', { name: strength }).first().click()
  await expect(page.locator(`a[href^="${enterprise}"]`)).toBeVisible()
  await page.getByLabel('Territoire').selectOption('ZZ')
  await page.getByRole('button', { name: 'Afficher' }).click()
  await expect(page).toHaveURL(/territory=ZZ/)
  await expect(page.locator(`a[href^="${enterprise}"]`)).toBeVisible()
  await page.getByRole('link', { name: 'Toutes les pratiques' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Val-d’Ouvrage')
  expect(scripts).toEqual([])
  await page.context().close()
})

for (const colorScheme of ['light', 'dark'] as const)
  test(`the pages are accessible and hold on a phone, in ${colorScheme}`, async ({ browser, product }) => {
    test.slow()
    const context = await browser.newContext({
      baseURL: product.url,
      colorScheme,
      storageState: artisan,
      viewport: phone,
    })
    const page = await context.newPage()
    for (const path of [
      '/pratiques',
      '/en/pratiques?territory=ZZ&sector=services',
      '/pratiques/repair-first?territory=ZZ',
      '/pratiques/material-choice',
      '/en/pratiques/work-radius',
      enterprise,
      `${enterprise}/points-forts`,
      `/en${enterprise}/points-forts`,
      '/territoires/ZZ',
      '/donnees',
    ]) {
      await page.goto(path)
      await expectGood(page)
    }
    await context.close()
  })

test('what the artisan withdraws is gone at once, everywhere', async ({ browser, product }) => {
  const page = await openPlain(browser, product.url, true)
  const list = `/api/practices?siret=${siret}&craft=all`
  const told = await page.request.get(list)
  expect(await told.json()).toMatchObject({ numberMatched: 2 })
  await page.goto('/espace/donnees')
  await page.getByRole('button', { name: /^Retirer/ }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await expect
    .poll(async () => ((await (await page.request.get(list)).json()) as { numberMatched: number }).numberMatched, {
      timeout: 1000,
    })
    .toBe(0)
  const again = await page.request.get(list, { headers: { 'if-none-match': told.headers().etag! } })
  expect(again.status()).toBe(200)
  const visitor = await openPlain(browser, product.url, false)
  await visitor.goto(enterprise)
  await expect(visitor.getByText('Aucun point fort n’est encore raconté')).toBeVisible()
  await visitor.goto('/pratiques/repair-first')
  await expect(visitor.locator(`a[href^="${enterprise}"]`)).toHaveCount(0)
  await visitor.context().close()
  await page.context().close()
})
