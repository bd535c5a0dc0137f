import type { Page } from '@playwright/test'
import { expect, test } from './product.ts'
import {
  answersOf,
  checkScreen,
  find,
  listUnits,
  openApp,
  openChief,
  openSurveyor,
  phone,
  sendAll,
  takeTerritory,
  taps,
  title,
  type Unit,
} from './surveyors.ts'

// The ways to survey, and the kinds of answers, each on a phone of 390 pixels.
test.use({ purpose: 'surveyor-screens' })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

let chief: Page
let hugo: Page
let units: Unit[]

test.beforeAll(async ({ browser, product }) => {
  chief = await openChief(browser, product)
  units = await listUnits(chief)
  const surveyor = { body: 'Fédération d’essai', name: 'Hugo Enquêteur', mail: 'hugo@federation.example' }
  hugo = (await openSurveyor({ browser, product, chief }, surveyor)).phonePage
  await openApp(hugo)
  await takeTerritory(hugo)
})
test.afterAll(async () => {
  for (const page of [chief, hugo]) await page?.context().close()
})

test('an enterprise is found on the map of the territory, without tiles', async () => {
  await hugo.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await hugo.getByText('Voir sur la carte').tap()
  const map = hugo.getByRole('img', { name: /^Carte de CC Maistrance et Val d’Ouvre : \d+ entreprises$/ })
  await expect(map).toBeVisible()
  await checkScreen(hugo, 'find-map')
  const point = await map.locator('circle').first().boundingBox()
  await hugo.touchscreen.tap(point!.x + 3, point!.y + 3)
  // One enterprise opens; several under the finger are listed.
  const near = hugo.getByRole('list', { name: 'Entreprises de la carte' })
  await expect(near.or(hugo.getByRole('link', { name: 'Commencer les questions' }))).toBeVisible()
})

test('numbers, places, persons, enterprises, sounds: each kind of answer', async () => {
  await hugo.context().grantPermissions(['geolocation'])
  await hugo.context().setGeolocation({ latitude: 46.05, longitude: -5.1, accuracy: 10 })
  await hugo.goto('/enquete#/chercher/complete')
  await find(hugo, units[0]!)
  await expect(title(hugo)).toHaveText(units[0]!.name)
  const visit = new URL(hugo.url()).hash
  const open = (item: string) => hugo.goto(`/enquete${visit}/question/${item}`)

  await open('energy-use')
  await hugo.getByLabel('Votre réponse (kWh)').fill('beaucoup')
  await hugo.getByLabel('Votre réponse (kWh)').press('Enter')
  await expect(hugo.getByText('Donnez un nombre, par exemple 12 ou 3,5.')).toBeVisible()
  await checkScreen(hugo, 'number')
  await hugo.getByLabel('Votre réponse (kWh)').fill('1 200,5')
  await hugo.getByRole('link', { name: 'Passer' }).tap()

  // The restoration's place is asked of those who restore houses.
  await open('heritage-place')
  await expect(hugo.getByText('Cette question ne concerne pas cette entreprise.')).toBeVisible()
  await open('heritage-kind')
  await expect(hugo.getByRole('radio').first()).toBeVisible()
  await checkScreen(hugo, 'choice')
  await hugo.getByRole('radio').first().tap()
  await open('heritage-place')
  await hugo.getByRole('button', { name: 'Ici, par GPS' }).tap()
  await expect(hugo.getByText('Lieu noté : 46,05, -5,1')).toBeVisible()
  await hugo.getByText('Toucher la carte').tap()
  await expect(hugo.getByRole('img', { name: 'CC Maistrance et Val d’Ouvre' })).toBeVisible()
  await hugo.getByText('Donner les nombres').tap()
  await hugo.getByLabel('Latitude').fill('95')
  await hugo.getByLabel('Longitude').fill('-5,2')
  await hugo.getByRole('button', { name: 'Garder ce lieu' }).tap()
  await expect(hugo.getByText('La latitude va de')).toBeVisible()
  await hugo.getByLabel('Latitude').fill('46,1')
  await hugo.getByRole('button', { name: 'Garder ce lieu' }).tap()
  await expect(hugo.getByText('Lieu noté : 46,1, -5,2')).toBeVisible()
  await checkScreen(hugo, 'place')

  await open('learned-from')
  await hugo.getByLabel('Votre réponse').fill('Mon père')
  await checkScreen(hugo, 'person')
  await open('main-material')
  await hugo.getByLabel('Votre réponse').fill('Le chêne')
  await checkScreen(hugo, 'text')
  await open('joint-partner')
  await hugo.getByLabel('Nom, commune, métier ou SIRET').fill(units[1]!.name)
  await checkScreen(hugo, 'enterprise')
  await hugo.getByRole('button', { name: units[1]!.name }).first().tap()
  await expect(hugo.getByText(`Choisie : ${units[1]!.name}`)).toBeVisible()
  await checkScreen(hugo, 'enterprise-chosen')
  await open('gesture-sound')
  await checkScreen(hugo, 'sound')

  await sendAll(hugo)
  const values = Object.fromEntries((await answersOf(hugo, units[0]!)).map(({ item, value }) => [item, value]))
  expect(values['energy-use']).toMatchObject({ kind: 'number', number: 1200.5 })
  expect(values['learned-from']).toEqual({ kind: 'person', person: 'Mon père' })
  expect(values['joint-partner']).toEqual({ kind: 'enterprise', siret: units[1]!.siret })
  expect(values['heritage-place']).toMatchObject({ kind: 'place' })
})

test('strong points in two minutes', async () => {
  await hugo.goto('/enquete#/')
  const before = await taps(hugo)
  const start = Date.now()
  await hugo.getByRole('link', { name: 'Deux minutes' }).tap()
  await find(hugo, units[1]!)
  await expect(title(hugo)).toHaveText('Ses points forts')
  for (let count = 0; count < 5; count++)
    await hugo.getByRole('main').getByRole('button', { pressed: false }).nth(count).tap()
  await expect(hugo.getByText('5 points forts')).toBeVisible()
  await hugo.getByLabel('Un mot de plus').fill('Il répare tout')
  await hugo.getByRole('button', { name: 'C’est fini' }).tap()
  await expect(hugo.getByRole('link', { name: units[1]!.name })).toContainText('5 points forts')
  const seconds = Math.round((Date.now() - start) / 1000)
  process.stdout.write(`two minutes: ${(await taps(hugo)) - before} taps, ${seconds} s\n`)
  await hugo.getByRole('link', { name: units[1]!.name }).tap()
  await expect(hugo.getByLabel('Un mot de plus')).toHaveValue('Il répare tout')
  await checkScreen(hugo, 'short')
})

test('several artisans around one screen', async () => {
  await hugo.goto('/enquete#/')
  await hugo.getByRole('link', { name: 'À plusieurs' }).tap()
  await hugo.getByRole('button', { name: 'Commencer ensemble' }).tap()
  await expect(hugo.getByText('Choisissez deux entreprises au moins.')).toBeVisible()
  for (const unit of units.slice(2, 5)) await find(hugo, unit)
  await expect(hugo.getByText('3 entreprises choisies')).toBeVisible()
  await checkScreen(hugo, 'group-find')
  await hugo.getByRole('button', { name: 'Commencer ensemble' }).tap()
  await expect(title(hugo)).toHaveText('À plusieurs')
  await checkScreen(hugo, 'group')
  await hugo.getByRole('link', { name: 'Commencer les questions' }).tap()
  for (const { name } of units.slice(2, 5)) {
    const row = hugo.getByRole('radiogroup', { name: new RegExp(name) })
    await row.getByRole('radio', { name: 'En partie' }).tap()
    await expect(row.getByRole('radio', { name: 'En partie' })).toBeChecked()
  }
  await checkScreen(hugo, 'group-question')
  await hugo.goto('/enquete#/')
  await expect(hugo.getByRole('link', { name: 'À plusieurs : 3 entreprises' })).toBeVisible()
})

test('an enterprise that the register does not know is kept, and waits', async () => {
  await hugo.goto('/enquete#/')
  await hugo.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await hugo.getByRole('link', { name: 'Elle n’est pas dans la liste' }).tap()
  await hugo.getByRole('button', { name: 'Commencer la visite' }).tap()
  await expect(hugo.getByText('Donnez un nom et une commune.').first()).toBeVisible()
  await checkScreen(hugo, 'create')
  await hugo.getByLabel('Nom de l’entreprise ou de l’artisan').fill('Forge neuve')
  await hugo.getByLabel('Commune').selectOption({ index: 1 })
  await hugo.getByRole('button', { name: 'Commencer la visite' }).tap()
  await expect(title(hugo)).toHaveText('Forge neuve')
  await hugo.getByRole('link', { name: 'Commencer les questions' }).tap()
  await hugo.getByRole('link', { name: 'Passer' }).tap()
  await hugo.getByRole('radio').first().tap()
  await hugo.goto('/enquete#/')
  await expect(hugo.getByRole('link', { name: 'Forge neuve' })).toContainText('gardé en attente', { timeout: 30_000 })
  await hugo.getByRole('link', { name: 'Forge neuve' }).tap()
  await expect(hugo.getByText('Arrivé. Ces réponses compteront')).toBeVisible()
  await checkScreen(hugo, 'visit-held')
})

test('the whole visit with the keyboard alone', async () => {
  await hugo.goto('/enquete#/')
  await expect(title(hugo)).toHaveText('Enquête à l’atelier')
  const until = async (role: 'link' | 'button' | 'radio' | 'searchbox', name: string | RegExp) => {
    const wanted = hugo.getByRole(role, { name }).first()
    for (let tabs = 0; tabs < 120; tabs++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return wanted
      await hugo.keyboard.press('Tab')
    }
    throw new Error(`Tab does not reach ${role} ${name}`)
  }
  const open = async (role: 'link' | 'button' | 'radio', name: string | RegExp) => {
    await until(role, name)
    await hugo.keyboard.press('Enter')
  }
  await open('link', 'Nouvelle visite')
  await expect(title(hugo)).toBeFocused()
  await until('searchbox', 'Nom, commune, métier ou SIRET')
  await hugo.keyboard.type(units[5]!.name)
  await open('button', units[5]!.name)
  await expect(title(hugo)).toHaveText(units[5]!.name)
  await expect(title(hugo)).toBeFocused()
  await open('link', 'Commencer les questions')
  await open('link', 'Passer')
  await expect(title(hugo)).toHaveText(/Votre matière principale/)
  await until('radio', 'Oui')
  await hugo.keyboard.press('ArrowRight')
  await expect(hugo.getByRole('radio', { name: 'Non' })).toBeFocused()
  await expect(hugo.getByRole('radio', { checked: true })).toHaveCount(0)
  await hugo.keyboard.press('Space')
  await expect(title(hugo)).toHaveText(/Pourquoi avez-vous choisi cette matière/)
  await expect(title(hugo)).toBeFocused()
  await expect(hugo.getByRole('status').filter({ hasText: 'Noté : Non' })).toBeAttached()
  await expect(hugo).toHaveTitle(/Pourquoi avez-vous choisi cette matière/)
  await hugo.goBack()
  await expect(title(hugo)).toHaveText(/Votre matière principale/)
  await expect(hugo.getByRole('radio', { name: 'Non' })).toBeChecked()
  await open('link', 'Retour')
  await open('link', 'L’accord reste à demander')
  await until('button', 'Pas d’accord')
  await hugo.keyboard.press('Enter')
  await expect(hugo.getByRole('link', { name: 'L’artisan a refusé' })).toBeVisible()
})

test('a copy is kept as a file, and taken back without doubling anything', async () => {
  await hugo.goto('/enquete#/')
  await hugo.getByText('Garder une copie').tap()
  const [download] = await Promise.all([
    hugo.waitForEvent('download'),
    hugo.getByRole('button', { name: 'Garder un fichier' }).tap(),
  ])
  const visits = await hugo.getByRole('link', { name: /réponses?/ }).count()
  await hugo.getByLabel('Reprendre un fichier').setInputFiles(await download.path())
  await expect(hugo.getByRole('status').filter({ hasText: '0 ligne reprise' })).toBeVisible()
  expect(await hugo.getByRole('link', { name: /réponses?/ }).count()).toBe(visits)
})

test('without JavaScript the page says so, and where to go', async ({ browser, product }) => {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: phone,
    javaScriptEnabled: false,
    storageState: await hugo.context().storageState(),
  })
  const page = await context.newPage()
  await page.goto('/enquete')
  await expect(title(page)).toHaveText('Cette page a besoin de JavaScript')
  await page.getByRole('link', { name: 'Choisir une entreprise' }).click()
  await expect(page).toHaveURL(/\/carte/)
  await context.close()
})
