import type { Page } from '@playwright/test'
import { enter, mailedLink, openAsAdministrator } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

// This journey opens a body with a convention, and corrects the register in its name.
test.use({ purpose: 'partner', expectedError: /403/ })
test.describe.configure({ mode: 'serial' })

const signed = Buffer.from('%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

interface Unit {
  siret: string
  commune: string
  diffusion: string
}

let chief: Page
let conventionAddress: string
let inside: Unit
let outside: Unit

test.afterAll(() => chief?.context().close())

test('a surveyor invited by mail adds a passkey, signs in with it, and writes within the clause', async ({
  browser,
  page,
  product,
}) => {
  chief = await openAsAdministrator(browser, product)
  const { features } = (await (await chief.request.get('/api/establishments?limit=200')).json()) as {
    features: { properties: Unit }[]
  }
  const units = features.map(({ properties }) => properties).filter(({ diffusion }) => diffusion === 'full')
  inside = units[0]!
  outside = units.find(({ commune }) => commune !== inside.commune)!

  await chief.goto('/espace/organismes')
  await chief.getByLabel('Nom de l’organisme').fill('Commune d’essai')
  await chief.getByLabel('Sorte d’organisme').selectOption('commune')
  await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
  await chief.getByLabel('Nom de la personne').fill('Noé Agent')
  await chief.getByLabel('Son courriel').fill('noe@commune.example')
  await chief.getByLabel('Enquêteur : lit et ajoute.').check()
  await chief.getByRole('button', { name: 'Envoyer l’invitation' }).click()
  await chief.getByLabel('À quoi sert-elle').fill('Tenir les fiches de la commune')
  await chief.getByLabel('Premier jour').fill(dayIn(-1))
  await chief.locator('#write-endsOn').fill(dayIn(30))
  await chief.locator('#write-endsOn').press('Enter')
  await expect(chief.getByRole('heading', { level: 1 })).toHaveText('Tenir les fiches de la commune')
  conventionAddress = new URL(chief.url()).pathname
  await chief.getByLabel('Permettre de').selectOption('contribute')
  await chief.getByLabel('Tout', { exact: true }).check()
  await chief.getByLabel('Où ?').fill(inside.commune)
  await chief.getByLabel('Pour quel usage').selectOption('atlas')
  await chief.getByRole('button', { name: 'Ajouter cette clause' }).click()
  await expect(chief.getByRole('listitem').filter({ hasText: 'pour l’atlas' })).toBeVisible()

  // A passkey belongs to a name; 127.0.0.1 is none.
  const named = (address: string) => address.replace('127.0.0.1', 'localhost')
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true } as const
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...options, hasUserVerification: true, isUserVerified: true },
  })
  await enter(page, named(await mailedLink(chief, 'noe@commune.example')))
  await page.goto(named(`${product.url}/entreprises/${inside.siret}/corriger?champ=opening_hours`))
  await expect(page.getByText('n’est pas encore signée')).toBeVisible()
  await page.goto(named(`${product.url}/espace/compte`))
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
  await expect(page.getByRole('status')).toHaveText('La clé d’accès est ajoutée.')
  await page.goto(named(`${product.url}/espace`))
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(page.getByRole('link', { name: 'Connexion' })).toBeVisible()

  await chief.goto(conventionAddress)
  await chief
    .getByLabel('Convention signée, en PDF')
    .setInputFiles({ name: 'signee.pdf', mimeType: 'application/pdf', buffer: signed })
  await chief.getByRole('button', { name: 'Déposer et mettre en vigueur' }).click()
  await expect(chief.getByText('En cours')).toBeVisible()

  await page.goto(named(`${product.url}/connexion`))
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
  const here = (path: string) => named(`${product.url}${path}`)
  await page.goto(here(`/entreprises/${inside.siret}/corriger?champ=opening_hours`))
  await expect(page.getByText('Vous écrivez pour Commune d’essai')).toBeVisible()
  await page.getByLabel('Horaires').fill('Du lundi au vendredi, de 8 h à 12 h')
  await page.getByLabel('Comment le savez-vous').selectOption('on_site')
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSideScroll(page)
  await page.getByRole('button', { name: 'Publier' }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await page.goto(here(`/entreprises/${inside.siret}`))
  await expect(page.getByText('Du lundi au vendredi, de 8 h à 12 h')).toBeVisible()
  await expect(page.getByText('d’après Commune d’essai')).toBeVisible()

  await page.goto(here(`/entreprises/${outside.siret}/corriger?champ=opening_hours`))
  await expect(page.getByText('ne couvre pas cette commune')).toBeVisible()
  await expect(page.getByText('Vous proposez comme habitant')).toBeVisible()
  await expectAccessible(page)

  // The form is open when the convention ends: what was typed stays, and the refusal says why.
  await page.goto(here(`/entreprises/${inside.siret}/corriger?champ=opening_hours`))
  await page.getByLabel('Horaires').fill('Fermé en août')
  await page.getByLabel('Comment le savez-vous').selectOption('on_site')
  await chief.goto(conventionAddress)
  await chief.getByText('Mettre fin dès maintenant').click()
  await chief.getByLabel('Pourquoi').fill('La commune ne souhaite plus continuer.')
  await chief.getByRole('button', { name: 'Mettre fin à la convention' }).click()
  await expect(chief.getByText('Arrêtée : La commune ne souhaite plus continuer.').first()).toBeVisible()
  await page.getByRole('button', { name: 'Publier' }).click()
  await expect(page.getByRole('alert')).toContainText('a pris fin le')
  await expect(page.getByRole('alert')).toContainText('ce que vous avez noté reste chez vous')
  await expect(page.getByLabel('Horaires')).toHaveValue('Fermé en août')
})

test('the journal names the clause of what was written, and nobody else’s content', async () => {
  await chief.goto('/espace/journal')
  await expect(chief.getByRole('cell', { name: /Commune d’essai/ }).first()).toBeVisible()
  await expect(chief.getByText('de 8 h à 12 h')).toHaveCount(0)
})
