import { randomBytes } from 'node:crypto'
import type { Page } from '@playwright/test'
import { expect, test } from './product.ts'
import {
  answersOf,
  checkScreen,
  find,
  listUnits,
  openApp,
  openChief,
  openNetwork,
  openPhone,
  openSurveyor,
  photo,
  sendAll,
  sendingOf,
  takeTerritory,
  title,
  type Unit,
} from './surveyors.ts'

// What a phone does to a survey: a newer page, days without network, no room, nothing kept.
test.use({ purpose: 'surveyor-screens' })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

const day = 86_400_000
let chief: Page
let lea: Page
let units: Unit[]
let network: Awaited<ReturnType<typeof openNetwork>>

test.beforeAll(async ({ browser, product }) => {
  network = await openNetwork()
  chief = await openChief(browser, product)
  units = (await listUnits(chief)).toReversed()
  const surveyor = { body: 'Pays d’essai', name: 'Léa Enquêtrice', mail: 'lea@pays.example' }
  lea = (await openSurveyor({ browser, product, chief }, surveyor)).phonePage
  await openApp(lea)
  await takeTerritory(lea)
})
test.afterAll(async () => {
  for (const page of [chief, lea]) await page?.context().close()
  network.close()
})

/** Begins a visit, and comes to its first question, in which something is typed. */
async function begin(page: Page, unit: Unit, text: string) {
  await page.goto('/enquete#/chercher/complete')
  await find(page, unit)
  await page.getByRole('link', { name: 'Commencer les questions' }).tap()
  await page.getByLabel('Votre réponse').fill(text)
}

test('who may not survey yet is told what it takes', async () => {
  await openApp(chief)
  await chief.setViewportSize({ width: 390, height: 844 })
  await checkScreen(chief, 'no-right')
})

test('a newer version of the page is offered in mid-visit, and nothing is lost', async ({ browser, product }) => {
  const storageState = await lea.context().storageState()
  const page = await openPhone({ browser, product }, { proxy: network.proxy, storageState })
  await page.clock.install()
  await openApp(page)
  await begin(page, units[0]!, 'Le frêne')
  network.deploy()
  await page.clock.fastForward('01:00:01')
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  const waits = () =>
    page.evaluate(async () => (await navigator.serviceWorker.getRegistration('/enquete'))!.waiting !== null)
  await expect.poll(waits).toBe(true)
  await expect(page.getByLabel('Votre réponse')).toHaveValue('Le frêne')
  await expect(page.getByRole('button', { name: 'Mettre à jour' })).toHaveCount(0)
  await page.getByRole('link', { name: 'Passer' }).tap()
  await page.getByRole('radio', { name: 'Oui' }).tap()
  await expect(title(page)).toHaveText('Pourquoi avez-vous choisi cette matière ?')

  await page.goto('/enquete#/')
  await expect(page.getByText('Une nouvelle version de cette page est prête')).toBeVisible()
  await checkScreen(page, 'home-update')
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Mettre à jour' }).tap()])
  const visit = page.getByRole('link', { name: units[0]!.name })
  await expect(visit).toContainText('2 réponses')
  await expect(page.getByText('Une nouvelle version de cette page est prête')).toHaveCount(0)
  await sendAll(page)
  expect((await answersOf(lea, units[0]!)).map(({ item }) => item).toSorted()).toEqual([
    'main-material',
    'materials-nearby',
  ])
  await page.context().close()
})

test('who is no longer signed in keeps what was noted, and sends it once signed in again', async () => {
  await lea.context().setOffline(true)
  await begin(lea, units[1]!, 'Le tilleul')
  await lea.getByRole('link', { name: 'Passer' }).tap()
  await lea.goto('/enquete#/')
  await expect(sendingOf(lea)).toContainText('1 réponse à envoyer')
  const cookies = await lea.context().cookies()
  await lea.context().clearCookies()
  await lea.context().setOffline(false)
  await expect(lea.getByRole('alert')).toContainText('Vous n’êtes plus connecté.', { timeout: 30_000 })
  await checkScreen(lea, 'home-signed-out')
  await lea.context().addCookies(cookies)
  await lea.getByRole('button', { name: 'Envoyer' }).tap()
  await expect(sendingOf(lea)).toContainText('Tout est envoyé')
  await expect(lea.getByRole('alert')).toHaveCount(0)
  expect((await answersOf(lea, units[1]!)).map(({ item }) => item)).toEqual(['main-material'])
})

test('a phone with little room says so, notes nothing by halves, and keeps what it has room for', async ({
  browser,
  product,
}) => {
  const page = await openPhone({ browser, product }, { storageState: await lea.context().storageState() })
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: product.url, quotaSize: 15_000_000 })
  // Chromium tells every page of much room, whatever there is; others tell what there is.
  await page.addInitScript(() => {
    StorageManager.prototype.estimate = () => Promise.resolve({ usage: 1_000_000, quota: 15_000_000 })
  })
  await openApp(page)
  await expect(page.getByText('Ce téléphone manque de place')).toBeVisible()
  await checkScreen(page, 'home-full')
  await begin(page, units[2]!, 'Le cormier')
  await page.goto(page.url().replace('main-material', 'gesture-picture'))
  const take = (buffer: Buffer) =>
    page.getByLabel('Prendre une photo').setInputFiles({ name: 'mains.png', mimeType: 'image/png', buffer })
  await take(Buffer.concat([photo, randomBytes(20_000_000)]))
  await expect(page.getByRole('alert')).toContainText('Plus de place sur cet appareil : rien n’a été noté.')
  await expect(page.getByRole('figure')).toHaveCount(0)
  await checkScreen(page, 'photo-full')
  await take(photo)
  await expect(page.getByRole('figure')).toBeVisible()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await sendAll(page)
  await page.context().close()
})

test('after days without network, the first screen says since when nothing was sent', async () => {
  await lea.context().setOffline(true)
  await begin(lea, units[3]!, 'Le buis')
  await lea.getByRole('link', { name: 'Passer' }).tap()
  await lea.goto('/enquete#/')
  await lea.clock.setFixedTime(Date.now() + 2.5 * day)
  await lea.reload()
  await expect(sendingOf(lea)).toContainText('1 réponse à envoyer')
  await expect(lea.getByRole('alert')).toHaveCount(0)
  await lea.clock.setFixedTime(Date.now() + 4.5 * day)
  await lea.reload()
  await expect(sendingOf(lea)).toContainText('Hors ligne')
  await expect(lea.getByRole('alert')).toContainText('Rien n’est parti depuis 4 jours.')
  await checkScreen(lea, 'home-days')
})

test('a browser that erased what was not sent is found out', async ({ product }) => {
  await lea.goto('about:blank')
  const devtools = await lea.context().newCDPSession(lea)
  await devtools.send('Storage.clearDataForOrigin', { origin: product.url, storageTypes: 'indexeddb' })
  await lea.context().setOffline(false)
  await lea.goto('/enquete')
  await expect(lea.getByRole('alert')).toContainText('Ce téléphone a effacé le journal de l’enquête')
  await checkScreen(lea, 'home-erased')
})

test('a browser that keeps nothing says so before anything is noted', async ({ browser, product }) => {
  const page = await openPhone({ browser, product }, { storageState: await lea.context().storageState() })
  // As in some private windows.
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    }
  })
  await page.goto('/enquete')
  await expect(page.getByText('Ce navigateur ne garde rien')).toBeVisible()
  await checkScreen(page, 'home-nothing-kept')
  await page.context().close()
})
