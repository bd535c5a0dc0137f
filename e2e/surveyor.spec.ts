import type { Page } from '@playwright/test'
import { openAsAdministrator } from './people.ts'
import { expect, test } from './product.ts'
import {
  answersOf,
  check,
  checkScreen,
  find,
  listUnits,
  openApp,
  openSurveyor,
  photo,
  sendAll,
  sendingOf,
  takeTerritory,
  taps,
  title,
  type Unit,
} from './surveyors.ts'

// These journeys open two bodies with a convention each; their surveyors work on a phone, mostly without network.
test.use({ purpose: 'surveyor', expectedError: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ })
test.describe.configure({ mode: 'serial', timeout: 120_000 })

let chief: Page
let ines: Page
let hugo: Page
let units: Unit[]
let conventionOfHugo: string

test.beforeAll(async ({ browser, product }) => {
  chief = await openAsAdministrator(browser, product)
  units = await listUnits(chief)
  const house = { browser, product, chief }
  const first = { body: 'Chambre d’essai', name: 'Inès Enquêtrice', mail: 'ines@chambre.example' }
  const second = { body: 'Fédération d’essai', name: 'Hugo Enquêteur', mail: 'hugo@federation.example' }
  ines = (await openSurveyor(house, first)).phonePage
  ;({ phonePage: hugo, conventionAddress: conventionOfHugo } = await openSurveyor(house, second))
})
test.afterAll(async () => {
  for (const page of [chief, ines, hugo]) await page?.context().close()
})

test('a surveyor takes a territory, and answers ten questions without network', async () => {
  await openApp(ines)
  await expect(ines.getByRole('main')).toMatchAriaSnapshot(`
    - heading "Enquête à l’atelier" [level=1]
    - paragraph:
      - text: Au nom de
      - strong: Chambre d’essai
    - paragraph: /Convention jusqu’au/
    - region "Envoi":
      - status:
        - text: En ligne
        - strong: Rien à envoyer
    - heading "Mes visites" [level=2]
    - paragraph: Aucune visite sur ce téléphone. Commencez par « Nouvelle visite ».
    - region "Territoires pris avec vous":
      - heading "Territoires pris avec vous" [level=2]
      - paragraph
      - list:
        - listitem:
          - strong: CC Maistrance et Val d’Ouvre
          - button "Prendre CC Maistrance et Val d’Ouvre": Prendre
    - group: ▸ Garder une copie
    - link "Nouvelle visite"
    - link "Deux minutes"
    - link "À plusieurs"
  `)
  await check(ines)
  await takeTerritory(ines)

  await ines.context().setOffline(true)
  const before = await taps(ines)
  const start = Date.now()
  await ines.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await expect(title(ines)).toBeFocused()
  await ines.getByLabel('Nom, commune, métier ou SIRET').fill(units[0]!.name)
  await checkScreen(ines, 'find')
  await find(ines, units[0]!)
  await expect(title(ines)).toHaveText(units[0]!.name)
  await checkScreen(ines, 'visit')
  await ines.getByRole('link', { name: 'Commencer les questions' }).tap()
  for (let answered = 0; answered < 10;) {
    const question = (await title(ines).textContent())!
    const choices = ines.getByRole('radio')
    if ((await choices.count()) > 0) {
      await choices.first().tap()
      answered++
    } else await ines.getByRole('link', { name: /Passer|Suivante/ }).tap()
    await expect(title(ines)).not.toHaveText(question)
  }
  const seconds = Math.round((Date.now() - start) / 1000)
  process.stdout.write(`ten items: ${(await taps(ines)) - before} taps, ${seconds} s\n`)
  await expect(ines.getByText('Hors ligne')).toBeVisible()
  await check(ines)
})

test('a photo is kept; a reload without network loses nothing', async () => {
  await ines.getByRole('link', { name: 'Retour' }).tap()
  await expect(title(ines)).toHaveText(units[0]!.name)
  await ines.getByRole('link', { name: 'Le savoir-faire derrière la pratique' }).tap()
  await expect(ines.getByRole('list', { name: 'Questions de cette partie' })).toBeVisible()
  await checkScreen(ines, 'section')
  await ines.getByRole('link', { name: 'Peut-on prendre vos mains au travail en photo ?' }).tap()
  await checkScreen(ines, 'photo')
  await ines.getByLabel('Prendre une photo').setInputFiles({ name: 'mains.png', mimeType: 'image/png', buffer: photo })
  await ines.getByLabel('Que voit-on sur la photo ?').fill('Deux mains rabotent une planche')
  await ines.getByRole('link', { name: 'Précédente' }).tap()
  // The screen reads the journal: what it shows is kept.
  await ines.getByRole('link', { name: /Suivante|Passer/ }).tap()
  await expect(ines.getByRole('img', { name: 'Deux mains rabotent une planche' })).toBeVisible()

  await ines.reload()
  await ines.goto('/enquete#/')
  await expect(sendingOf(ines)).toHaveText(/Hors ligne 1\d réponses à envoyer, 1 fichier à envoyer/)
  const visit = ines.getByRole('link', { name: units[0]!.name })
  await expect(visit).toContainText('11 réponses')
  await expect(visit).toContainText('à envoyer')
  await checkScreen(ines, 'home-waiting')
  await visit.tap()
  await ines.getByRole('link', { name: 'Le savoir-faire derrière la pratique' }).tap()
  await ines.getByRole('link', { name: 'Peut-on prendre vos mains au travail en photo ?' }).tap()
  const picture = ines.getByRole('img', { name: 'Deux mains rabotent une planche' })
  expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(1)
  await checkScreen(ines, 'photo-kept')
})

test('back on line, everything is sent exactly once', async () => {
  await ines.context().setOffline(false)
  await sendAll(ines)
  await expect(ines.getByRole('link', { name: units[0]!.name })).toContainText('envoyé')
  const first = await answersOf(ines, units[0]!)
  expect(new Set(first.map(({ item }) => item)).size).toBe(11)
  await ines.reload()
  await expect(sendingOf(ines)).toContainText('Tout est envoyé', { timeout: 30_000 })
  const second = await answersOf(ines, units[0]!)
  expect(second.map(({ entry }) => entry).toSorted()).toEqual(first.map(({ entry }) => entry).toSorted())
  expect(new Set(second.map(({ entry }) => entry)).size).toBe(second.length)
  const file = second.find(({ value }) => value.kind === 'file')!.value.file!
  expect((await ines.request.get(`/espace/medias/${file}`)).status()).toBe(200)
})

test('the artisan agrees on the phone, and it reaches the answers', async () => {
  await ines.getByRole('link', { name: units[0]!.name }).tap()
  await ines.getByRole('link', { name: 'L’accord reste à demander' }).tap()
  await expect(title(ines)).toHaveText('L’accord de l’artisan')
  await expect(ines.getByRole('main')).toMatchAriaSnapshot(`
    - link "Retour"
    - heading "L’accord de l’artisan" [level=1]
    - heading "Mon accord pour ce que je dis et pour mon savoir-faire" [level=2]
    - group "Qui verra ces réponses ?":
      - radio "Tout le monde"
      - radio "Les partenaires de la convention"
      - radio "L’organisme qui enquête, seul"
    - group "Pour quoi faire ?":
      - checkbox "Montrer les métiers et les entreprises sur ce site"
      - checkbox "Étudier les pratiques"
    - button "Pas d’accord"
    - button "D’accord"
  `)
  await check(ines)
  await ines.getByRole('button', { name: 'D’accord', exact: true }).tap()
  await expect(ines.getByRole('alert')).toHaveText('Choisissez qui verra les réponses, et un usage au moins.')
  await ines.getByLabel('Tout le monde').check()
  await ines.getByLabel('Montrer les métiers et les entreprises sur ce site').check()
  await ines.getByLabel('Étudier les pratiques').check()
  await ines.getByRole('button', { name: 'D’accord', exact: true }).tap()
  await expect(title(ines)).toHaveText(units[0]!.name)
  await ines.getByRole('link', { name: 'L’artisan est d’accord' }).tap()
  await checkScreen(ines, 'consent-given')
  await expect
    .poll(async () => new Set((await answersOf(ines, units[0]!)).map(({ disclosure }) => disclosure)).has('public'), {
      timeout: 20_000,
    })
    .toBe(true)
})

test('a second body is told that he was asked, disagrees, and both answers stand', async () => {
  await openApp(hugo)
  await takeTerritory(hugo)
  await hugo.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await find(hugo, units[0]!)
  await expect(
    hugo.getByText('Un artisan n’est pas interrogé deux fois dans la même saison sans raison.'),
  ).toBeVisible()
  await hugo.getByRole('button', { name: 'Continuer quand même' }).tap()
  await expect(hugo.getByRole('alert')).toHaveText('Choisissez une raison.')
  await checkScreen(hugo, 'before')
  await hugo.getByLabel('Ce n’étaient pas les mêmes questions').check()
  await hugo.getByRole('button', { name: 'Continuer quand même' }).tap()
  await hugo.getByRole('link', { name: 'Vos matières' }).tap()
  await hugo.getByRole('link', { name: 'Votre matière principale est-elle produite' }).tap()
  const said = hugo.getByRole('region', { name: 'Ce que d’autres ont dit' })
  await expect(said).toContainText('Chambre d’essai')
  await expect(said).toContainText('Oui')
  await expect(hugo.getByRole('main')).toMatchAriaSnapshot(`
    - link "Retour"
    - heading /Votre matière principale est-elle produite/ [level=1]
    - paragraph: /Vos matières · Question 2 sur \\d/
    - paragraph: Achète sa matière principale à moins de 50 km
    - group: ▸ Aide et exemples
    - region "Ce que d’autres ont dit":
      - list:
        - listitem:
          - strong: Chambre d’essai
          - text: /Oui/
    - group: ▸ Ajouter un mot
    - radiogroup /Votre matière principale est-elle produite/:
      - radio "Oui"
      - radio "Non"
      - radio "En partie"
      - radio "Ne sait pas"
    - link /Précédente/
    - link /Passer/
  `)
  await hugo.getByText('Ajouter un mot').tap()
  await hugo.getByLabel('Un mot de plus').fill('Son bois vient de Lettonie')
  await hugo.getByRole('radio', { name: 'Non' }).tap()
  await expect(said.getByRole('listitem')).toHaveText([/Vous\s*Non/, /Chambre d’essai\s*Oui/])
  await check(hugo)
  await sendAll(hugo)
  const material = (await answersOf(hugo, units[0]!)).filter(({ item }) => item === 'materials-nearby')
  expect(material.map(({ value, body }) => [body?.name, value.answer]).toSorted()).toEqual([
    ['Chambre d’essai', 'yes'],
    ['Fédération d’essai', 'no'],
  ])
})

test('a right that ended: what was noted stays on the phone, and says why', async () => {
  await hugo.context().setOffline(true)
  await hugo.getByRole('link', { name: 'Nouvelle visite' }).tap()
  await find(hugo, units[1]!)
  await hugo.getByRole('link', { name: 'Commencer les questions' }).tap()
  await hugo.getByLabel('Votre réponse').fill('Le noyer')
  await hugo
    .getByRole('link', { name: 'Suivante' })
    .or(hugo.getByRole('link', { name: 'Passer' }))
    .tap()
  await hugo.getByRole('radio', { name: 'Oui' }).tap()
  await expect(hugo.getByRole('status').filter({ hasText: 'Noté : Oui' })).toBeAttached()

  await chief.goto(conventionOfHugo)
  await chief.getByText('Mettre fin dès maintenant').click()
  await chief.getByLabel('Pourquoi').fill('La fédération ne souhaite plus continuer.')
  await chief.getByRole('button', { name: 'Mettre fin à la convention' }).click()
  await expect(chief.getByText('Arrêtée : La fédération ne souhaite plus continuer.').first()).toBeVisible()

  await hugo.context().setOffline(false)
  await hugo.goto('/enquete#/')
  const visit = hugo.getByRole('listitem').filter({ hasText: units[1]!.name })
  await expect(visit).toContainText('refusé', { timeout: 30_000 })
  await expect(visit).toContainText('a pris fin le')
  await expect(sendingOf(hugo)).toContainText('refusées')
  await checkScreen(hugo, 'home-refused')
  await visit.getByRole('link').tap()
  await expect(hugo.getByRole('button', { name: 'Envoyer de nouveau' })).toBeVisible()
  await checkScreen(hugo, 'visit-refused')
  await hugo.getByRole('link', { name: 'Vos matières' }).tap()
  await expect(hugo.getByRole('link', { name: /Quelle matière travaillez-vous/ })).toContainText('Le noyer')
  expect(await answersOf(ines, units[1]!)).toEqual([])
})
