import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

const isOpen = (page: Page) =>
  expect(page.locator('.frame')).toHaveAttribute('data-status', 'open', { timeout: 40_000 })
const counted = async (page: Page) => Number((await page.locator('.count').innerText()).replace(/\D/g, ''))
const legend = (page: Page) => page.getByRole('list', { name: 'Légende' })

test('moving the drawn map keeps the place in the page and the focus', async ({ page }) => {
  await page.goto('/carte')
  await expect(page.getByRole('button', { name: 'Ouvrir la carte interactive' })).toBeVisible()
  for (const name of ['Agrandir', 'Vers le nord', 'Réduire', 'Tout voir']) {
    const button = page
      .getByRole('navigation', { name: 'Se déplacer sur la carte' })
      .getByRole('link', { name, exact: true })
    await button.scrollIntoViewIfNeeded()
    await page.evaluate(() => scrollBy(0, 120))
    const before = await page.evaluate(() => scrollY)
    expect(before).toBeGreaterThan(0)
    const address = page.url()
    await button.click()
    await expect(page).not.toHaveURL(address)
    await expect(button).toBeFocused()
    expect(await page.evaluate(() => scrollY)).toBe(before)
  }
})

test('sorting keeps the place in the page and the focus', async ({ page }) => {
  await page.goto('/carte')
  await expect(page.getByRole('button', { name: 'Ouvrir la carte interactive' })).toBeVisible()
  await page.evaluate(() => scrollTo(0, 250))
  const before = await page.evaluate(() => scrollY)
  await page.getByRole('link', { name: 'Les plus récents' }).click()
  await expect(page).toHaveURL(/sort=newest/)
  await expect(page.getByRole('link', { name: 'Les plus récents' })).toBeFocused()
  expect(await page.evaluate(() => scrollY)).toBe(before)
})

test('a group of the drawn map: its list has the focus, the map marks it, the legend counts it', async ({ page }) => {
  await page.goto('/carte')
  await expect(page.getByRole('button', { name: 'Ouvrir la carte interactive' })).toBeVisible()
  await page.locator('section.map svg a').first().click()
  await expect(page).toHaveURL(/bbox=/)
  await expect(page.getByRole('heading', { name: 'Liste', exact: true })).toBeFocused()
  await expect(page.locator('section.map svg .ring')).toHaveCount(1)
  const numbers = (await legend(page).locator('.soft').allInnerTexts()).map(Number)
  expect(numbers.reduce((sum, one) => sum + one, 0)).toBe(await counted(page))
  await expect(page.getByText('n’a pas de position')).toHaveCount(0)
})

test('the legend counts what the filters keep, each of which can be removed', async ({ page }) => {
  await page.goto('/carte?territory=ZZ&sector=building,food&createdFrom=2015')
  const texts = (await legend(page).locator('.soft').allInnerTexts()).map(Number)
  expect(texts.slice(2)).toEqual([0, 0])
  expect(texts[0]! + texts[1]!).toBe(await counted(page))
  await expect(page).toHaveTitle(/Bâtiment.*créés depuis 2015/)
  await page.getByRole('link', { name: /Retirer le filtre.*Bâtiment/ }).click()
  await expect(page).toHaveURL(/sector=food/)
  await expect(page.getByRole('checkbox', { name: 'Bâtiment' })).not.toBeChecked()
  await expect(page.getByRole('list', { name: 'Filtres actifs' }).getByRole('link')).toHaveCount(3)
})

test('the interactive map comes back on reload and on Back, and closes', async ({ page }) => {
  await page.goto('/carte?territory=ZZ')
  await page.getByRole('button', { name: 'Ouvrir la carte interactive' }).click()
  await isOpen(page)
  await expect(page).toHaveURL(/carte=interactive/)
  await expect(page.locator('.maplibregl-canvas')).toBeFocused()
  const box = (await page.getByRole('button', { name: 'Agrandir' }).boundingBox())!
  expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
  await page.getByRole('button', { name: 'Agrandir' }).click()
  await expect(page).toHaveURL(/vue=9/)
  const moved = page.url()
  await page.reload()
  await isOpen(page)
  expect(page.url()).toBe(moved)
  await page.locator('section[aria-labelledby=liste] tbody a').first().click()
  await expect(page.getByRole('heading', { name: 'Identité au registre' })).toBeVisible()
  await page.goBack()
  await isOpen(page)
  await expect(page).toHaveURL(moved)
  await expect(page.getByRole('link', { name: 'Mettre à jour le tableau' })).toBeVisible()
  await page.getByRole('button', { name: 'Tout voir' }).click()
  await expect(page).not.toHaveURL(moved)
  await page.getByRole('link', { name: 'Revenir à la carte dessinée' }).click()
  await expect(page).not.toHaveURL(/carte=interactive/)
  await expect(page.getByRole('button', { name: 'Ouvrir la carte interactive' })).toBeVisible()
})

test('a point of the interactive map leads to its establishment, and Back to the map', async ({ page }) => {
  const siret = await page.request
    .get('/api/establishments?territory=ZZ&limit=1000')
    .then(
      (answer) => answer.json() as Promise<{ features: { id: string; geometry: { coordinates: number[] } | null }[] }>,
    )
    .then(({ features }) => features.find((one) => one.geometry)!)
  const [lon, lat] = siret.geometry!.coordinates
  await page.goto(`/carte?q=${siret.id}&carte=interactive&vue=14/${lat}/${lon}`)
  await isOpen(page)
  await page.locator('.maplibregl-canvas').focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/entreprises/${siret.id}`))
  await page.goBack()
  await isOpen(page)
})

test('Enter says when there is nothing at the centre', async ({ page }) => {
  await page.goto('/carte?territory=ZZ&carte=interactive&vue=12/47.5/-4')
  await isOpen(page)
  await page.locator('.maplibregl-canvas').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'Rien au centre de la carte' })).toBeVisible()
  await expectAccessible(page)
})

test('a territory without contour or position says so instead of drawing another place', async ({ page }) => {
  for (const path of ['/carte?territory=82', '/territoires/82']) {
    await page.goto(path)
    await expect(page.getByText('Contours non importés, aucune position connue')).toBeVisible()
    await expect(page.locator('svg image')).toHaveCount(0)
  }
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true, colorScheme: 'dark' })

  test('a tap beside a point opens it', async ({ page }) => {
    await page.goto('/carte')
    await expect(page.getByRole('button', { name: 'Ouvrir la carte interactive' })).toBeVisible()
    const last = page.locator('section.map svg a').last()
    await last.scrollIntoViewIfNeeded()
    const circle = (await last.locator('.spot').boundingBox())!
    const hit = (await last.locator('.reach').boundingBox())!
    expect(hit.width).toBeGreaterThan(circle.width)
    expect(hit.width).toBeGreaterThanOrEqual(34)
    await page.touchscreen.tap(hit.x + hit.width / 2, hit.y + 3)
    await expect(page).toHaveURL(/bbox=|entreprises/)
  })

  test('the interactive map holds in the page and is accessible in the dark', async ({ page }) => {
    await page.goto('/carte?territory=ZZ&carte=interactive')
    await isOpen(page)
    await expectNoSideScroll(page)
    await expectAccessible(page)
  })
})
