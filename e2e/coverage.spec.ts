import type { Browser, BrowserContext, Page } from '@playwright/test'
import { enter, mailedLink, openAsAdministrator } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test, type Product } from './product.ts'

// These journeys change what the product holds.
test.use({ purpose: 'coverage' })
test.describe.configure({ mode: 'serial' })

const phone = { viewport: { width: 390, height: 844 } }
const surveyor = 'ismael.boisjoli@demonstration.invalid'
const partner = 'rosine.pastelard@demonstration.invalid'
let administrator: Page

/** A telephone without JavaScript, signed in as somebody of the demonstration. */
async function phoneOf(
  browser: Browser,
  product: Product,
  address: string,
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({
    ...phone,
    baseURL: product.url,
    javaScriptEnabled: false,
    locale: 'fr-FR',
  })
  const page = await context.newPage()
  await page.goto('/connexion')
  await page.getByLabel('Votre adresse de courriel').first().fill(address)
  await page.getByRole('button', { name: 'Recevoir un lien' }).click()
  await enter(page, await mailedLink(administrator, address))
  return { page, context }
}

/** The same session where axe can run. */
async function readable(browser: Browser, product: Product, context: BrowserContext): Promise<Page> {
  const other = await browser.newContext({ ...phone, baseURL: product.url, storageState: await context.storageState() })
  return other.newPage()
}

test.beforeAll(async ({ browser, product }) => {
  administrator = await openAsAdministrator(browser, product)
})

test('a surveyor reads on her telephone what is visited, and whom to go and see', async ({ browser, product }) => {
  const { page, context } = await phoneOf(browser, product, surveyor)
  await page.getByRole('link', { name: 'Enquête', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Enquête')
  const told = await page.getByText(/entreprises artisanales visitées sur/).textContent()
  const [, surveyed, units] = /(\d+) entreprises artisanales visitées sur (\d+)/.exec(told!)!
  const rows = page.getByRole('table', { name: 'Par commune' }).locator('tbody tr')
  const cells = await rows.evaluateAll((all) => all.map((row) => [...row.children].map((one) => one.textContent)))
  const sum = (column: number) => cells.reduce((total, row) => total + Number(row[column]!.replace(/\D/g, '')), 0)
  expect([sum(2), sum(1)]).toEqual([Number(surveyed), Number(units)])
  expect(await page.locator('figure svg path').count()).toBe(40)
  await expectNoSideScroll(page)

  await page.getByRole('table', { name: 'Par commune' }).getByRole('link', { name: 'Trois-Fours' }).click()
  await expect(page.getByLabel('Commune')).toHaveValue('ZZ038')
  await expect(page.getByRole('link', { name: 'Jamais interrogées' })).toHaveAttribute('aria-current', 'page')
  await expect(page.getByRole('link', { name: /^Visiter/ }).first()).toHaveAttribute(
    'href',
    /^\/enquete#\/entreprise\/\d{14}$/,
  )
  await page.getByRole('link', { name: 'Interrogées cette saison' }).click()
  await expect(page.getByText(/^Déjà interrogée cette saison par .+, le \d/).first()).toBeVisible()
  await expectNoSideScroll(page)

  const seen = await readable(browser, product, context)
  for (const path of [
    '',
    '/entreprises',
    '/entreprises?etat=season',
    '/visites',
    '/visites?de=organisme',
    '/a-rattacher',
  ]) {
    await seen.goto(`/espace/enquete${path}`)
    await expectAccessible(seen)
    await expectNoSideScroll(seen)
  }
  await seen.goto('/en/espace/enquete')
  await expect(seen.getByRole('heading', { level: 1 })).toHaveText('Survey')
})

test('what was seen on the spot is linked to the register, once', async ({ browser, product }) => {
  const { page } = await phoneOf(browser, product, 'maelle.tournefeuil@demonstration.invalid')
  await page.goto('/espace/enquete/a-rattacher')
  const form = page.locator('form').filter({ has: page.getByLabel('SIRET') })
  await form.getByLabel('SIRET').fill('00000000000001')
  await form.getByRole('button', { name: /^Rattacher/ }).click()
  await expect(page.getByLabel('SIRET')).toHaveValue('00000000000001')
  await expect(page.getByText(/se vérifient entre eux/)).toBeVisible()
  await form.getByLabel('SIRET').fill('00000 0638 00023')
  await form.getByRole('button', { name: /^Rattacher/ }).click()
  await expect(page.getByRole('status')).toContainText('C’est rattaché')
  await expect(page.getByText('Rien n’est à rattacher.')).toBeVisible()
})

test('a body announces a training, a partner joins it, and the list stays the body’s', async ({ browser, product }) => {
  const { page, context } = await phoneOf(browser, product, surveyor)
  await page.goto('/espace/rencontres')
  await page.getByText('Annoncer une rencontre').click()
  await page.getByLabel('Sorte').selectOption('training')
  await page.getByLabel('Titre').fill('Reconnaître une chaux')
  await page.getByLabel('Jour', { exact: true }).fill('2031-03-04')
  await page.getByLabel('De', { exact: true }).fill('14:00')
  await page.getByLabel('À', { exact: true }).fill('13:00')
  await page.getByLabel('Lieu').fill('Atelier des Remparts')
  await page.getByLabel('Ordre du jour').fill('Accueil\nEssais au seau')
  await page.getByRole('button', { name: 'Annoncer', exact: true }).click()
  await expect(page.getByText('La fin vient après le début')).toBeVisible()
  await page.getByLabel('À', { exact: true }).fill('17:30')
  await page.getByRole('button', { name: 'Annoncer', exact: true }).click()
  await expect(page.getByRole('status')).toContainText('annoncée')
  await expect(page.getByText('mardi 4 mars 2031, de 14:00 à 17:30')).toBeVisible()
  await expectNoSideScroll(page)
  const address = new URL(page.url()).pathname

  const guest = await phoneOf(browser, product, partner)
  await guest.page.goto('/espace/rencontres')
  await guest.page.getByRole('link', { name: 'Reconnaître une chaux' }).click()
  await guest.page.getByRole('button', { name: 'Je viendrai' }).click()
  await expect(guest.page.getByRole('button', { name: 'Je ne viendrai pas' })).toBeVisible()
  await expect(guest.page.getByRole('heading', { name: 'Présences' })).toHaveCount(0)
  expect((await guest.page.goto(`${address}/feuille`))!.status()).toBe(404)

  await page.goto(address)
  await page.getByText('Ajouter une personne').first().click()
  await page.getByLabel('Nom').fill('Zoé Tuilière')
  await page.getByLabel('Organisme ou entreprise').fill('00000063800023')
  await page.getByRole('button', { name: 'Ajouter une personne' }).click()
  await page.getByRole('checkbox', { name: /^Zoé Tuilière/ }).check()
  await page.getByRole('button', { name: 'Enregistrer les présences' }).click()
  await expect(page.getByText('Sur la liste : 2. Présents : 1.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'La Gouge' })).toBeVisible()

  await page.getByText('Ajouter un support').first().click()
  await page.getByLabel('Titre du support').fill('Diaporama')
  await page.getByLabel('Adresse de la page').fill('https://exemple.fr/chaux')
  await page.getByRole('button', { name: 'Ajouter un support' }).click()
  await expect(page.getByRole('link', { name: 'Diaporama' })).toHaveAttribute('href', 'https://exemple.fr/chaux')
  await expectNoSideScroll(page)

  const seen = await readable(browser, product, context)
  for (const path of ['/espace/rencontres', '/espace/rencontres?quand=passees', address, `${address}/feuille`]) {
    await seen.goto(path)
    await expectAccessible(seen)
    await expectNoSideScroll(seen)
  }
  const calendar = await seen.request.get(`${address}/rencontre.ics`)
  expect(calendar.headers()['content-type']).toContain('text/calendar')
  expect(await calendar.text()).toContain('DTSTART:20310304T130000Z')

  await page.goto(address)
  await page.getByText('Annuler cette rencontre').click()
  await page.getByLabel('Pourquoi').fill('Route coupée')
  await page.getByRole('button', { name: 'Annuler la rencontre' }).click()
  await guest.page.goto(address)
  await expect(guest.page.getByText('Annulée : Route coupée')).toBeVisible()
  await expect(guest.page.getByRole('button', { name: /viendrai/ })).toHaveCount(0)
})
