import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { expect, expectAccessible, expectNoSideScroll, test, type Product } from './product.ts'

// These journeys open accounts.
test.use({ purpose: 'sign-in', expectedError: /40[01]/ })

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../src/cli.ts')

/** Opens an account with the command line, while the server runs. */
async function createUser(product: Product, email: string, ...more: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [cli, 'user', 'create', email, ...more], {
    env: { ...process.env, DATA_DIR: product.dataDir, DATABASE_URL: '', PORT: new URL(product.url).port },
  })
  return /http:\S+/.exec(stdout)![0]
}

/** Passkeys need a name: `localhost` is one, 127.0.0.1 is not. */
const named = (address: string) => address.replace('127.0.0.1', 'localhost')

async function enter(page: Page, link: string) {
  await page.goto(link)
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
}

async function signOut(page: Page) {
  await page.goto(new URL('/espace', page.url()).href)
  await page.getByRole('button', { name: 'Se déconnecter' }).click()
  await expect(page.getByRole('link', { name: 'Connexion' })).toBeVisible()
}

/** The link of the mail to an address, in the administrator's outbox. */
async function linkInOutbox(chief: Page, address: string): Promise<string> {
  await chief.goto('/espace/courriels')
  const mail = chief.getByRole('listitem').filter({ hasText: address }).first()
  return (await mail.locator('a[href*="="]').getAttribute('href'))!
}

let admin: BrowserContext
async function asAdministrator(browser: Browser, product: Product): Promise<Page> {
  admin ??= await browser.newContext({ baseURL: product.url })
  const page = await admin.newPage()
  await page.goto('/espace/compte')
  if (/connexion/.test(page.url()))
    await enter(page, await createUser(product, 'chef@exemple.fr', '--name', 'Chef', '--administrator'))
  return page
}

test('a passkey: added with the keyboard alone, named, used without an address, removed', async ({ page, product }) => {
  const link = named(await createUser(product, 'cle@exemple.fr', '--name', 'Claire'))
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await enter(page, link)
  await page.goto(named(`${product.url}/espace/compte`))
  await expectAccessible(page)
  await page.getByLabel('Nom de la clé').focus()
  await page.keyboard.type('ordinateur du bureau')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('button', { name: 'Ajouter une clé d’accès' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status')).toHaveText('La clé d’accès est ajoutée.')
  await expect(page.getByText('ordinateur du bureau')).toBeVisible()

  await signOut(page)
  await page.goto(named(`${product.url}/connexion?retour=/espace/compte`))
  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon compte')
  await expect(page.getByLabel('Votre nom')).toHaveValue('Claire')

  await page.getByRole('button', { name: 'Retirer la clé ordinateur du bureau' }).click()
  await expect(page.getByRole('status')).toHaveText('La clé d’accès est retirée.')
  await signOut(page)
  await page.goto(named(`${product.url}/connexion`))
})

test.describe('a removed passkey', () => {
  test('opens nothing', async ({ page, product }) => {
    const link = named(await createUser(product, 'perdue@exemple.fr', '--name', 'Perdue'))
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      },
    })
    await enter(page, link)
    await page.goto(named(`${product.url}/espace/compte`))
    await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click()
    await page.getByRole('button', { name: /Retirer la clé/ }).click()
    await signOut(page)
    await page.goto(named(`${product.url}/connexion`))
    await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click()
    await expect(page.getByRole('alert')).toContainText('n’a pas été reconnue')
  })
})

test('a password: set, used from a phone; a lost device is signed out', async ({ page, browser, product }) => {
  await enter(page, await createUser(product, 'passe@exemple.fr', '--name', 'Pascal'))
  await page.goto('/espace/compte')
  await page.getByText('Choisir un mot de passe').first().click()
  await page.getByLabel('Nouveau mot de passe').fill('passe@exemple.fr')
  await page.getByRole('button', { name: 'Choisir un mot de passe' }).click()
  await expect(page.getByText('Il faut au moins 12 caractères, assez variés.')).toBeVisible()
  await page.getByLabel('Nouveau mot de passe').fill('quatre chaises et un tour')
  await page.getByRole('button', { name: 'Choisir un mot de passe' }).click()
  await expect(page.getByRole('status')).toContainText('Votre mot de passe est enregistré.')

  const phone = await browser.newContext({ baseURL: product.url, viewport: { width: 390, height: 844 } })
  const lost = await phone.newPage()
  await lost.goto('/connexion')
  await expectNoSideScroll(lost)
  await lost.getByText('J’ai un mot de passe').click()
  await expectAccessible(lost)
  const form = lost.locator('details', { hasText: 'J’ai un mot de passe' })
  await form.getByLabel('Votre adresse de courriel').fill('passe@exemple.fr')
  await form.getByLabel('Mot de passe').fill('quatre chaises et un tour')
  await form.getByRole('button', { name: 'Se connecter' }).click()
  await expect(lost.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
  await lost.goto('/espace/compte')
  await expectNoSideScroll(lost)

  await page.goto('/espace/compte')
  await expect(page.getByText('cet appareil')).toHaveCount(1)
  await page.getByRole('button', { name: /^Déconnecter Chrome/ }).click()
  await expect(page.getByRole('status')).toHaveText('L’appareil est déconnecté.')
  await lost.goto('/espace/compte')
  await expect(lost).toHaveURL(/\/connexion\?retour=%2Fespace%2Fcompte/)
  await phone.close()
})

test.describe('a wrong password', () => {
  test('is refused with the address kept', async ({ page }) => {
    await page.goto('/connexion')
    await page.getByText('J’ai un mot de passe').click()
    const form = page.locator('details', { hasText: 'J’ai un mot de passe' })
    await form.getByLabel('Votre adresse de courriel').fill('personne@exemple.fr')
    await form.getByLabel('Mot de passe').fill('pas le bon')
    await form.getByRole('button', { name: 'Se connecter' }).click()
    await expect(page.getByText('Adresse ou mot de passe faux.')).toBeVisible()
    await expect(form.getByLabel('Votre adresse de courriel')).toHaveValue('personne@exemple.fr')
    await expectAccessible(page)
  })
})

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false })
  test('a link by mail signs in, then confirms a new address', async ({ page, browser, product }) => {
    await createUser(product, 'lien@exemple.fr', '--name', 'Lina')
    await page.goto('/connexion?retour=/espace/compte')
    await page.getByLabel('Votre adresse de courriel').first().fill('inconnue@exemple.fr')
    await page.getByRole('button', { name: 'Recevoir un lien' }).click()
    const unknown = await page.getByRole('status').textContent()
    await page.getByLabel('Votre adresse de courriel').first().fill('lien@exemple.fr')
    await page.getByRole('button', { name: 'Recevoir un lien' }).click()
    expect(await page.getByRole('status').textContent()).toBe(unknown)

    const chief = await asAdministrator(browser, product)
    await page.goto(await linkInOutbox(chief, 'lien@exemple.fr'))
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
    await expect(page).toHaveURL(/\/espace\/compte$/)

    await page.getByLabel('Nouvelle adresse').fill('lina@exemple.fr')
    await page.getByRole('button', { name: 'Envoyer le lien' }).click()
    await page.goto(await linkInOutbox(chief, 'lina@exemple.fr'))
    await page.getByRole('button', { name: 'Confirmer mon adresse' }).click()
    await expect(page.getByText('Vos liens de connexion arrivent à lina@exemple.fr.')).toBeVisible()
    await page.getByLabel('Votre nom').fill('Lina Faure')
    await page.getByRole('button', { name: 'Enregistrer' }).click()
    await expect(page.getByLabel('Votre nom')).toHaveValue('Lina Faure')
  })
})

test('what is typed before the page’s script arrives stays', async ({ page, product }) => {
  let arrive = () => {}
  const typed = new Promise<void>((resolve) => (arrive = resolve))
  await page.route(/\.js$/, async (route) => {
    await typed
    await route.continue()
  })
  await page.goto(`${named(product.url)}/connexion`, { waitUntil: 'commit' })
  const address = page.getByRole('textbox', { name: 'Votre adresse de courriel' })
  await address.fill('lente@exemple.fr')
  arrive()
  await expect(page.getByRole('button', { name: /clé d’accès/ })).toBeVisible()
  await expect(address).toHaveValue('lente@exemple.fr')
})
