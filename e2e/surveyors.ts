import type { Browser, Page } from '@playwright/test'
import { enter, mailedLink } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, type Product } from './product.ts'

export const phone = { width: 390, height: 844 }
const signed = Buffer.from('%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n')
/** One pixel. */
export const photo = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const territory = '000000001'
const territoryName = 'CC Maistrance et Val d’Ouvre'

export interface Unit {
  siret: string
  name: string
}
interface Said {
  entry: string
  item: string
  value: { kind: string; answer?: string; file?: string }
  disclosure: string
  author: { mine: boolean }
  body: { name: string } | null
}

export const title = (page: Page) => page.getByRole('heading', { level: 1 })
/** What a person may read of what was said of an enterprise in visits. */
export const answersOf = async (page: Page, { siret }: Unit) =>
  ((await (await page.request.get(`/api/survey/enterprises/${siret}/answers`)).json()) as { answers: Said[] }).answers

interface Surveyor {
  body: string
  name: string
  mail: string
}

/** A body with a convention in force, and its surveyor's phone. */
export async function openSurveyor(
  { browser, product, chief }: { browser: Browser; product: Product; chief: Page },
  { body, name, mail }: Surveyor,
): Promise<{ phonePage: Page; conventionAddress: string }> {
  await chief.goto('/espace/organismes')
  await chief.getByLabel('Nom de l’organisme').fill(body)
  await chief.getByLabel('Sorte d’organisme').selectOption('chamber')
  await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
  await chief.getByLabel('Nom de la personne').fill(name)
  await chief.getByLabel('Son courriel').fill(mail)
  await chief.getByLabel('Enquêteur : lit et ajoute.').check()
  await chief.getByRole('button', { name: 'Envoyer l’invitation' }).click()
  await chief.getByLabel('À quoi sert-elle').fill(`Enquête de ${body}`)
  await chief.getByLabel('Premier jour').fill(dayIn(-1))
  await chief.locator('#write-endsOn').fill(dayIn(30))
  await chief.locator('#write-endsOn').press('Enter')
  await expect(title(chief)).toHaveText(`Enquête de ${body}`)
  const conventionAddress = new URL(chief.url()).pathname
  for (const action of ['contribute', 'read']) {
    const form = chief.getByLabel('Permettre de')
    if (!(await form.isVisible())) await chief.getByText('Ajouter une clause', { exact: true }).click()
    await form.selectOption(action)
    await chief.getByLabel('Tout', { exact: true }).check()
    await chief.getByLabel('Où ?').fill(territory)
    await chief.getByLabel('Pour quel usage').selectOption('survey')
    await chief.getByRole('button', { name: 'Ajouter cette clause' }).click()
    await expect(chief.getByRole('listitem').filter({ hasText: 'pour l’enquête' }).first()).toBeVisible()
  }
  await chief
    .getByLabel('Convention signée, en PDF')
    .setInputFiles({ name: 'signee.pdf', mimeType: 'application/pdf', buffer: signed })
  await chief.getByRole('button', { name: 'Déposer et mettre en vigueur' }).click()
  await expect(chief.getByText('En cours')).toBeVisible()
  const context = await browser.newContext({ baseURL: product.url, viewport: phone, hasTouch: true, locale: 'fr-FR' })
  await context.addInitScript(() => {
    // Taps of the person, over reloads.
    addEventListener('click', ({ isTrusted }) => {
      if (isTrusted) sessionStorage.setItem('taps', String(Number(sessionStorage.getItem('taps') ?? 0) + 1))
    })
  })
  const phonePage = await context.newPage()
  await enter(phonePage, await mailedLink(chief, mail))
  return { phonePage, conventionAddress }
}

/** Taps and clicks of the person so far. */
export const taps = (page: Page) => page.evaluate(() => Number(sessionStorage.getItem('taps') ?? 0))

/** The page is on the device once its worker has taken charge of it. */
export async function openApp(page: Page) {
  await page.goto('/enquete')
  await expect(title(page)).toHaveText('Enquête à l’atelier')
  await page.evaluate(async () => void (await navigator.serviceWorker.ready))
}
/** Looks for an enterprise by its name, and opens it. */
export async function find(page: Page, { name }: Unit) {
  await page.getByLabel('Nom, commune, métier ou SIRET').fill(name)
  await page.getByRole('list', { name: 'Entreprises trouvées' }).getByRole('button', { name }).first().tap()
}
/** Looks at a screen in both colours: nothing is cut, nothing is out of reach. */
export async function check(page: Page) {
  await expectNoSideScroll(page)
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await expectAccessible(page)
  }
}

/** What waits, as the first screen says it. */
export const sendingOf = (page: Page) => page.getByRole('region', { name: 'Envoi' })

/** Goes to the first screen, and waits until all is sent. */
export async function sendAll(page: Page): Promise<void> {
  await page.goto('/enquete#/')
  await expect(sendingOf(page)).toContainText('Tout est envoyé', { timeout: 30_000 })
}

export async function takeTerritory(page: Page): Promise<void> {
  await page.getByRole('button', { name: `Prendre ${territoryName}` }).tap()
  await expect(page.getByRole('status').filter({ hasText: 'est pris' })).toBeVisible()
}

/** Enterprises of one sector in the territory of the clauses, each name once. */
export async function listUnits(page: Page): Promise<Unit[]> {
  const answer = await page.request.get(`/api/establishments?territory=${territory}&limit=200`)
  const { features } = (await answer.json()) as {
    features: { properties: { siret: string; name: string | null; sector: string } }[]
  }
  const named = features.flatMap(({ properties: { siret, name, sector } }) =>
    name !== null && sector === 'building' ? [{ siret, name }] : [],
  )
  return named.filter(({ name }, index) => named.findIndex((one) => one.name === name) === index)
}
