import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import sharp from 'sharp'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

test.use({ purpose: 'media', expectedError: /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to load resource/ })
test.describe.configure({ mode: 'serial' })

let page: Page
test.beforeAll(async ({ browser, product }) => {
  const context = await browser.newContext({ baseURL: product.url, locale: 'fr-FR' })
  page = await context.newPage()
  await page.goto(product.signInLink())
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
})
test.afterAll(() => page.context().close())

/** A picture that takes more than two parts of a sending, and little to encode. */
async function writePicture(path: string) {
  const content = await sharp({ create: { width: 2600, height: 2300, channels: 3, background: '#b5532f' } })
    .png({ compressionLevel: 0 })
    .toBuffer()
  expect(content.length).toBeGreaterThan(2 * 8 * 1024 * 1024)
  writeFileSync(path, content)
}

const choose = async (path: string) => {
  await page.getByLabel('Fichiers', { exact: true }).setInputFiles(path)
  await page.getByRole('button', { name: 'Envoyer', exact: true }).click()
}

test.describe('an artisan deposits a picture', () => {
  test('the line is cut, the page is opened again, and the sending goes on where it was', async ({ product }) => {
    await page.goto('/espace/medias')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes images et mes films')
    await expect(page.getByText('Vous n’avez encore rien déposé.')).toBeVisible()
    await expectAccessible(page)
    const path = join(product.dataDir, 'atelier.png')
    await writePicture(path)
    let parts = 0
    await page.route('**/depot/*', (route) =>
      route.request().method() === 'PATCH' && ++parts > 1 ? route.abort('internetdisconnected') : route.continue(),
    )
    await choose(path)
    await expect(page.getByText('Connexion perdue : nouvel essai dans un instant…').first()).toBeVisible()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Suspendre atelier.png' }).click()
    await expect(page.getByText(/^Suspendu à \d+\s%$/).first()).toBeVisible()
    await page.unroute('**/depot/*')

    await page.reload()
    await expect(page.getByText('envoi inachevé')).toBeVisible()
    const offsets: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(request.headers()['upload-offset'] ?? '')
    })
    await choose(path)
    await page.getByRole('link', { name: 'Voir ce fichier atelier.png' }).click({ timeout: 20_000 })
    expect(offsets[0]).toBe(String(8 * 1024 * 1024))
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('atelier.png')
    await expect(page.locator('figure img')).toBeVisible({ timeout: 45_000 })
  })

  test('the rights are written, then a zone is blurred by the keyboard', async () => {
    await expectAccessible(page)
    await page.getByLabel('Auteur de l’image ou du film').fill('Élise Marchand')
    await page.getByLabel('À qui est le geste').fill('Jeanne, étameuse')
    await page.getByLabel('Légende en français').fill('L’établi le matin')
    await page.getByLabel('Description pour qui ne voit pas l’image').fill('Un établi de bois')
    await page.getByLabel('Licence').selectOption('cc-by')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await expect(page.getByRole('status').first()).toContainText('C’est enregistré')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('L’établi le matin')
    await expect(page.locator('figcaption')).toContainText('Geste : Jeanne, étameuse')
    await expect(page.locator('figcaption').getByRole('link', { name: 'CC BY 4.0' })).toBeVisible()

    await page.getByLabel('Depuis la gauche (%)').fill('90')
    await page.getByLabel('Depuis le haut (%)').fill('10')
    await page.getByLabel('Largeur (%)').fill('20')
    await page.getByLabel('Hauteur (%)').fill('15,5')
    await page.getByRole('button', { name: 'Flouter pour toujours' }).press('Enter')
    await expect(page.getByRole('alert')).toContainText('le rectangle doit tenir dans l’image')
    await expect(page.getByLabel('Hauteur (%)')).toHaveValue('15,5')
    await page.getByLabel('Depuis la gauche (%)').fill('70')
    await page.getByRole('button', { name: 'Flouter pour toujours' }).press('Enter')
    await expect(page.getByText('en préparation', { exact: false })).toBeVisible()
    await expect(page.locator('figure img')).toBeVisible({ timeout: 45_000 })
    await expectAccessible(page)
  })

  test('both pages hold on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.reload()
    await expectNoSideScroll(page)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Mes images et mes films' }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes images et mes films')
    await expect(page.getByRole('link', { name: 'L’établi le matin' })).toBeVisible()
    await expectNoSideScroll(page)
    await expectAccessible(page)
  })
})

test('without JavaScript, one file goes by a plain form, and can be erased', async ({ browser, product }) => {
  const storageState = await page.context().storageState()
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState,
    baseURL: product.url,
    locale: 'fr-FR',
  })
  const plain = await context.newPage()
  const path = join(product.dataDir, 'simple.jpg')
  await sharp({ create: { width: 600, height: 400, channels: 3, background: '#b5532f' } })
    .jpeg()
    .toFile(path)
  await plain.goto('/espace/medias')
  await plain.getByLabel('Fichiers', { exact: true }).setInputFiles(path)
  await plain.getByRole('button', { name: 'Envoyer', exact: true }).click()
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('simple.jpg')
  await expect(plain.locator('figure img')).toBeVisible({ timeout: 30_000 })
  await plain.getByText('Retirer ce fichier').click()
  await plain.getByRole('button', { name: 'Effacer pour toujours' }).click()
  await expect(plain.getByRole('heading', { level: 1 })).toHaveText('Mes images et mes films')
  await expect(plain.getByText('simple.jpg')).toHaveCount(0)

  const drawing = join(product.dataDir, 'dessin.jpg')
  writeFileSync(drawing, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  await plain.getByLabel('Fichiers', { exact: true }).setInputFiles(drawing)
  await plain.getByRole('button', { name: 'Envoyer', exact: true }).click()
  await expect(plain.getByText('Ce fichier a été refusé')).toBeVisible({ timeout: 15_000 })
  await expect(plain.getByText('Rien n’en a été gardé.')).toBeVisible()
  await context.close()
})

test('a visitor sees neither the pages nor the files', async ({ request }) => {
  expect((await request.get('/espace/medias', { maxRedirects: 0 })).status()).toBe(303)
  expect((await request.post('/depot', { headers: { 'tus-resumable': '1.0.0' } })).status()).toBe(401)
})
