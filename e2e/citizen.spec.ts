import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

const pages = [
  '/',
  '/?q=boulangere',
  '/carte',
  '/carte?sector=building&territory=ZZ',
  '/territoires',
  '/territoires/ZZ',
  '/territoires/ZZ001',
  '/metiers',
  '/metiers/macon',
  '/entreprises/00000792200024',
  '/donnees',
  '/licences',
  '/connexion',
  '/en',
  '/en/carte',
  '/en/territoires/ZZ',
]

test.describe('without JavaScript, on a phone', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 800 } })

  test('finds a baker in spite of a typing error, on the map, and reads its page', async ({ page }) => {
    await page.goto('/')
    await expect(page.getByText('Démonstration :')).toBeVisible()
    await page.getByLabel('Une commune, un métier, une entreprise').fill('boulangere')
    await page.getByRole('button', { name: 'Chercher' }).click()
    await page.getByRole('link', { name: 'Boulanger-pâtissier', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Boulanger-pâtissier')
    await page.getByRole('link', { name: 'Voir tous ces établissements sur la carte' }).click()
    const count = await page.locator('.count').innerText()
    const rows = page.locator('section[aria-labelledby=liste] tbody tr')
    expect(`${await rows.count()} établissements`).toBe(count)
    await rows.first().getByRole('link').click()
    await expect(page.getByRole('heading', { name: 'Identité au registre' })).toBeVisible()
    await expectNoSideScroll(page)
  })

  test('filters, zooms and opens a group with links and forms alone', async ({ page }) => {
    await page.goto('/carte')
    await page.getByRole('checkbox', { name: 'Bâtiment' }).check()
    await page.getByRole('button', { name: 'Afficher' }).click()
    await expect(page).toHaveURL(/sector=building/)
    await page.getByRole('link', { name: 'Agrandir' }).click()
    await expect(page).toHaveURL(/sector=building.*vue=/)
    await page.getByText('Les points de la carte, en tableau').click()
    const group = page.locator('.spots tbody tr').first()
    const members = await group.locator('td').last().innerText()
    await group.getByRole('link').click()
    await expect(page.getByText('La liste ne montre que les établissements du groupe choisi.')).toBeVisible()
    await expect(page.locator('.count')).toHaveText(`${members} établissements`)
    await expectNoSideScroll(page)
  })

  for (const path of pages) {
    test(`${path} holds on a phone`, async ({ page }) => {
      expect((await page.goto(path))?.status()).toBe(200)
      await expect(page.locator('h1')).toBeVisible()
      await expectNoSideScroll(page)
    })
  }
})

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme })
    for (const path of pages)
      test(`${path} is accessible`, async ({ page }) => {
        await page.goto(path)
        await expectAccessible(page)
      })
  })
}

test('pages to read send no script', async ({ page }) => {
  const scripts: string[] = []
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
  for (const path of ['/', '/territoires/ZZ', '/metiers', '/metiers/macon', '/entreprises/00000792200024', '/donnees'])
    await page.goto(path)
  expect(scripts).toEqual([])
  await page.goto('/carte')
  expect(scripts.some((url) => url.includes('maplibre'))).toBe(false)
})

test('no request leaves the site', async ({ page, product }) => {
  const elsewhere: string[] = []
  page.on(
    'request',
    (request) =>
      !request.url().startsWith(product.url) && !request.url().startsWith('data:') && elsewhere.push(request.url()),
  )
  for (const path of pages) await page.goto(path)
  expect(elsewhere).toEqual([])
})
