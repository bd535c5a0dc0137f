import type { BrowserContext, Page } from '@playwright/test'
import { enter, mailedLink } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

// This journey changes what the product holds.
test.use({ purpose: 'statements' })
test.describe.configure({ mode: 'serial' })

/** The administrator, once signed in: his link of the start serves once. */
let administrator: Awaited<ReturnType<BrowserContext['storageState']>>

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
  administrator = await page.context().storageState()
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

test.describe('two bodies and an artisan do not agree', () => {
  const signed = Buffer.from('%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')
  const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
  const people = new Map<string, Page>()
  const of = (name: string) => people.get(name)!
  test.afterAll(async () => {
    for (const page of people.values()) await page.context().close()
  })

  /** Opens a body, whose only person may contribute and, where she is an expert, validate. */
  async function openBody(chief: Page, name: string, person: string, role: RegExp) {
    await chief.goto('/espace/organismes')
    await chief.getByLabel('Nom de l’organisme').fill(name)
    await chief.getByLabel('Sorte d’organisme').selectOption('chamber')
    await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
    await expect(chief.getByRole('heading', { level: 1 })).toHaveText(name)
    await chief.getByLabel('Nom de la personne').fill(person)
    await chief.getByLabel('Son courriel').fill(`${person.toLowerCase()}@essai.example`)
    await chief.getByLabel(role).check()
    await chief.getByRole('button', { name: 'Envoyer l’invitation' }).click()
    await chief.getByLabel('À quoi sert-elle').fill('Enquête')
    await chief.getByLabel('Premier jour').fill(dayIn(-1))
    await chief.locator('#write-endsOn').fill(dayIn(90))
    await chief.locator('#write-endsOn').press('Enter')
    for (const action of ['contribute', 'validate']) {
      const form = chief.locator('form[action$="addClause"]')
      if (!(await form.isVisible())) await chief.getByText('Ajouter une clause', { exact: true }).click()
      await chief.getByLabel('Permettre de').selectOption(action)
      await chief.getByLabel('Tout', { exact: true }).check()
      await chief.getByLabel('Pour quel usage').selectOption('atlas')
      await chief.getByRole('button', { name: 'Ajouter cette clause' }).click()
      await expect(chief.getByRole('button', { name: /^Retirer la clause/ })).toHaveCount(
        action === 'contribute' ? 1 : 2,
      )
    }
    await chief
      .getByLabel('Convention signée, en PDF')
      .setInputFiles({ name: 'signee.pdf', mimeType: 'application/pdf', buffer: signed })
    await chief.getByRole('button', { name: 'Déposer et mettre en vigueur' }).click()
    await expect(chief.getByText('En cours')).toBeVisible()
  }

  async function say(page: Page, item: string, label: string, value: string) {
    await page.goto(`${enterprise}/corriger?champ=${item}`)
    await page.getByLabel(label).fill(value)
    const method = page.getByLabel('Comment le savez-vous')
    if (await method.isVisible()) await method.selectOption('on_site')
    await page.getByRole('button', { name: 'Publier' }).click()
    await expect(page.getByRole('status')).toContainText('C’est publié')
  }

  test('each says a website, and the entry shows both', async ({ browser, product }) => {
    test.slow()
    const newPage = async (options = {}) =>
      (await browser.newContext({ baseURL: product.url, locale: 'fr-FR', ...options })).newPage()
    const page = await newPage({ storageState: administrator })
    people.set('Administrator', page)
    await openBody(page, 'Chambre', 'Aline', /^Expert/)
    await openBody(page, 'Pays', 'Bea', /^Enquêteur/)
    await page.goto(`/espace/entreprise/code?siret=${enterprise.split('/').at(-1)}`)
    await page.getByLabel('Nom de l’artisan').fill('Paul')
    await page.getByLabel('Son courriel').fill('paul@essai.example')
    await page.getByRole('button', { name: 'Faire un code' }).click()
    const code = await page.locator('[data-code]').innerText()
    await expect(page.getByRole('status')).toContainText('ce site n’en envoie pas')
    for (const name of ['Aline', 'Bea', 'Paul']) {
      const other = await newPage()
      people.set(name, other)
      if (name === 'Paul') {
        await other.goto('/connexion')
        await other.getByRole('textbox', { name: 'Votre adresse de courriel' }).fill('paul@essai.example')
        await other.getByRole('button', { name: 'Recevoir un lien' }).click()
        await expect(other.getByRole('status')).toBeVisible()
      }
      await enter(other, await mailedLink(page, `${name.toLowerCase()}@essai.example`))
    }
    await of('Paul').goto('/espace/entreprise')
    await of('Paul').getByLabel('Code de la feuille').fill(code)
    await of('Paul').getByRole('button', { name: 'Lier cette entreprise' }).click()
    await expect(of('Paul').getByRole('link', { name: 'Déposer des images ou des films' })).toBeVisible()
    await say(of('Aline'), 'website', 'Site web', 'https://un.example/')
    await say(of('Bea'), 'website', 'Site web', 'https://deux.example/')
    await page.goto(enterprise)
    await expect(page.getByText('avis partagés')).toBeVisible()
    await expectGood(page)
  })

  test('an expert settles it, saying why', async () => {
    const page = of('Aline')
    await page.goto('/espace/moderation')
    const site = page.locator('article').filter({ hasText: 'Site web' })
    await site.getByRole('radio', { name: /un\.example/ }).check()
    await site.getByLabel('Pourquoi ce choix').fill('Vu sur la devanture')
    await expectGood(page)
    await site.getByRole('button', { name: 'Trancher' }).click()
    await expect(page.getByRole('status')).toContainText('C’est tranché')
    await page.goto(enterprise)
    await expect(page.getByRole('link', { name: 'https://un.example/' })).toBeVisible()
    await expect(page.getByText('Vu sur la devanture')).toBeVisible()
  })

  test('the other body has its disagreement noted', async () => {
    const page = of('Bea')
    await page.goto(`${enterprise}/corriger`)
    await page
      .getByLabel('Avec quoi n’êtes-vous pas d’accord')
      .selectOption({ label: 'Site web : https://un.example/' })
    await page.getByLabel('Pourquoi n’êtes-vous pas d’accord').fill('Le site a changé')
    await expectGood(page)
    await page.getByRole('button', { name: 'Noter le désaccord' }).click()
    await expect(page.getByRole('status')).toContainText('votre organisme n’est pas d’accord')
    await page.goto(enterprise)
    await expect(page.getByText('N’est pas d’accord : Pays')).toBeVisible()
  })

  test('the artisan contests it, and the entry says so', async () => {
    const page = of('Paul')
    await page.goto(`${enterprise}/corriger`)
    await page.getByLabel('Que contestez-vous').selectOption({ label: 'Site web : https://un.example/' })
    await page.getByLabel('Pourquoi contestez-vous').fill('Ce site n’est pas le mien')
    await expectGood(page)
    await page.getByRole('button', { name: 'Contester' }).click()
    await expect(page.getByRole('status')).toContainText('vous contestez')
    await page.goto(enterprise)
    await expect(page.getByText('contesté', { exact: true })).toBeVisible()
    await page.setViewportSize({ width: 390, height: 800 })
    await expectGood(page)
  })
})
