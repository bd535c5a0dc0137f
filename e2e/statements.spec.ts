import type { Page } from '@playwright/test'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

// This journey changes what the product holds.
test.use({ purpose: 'statements' })
test.describe.configure({ mode: 'serial' })

const enterprise = '/entreprises/00000792200024'

async function expectGood(page: Page) {
  await expectAccessible(page)
  await expectNoSideScroll(page)
}

test.describe('a citizen on a phone, without JavaScript', () => {
  test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 800 }, expectedError: /400/ })

  test('proposes opening hours, and is told what is wrong first', async ({ page }) => {
    await page.goto(enterprise)
    await expect(page.getByText('Personne n’a encore rien ajouté')).toBeVisible()
    await page.getByRole('link', { name: 'Signaler une erreur ou compléter' }).click()
    await expectNoSideScroll(page)
    await page.getByRole('link', { name: 'Ajouter : Site web' }).click()
    await page.getByLabel('Site web').fill('javascript:alert(1)')
    await page.getByLabel('Comment le savez-vous').selectOption('on_site')
    await page.getByRole('button', { name: 'Proposer' }).click()
    await expect(page.getByRole('alert')).toContainText('https://')
    await expect(page.getByLabel('Site web')).toHaveValue('javascript:alert(1)')
    await page.getByRole('link', { name: 'Corriger autre chose' }).click()
    await page.getByRole('link', { name: 'Ajouter : Horaires' }).click()
    await page.getByLabel('Horaires').fill('Du mardi au samedi, de 7 h à 13 h')
    await page.getByLabel('Comment le savez-vous').selectOption('on_site')
    await page.getByRole('button', { name: 'Proposer' }).click()
    await expect(page.getByRole('status')).toContainText('Merci !')
    await page.goto(enterprise)
    await expect(page.getByText('de 7 h à 13 h')).toHaveCount(0)
  })

  test('places the enterprise by two numbers; a far one is refused', async ({ page }) => {
    await page.goto(`${enterprise}/corriger?champ=place`)
    await page.getByLabel('Latitude').fill('5,1')
    await page.getByLabel('Longitude').fill('45,9')
    await page.getByLabel('Comment le savez-vous').selectOption('on_site')
    await page.getByRole('button', { name: 'Proposer' }).click()
    await expect(page.getByRole('alert')).toContainText('60 km')
    await expectNoSideScroll(page)
  })
})

test.describe('anybody', () => {
  test.use({ expectedError: /40[04]/ })
  test('reads pages that are accessible, on a phone too', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 })
    for (const path of [
      `${enterprise}/corriger`,
      ...['activity', 'in_activity', 'place', 'opening_hours', 'website'].map(
        (item) => `${enterprise}/corriger?champ=${item}`,
      ),
      '/regles/accord',
      '/en/regles/accord',
      `/en${enterprise}/corriger?champ=place`,
    ]) {
      await page.goto(path)
      await expectGood(page)
    }
    expect((await page.goto('/entreprises/11111111111111/corriger'))?.status()).toBe(404)
    expect((await page.goto(`${enterprise}/corriger?champ=fortune`))?.status()).toBe(404)
  })

  test('uses the position of the device', async ({ page, context }) => {
    await context.grantPermissions(['geolocation'])
    await context.setGeolocation({ latitude: 45.9, longitude: -5.1 })
    await page.goto(`${enterprise}/corriger?champ=place`)
    await page.getByRole('button', { name: 'Utiliser ma position' }).click()
    await expect(page.getByLabel('Latitude')).toHaveValue('45.900000')
    await expect(page.getByLabel('Longitude')).toHaveValue('-5.100000')
  })
})

test('a visitor does not moderate', async ({ request }) => {
  const answer = await request.get('/espace/moderation', { maxRedirects: 0 })
  expect(answer.status()).toBe(303)
  const post = await request.post('/espace/moderation?/moderate', {
    form: { decision: 'accept' },
    headers: { origin: new URL(answer.url()).origin },
    maxRedirects: 0,
  })
  expect(post.status()).toBe(401)
})

test('the administrator accepts, and the page and the API show it', async ({ page, product }) => {
  await page.goto(product.signInLink())
  await page.getByRole('button', { name: 'Se connecter' }).first().click()
  await expect(page).toHaveURL(/\/espace/)
  await page.goto('/espace/moderation')
  await expect(page.getByText('Horaires : Du mardi au samedi')).toBeVisible()
  await expectGood(page)
  await page.setViewportSize({ width: 390, height: 800 })
  await expectGood(page)
  await page.getByRole('button', { name: 'Accepter' }).click()
  await expect(page.getByRole('status')).toContainText('acceptée')
  await expect(page.getByText('Rien n’attend')).toBeVisible()
  await page.goto(enterprise)
  await expect(page.getByText('Du mardi au samedi, de 7 h à 13 h')).toBeVisible()
  await expect(page.getByText('d’après un habitant')).toBeVisible()
  await expectGood(page)
  const item = await page.request.get(`/api/establishments/${enterprise.split('/').at(-1)}`)
  expect(await item.json()).toMatchObject({ properties: { corrected: ['opening_hours'] } })
})
