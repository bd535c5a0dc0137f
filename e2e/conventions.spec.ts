import { readFileSync } from 'node:fs'
import type { Browser, Page } from '@playwright/test'
import { enter, mailedLink } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test, type Product } from './product.ts'

// These journeys open a body, its people and its conventions.
test.use({ purpose: 'conventions', expectedError: /40[09]/ })
test.describe.configure({ mode: 'serial' })

const signed = Buffer.from('%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')
// One pixel.
const logo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const level1 = (page: Page) => page.getByRole('heading', { level: 1 })

async function check(page: Page) {
  await expectAccessible(page)
  const size = page.viewportSize()!
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSideScroll(page)
  await page.setViewportSize(size)
}

/** A page of each person, for as long as the file runs. */
const people = new Map<string, Page>()
async function pageOf(browser: Browser, product: Product, name: string, link: () => string | Promise<string>) {
  const known = people.get(name)
  if (known) return known
  const page = await (await browser.newContext({ baseURL: product.url })).newPage()
  await enter(page, await link())
  people.set(name, page)
  return page
}
const administrator = (browser: Browser, product: Product) =>
  pageOf(browser, product, 'administrator', () => product.signInLink())

let bodyAddress: string
let conventionAddress: string

test.afterAll(async () => {
  for (const page of people.values()) await page.context().close()
})

test('the administrator opens a body and invites a surveyor', async ({ browser, product }) => {
  const chief = await administrator(browser, product)
  await chief.goto('/espace')
  await chief.getByRole('link', { name: 'Organismes et conventions' }).click()
  await check(chief)
  await chief.getByLabel('Nom de l’organisme').fill('Chambre de métiers d’essai')
  await chief.getByLabel('Sorte d’organisme').selectOption('chamber')
  await chief.getByLabel('Code de son territoire').fill('nulle-part')
  await chief.getByLabel('Courriel de contact').fill('contact@chambre.example')
  await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
  await expect(chief.getByText('Le territoire « nulle-part » est inconnu')).toBeVisible()
  await expect(chief.getByLabel('Nom de l’organisme')).toHaveValue('Chambre de métiers d’essai')
  await check(chief)
  await chief.getByLabel('Code de son territoire').fill('82')
  await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
  await expect(level1(chief)).toHaveText('Chambre de métiers d’essai')
  bodyAddress = new URL(chief.url()).pathname
  await check(chief)

  await chief.getByText('Logo', { exact: true }).click()
  await chief.getByLabel('Image du logo').setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: logo })
  await chief.getByRole('button', { name: 'Enregistrer le logo' }).click()
  await expect(chief.getByRole('status')).toContainText('Le logo est enregistré.')
  const picture = chief.locator('img[src$="/logo.webp"]')
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1)
  await check(chief)

  await chief.getByLabel('Nom de la personne').fill('Inès Enquêtrice')
  await chief.getByLabel('Son courriel').fill('ines@chambre.example')
  await chief.getByLabel('Enquêteur : lit et ajoute.').check()
  await chief.getByRole('button', { name: 'Envoyer l’invitation' }).click()
  await expect(chief.getByRole('status')).toContainText('L’invitation est écrite.')
  await expect(chief.getByRole('button', { name: 'Mettre fin à ce que fait Inès Enquêtrice' })).toBeVisible()
  await check(chief)
})

test('he writes a convention with the keyboard alone, and signs it with a PDF', async ({ browser, product }) => {
  const chief = await administrator(browser, product)
  await chief.goto(bodyAddress)
  await chief.getByLabel('À quoi sert-elle').focus()
  await chief.keyboard.type('Enquête d’essai')
  await chief.getByLabel('Premier jour').fill(dayIn(-1))
  await chief.locator('#write-endsOn').fill(dayIn(90))
  await chief.locator('#write-endsOn').press('Enter')
  await expect(level1(chief)).toHaveText('Enquête d’essai')
  conventionAddress = new URL(chief.url()).pathname
  await check(chief)

  await chief.getByLabel('Permettre de').focus()
  await chief.keyboard.type('lire')
  await chief.getByLabel('Seulement ce que je choisis').focus()
  await chief.keyboard.press('Space')
  await chief.getByLabel('l’environnement').focus()
  await chief.keyboard.press('Space')
  await chief.getByLabel('Où ?').fill('82')
  await chief.getByLabel('Pour quel usage').focus()
  await chief.keyboard.press('ArrowDown')
  await chief.keyboard.press('ArrowDown')
  await chief.getByRole('button', { name: 'Ajouter cette clause' }).focus()
  await chief.keyboard.press('Enter')
  const sentence = 'Lire ce qui touche à l’environnement, dans le département Tarn-et-Garonne, pour l’enquête'
  await expect(chief.getByRole('listitem').filter({ hasText: sentence })).toBeVisible()

  const file = chief.getByLabel('Convention signée, en PDF')
  await file.setInputFiles({ name: 'signee.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') })
  await chief.getByRole('button', { name: 'Déposer et mettre en vigueur' }).click()
  await expect(chief.getByText('Ce fichier n’est pas un PDF.')).toBeVisible()
  await check(chief)
  await file.setInputFiles({ name: 'signee.pdf', mimeType: 'application/pdf', buffer: signed })
  await chief.getByRole('button', { name: 'Déposer et mettre en vigueur' }).click()
  await expect(chief.getByText('En cours')).toBeVisible()
  await expect(chief.getByRole('button', { name: /Retirer/ })).toHaveCount(0)
  await check(chief)
  const [download] = await Promise.all([
    chief.waitForEvent('download'),
    chief.getByRole('link', { name: 'Télécharger la convention signée' }).click(),
  ])
  expect(readFileSync(await download.path())).toEqual(signed)
})

test('the surveyor signs in by the link and reads what she may do', async ({ browser, product }) => {
  const chief = await administrator(browser, product)
  const ines = await pageOf(browser, product, 'ines', () => mailedLink(chief, 'ines@chambre.example'))
  await expect(ines).toHaveURL(/\/espace\/organismes$/)
  await expect(ines.getByText('Vous agissez comme enquêteur')).toBeVisible()
  await expect(
    ines.getByText(
      'Lire ce qui touche à l’environnement, dans le département Tarn-et-Garonne, pour l’enquête, jusqu’au',
    ),
  ).toBeVisible()
  await check(ines)
  await ines.getByRole('link', { name: 'Voir l’organisme et ses conventions' }).click()
  await expect(level1(ines)).toHaveText('Chambre de métiers d’essai')
  await expect(ines.getByRole('button', { name: /Mettre fin|Envoyer/ })).toHaveCount(0)
  await check(ines)
  expect((await ines.request.get(conventionAddress)).status()).toBe(403)
  expect((await ines.request.get(`${conventionAddress}/signee.pdf`)).status()).toBe(403)
  expect((await ines.request.get('/espace/journal')).status()).toBe(403)
})

test('the convention is extended, then ended: the surveyor reads that, and why', async ({ browser, product }) => {
  const chief = await administrator(browser, product)
  await chief.goto(conventionAddress)
  await chief.getByText('Prolonger', { exact: true }).click()
  await chief.getByLabel('Nouveau dernier jour').fill(dayIn(10))
  await chief.getByRole('button', { name: 'Prolonger la convention' }).click()
  await expect(chief.getByText('Une prolongation mène à un jour à venir')).toBeVisible()
  await chief.getByLabel('Nouveau dernier jour').fill(dayIn(200))
  await chief.getByRole('button', { name: 'Prolonger la convention' }).click()
  await expect(chief.getByText('Prolongée : elle finissait le')).toBeVisible()
  await chief.getByText('Mettre fin dès maintenant').click()
  await chief.getByLabel('Pourquoi').fill('L’enquête est terminée.')
  await chief.getByRole('button', { name: 'Mettre fin à la convention' }).click()
  await expect(chief.getByText('Arrêtée : L’enquête est terminée.').first()).toBeVisible()
  await check(chief)

  const ines = await pageOf(browser, product, 'ines', () => mailedLink(chief, 'ines@chambre.example'))
  await ines.goto('/espace/organismes')
  await expect(ines.getByText('Aujourd’hui, aucune convention ne vous permet rien.')).toBeVisible()
  await expect(ines.getByText(/Enquête d’essai.*a été arrêtée le .*L’enquête est terminée\./)).toBeVisible()
  await check(ines)
})

test('an artisan types the code of a sheet, and the enterprise is his', async ({ browser, product }) => {
  const chief = await administrator(browser, product)
  const list = (await (await chief.request.get('/api/establishments?limit=1')).json()) as {
    features: { properties: { siret: string } }[]
  }
  const { siret } = list.features[0]!.properties
  await chief.goto(`/espace/entreprise/code?siret=${siret}`)
  await check(chief)
  await chief.getByRole('button', { name: 'Faire un code' }).click()
  const code = await chief.locator('[data-code]').innerText()
  expect(code).toMatch(/^([A-Z2-9]{4}-){2}[A-Z2-9]{4}$/)
  await check(chief)

  const ines = await pageOf(browser, product, 'ines', () => mailedLink(chief, 'ines@chambre.example'))
  await ines.goto('/espace/entreprise')
  await expect(ines.getByText('Aucune entreprise n’est encore liée')).toBeVisible()
  await check(ines)
  await ines.getByLabel('Code de la feuille').fill('ABCD EFGH JKMN')
  await ines.getByRole('button', { name: 'Lier cette entreprise' }).click()
  await expect(ines.getByText('Ce code est inconnu')).toBeVisible()
  await ines.getByLabel('Code de la feuille').fill(code.toLowerCase())
  await ines.getByRole('button', { name: 'Lier cette entreprise' }).click()
  await expect(ines.getByRole('heading', { name: 'Qui a lu ou changé ce qui n’est pas public' })).toBeVisible()
  await check(ines)
})

test('an artisan without an account opens one with the code of a sheet, without JavaScript', async ({
  browser,
  product,
}) => {
  const chief = await administrator(browser, product)
  const list = (await (await chief.request.get('/api/establishments?limit=2')).json()) as {
    features: { properties: { siret: string } }[]
  }
  await chief.goto(`/espace/entreprise/code?siret=${list.features[1]!.properties.siret}`)
  await chief.getByRole('button', { name: 'Faire un code' }).click()
  const code = await chief.locator('[data-code]').innerText()

  const context = await browser.newContext({ baseURL: product.url, javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/connexion')
  await page.getByText('J’ai une feuille avec le code').click()
  await page.getByLabel('Code de la feuille').fill('ABCD-EFGH-JKMN')
  await page.getByLabel('Votre nom').fill('Rosa Potière')
  const form = page.locator('form[action="?/code"]')
  await form.getByLabel('Adresse de courriel').fill('rosa@atelier.example')
  await form.getByRole('button').click()
  await expect(page.getByText('Ce code est inconnu')).toBeVisible()
  await page.getByLabel('Code de la feuille').fill(code)
  await page.getByLabel('Votre nom').fill('Rosa Potière')
  await form.getByRole('button').click()
  await expect(page.getByRole('status')).toBeVisible()

  await enter(page, await mailedLink(chief, 'rosa@atelier.example'))
  await expect(page.getByLabel('Code de la feuille')).toHaveValue(code)
  await page.getByRole('button', { name: 'Lier cette entreprise' }).click()
  await expect(page.getByRole('heading', { name: 'Qui a lu ou changé ce qui n’est pas public' })).toBeVisible()
  await context.close()
})

test('the journal, and an invitation that has ended', async ({ browser, product, page }) => {
  const chief = await administrator(browser, product)
  await chief.goto('/espace/journal')
  await expect(level1(chief)).toHaveText('Journal')
  await check(chief)
  await page.goto('/invitation/inconnue')
  await expect(page.getByText('Cette invitation est inconnue ou a pris fin.')).toBeVisible()
  await check(page)
})
