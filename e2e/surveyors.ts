import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import { enter, mailedLink, openAsAdministrator } from './people.ts'
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

export interface House {
  browser: Browser
  product: Product
  chief: Page
}
interface Member {
  body: string
  name: string
  mail: string
  role?: string
  /** Actions of the clauses of his body. */
  actions?: string[]
}

type State = Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>
let administrator: { url: string; storageState: State } | null = null

/** The administrator's browser, for files that share one product: the link of its start serves once. */
export async function openChief(browser: Browser, product: Product): Promise<Page> {
  const { url } = product
  if (administrator?.url === url)
    return (await browser.newContext({ baseURL: url, storageState: administrator.storageState })).newPage()
  const page = await openAsAdministrator(browser, product)
  administrator = { url, storageState: await page.context().storageState() }
  return page
}

/** A network that passes on what the product says, and another worker once a newer version is deployed. */
export async function openNetwork() {
  let newer = ''
  const server = createServer((asked, answer) => {
    const isWorker = asked.url!.endsWith('/service-worker.js')
    const headers = { ...asked.headers, ...(isWorker ? { 'accept-encoding': 'identity' } : {}) }
    if (isWorker) delete headers['if-none-match']
    const passed = request(asked.url!, { method: asked.method!, headers }, (got) => {
      const { 'content-length': _, etag: __, ...others } = got.headers
      answer.writeHead(got.statusCode!, isWorker ? others : got.headers)
      got.on('end', () => answer.end(isWorker ? newer : ''))
      got.pipe(answer, { end: false })
    })
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    proxy: { server: `http://127.0.0.1:${port}`, bypass: '<-loopback>' },
    deploy: () => void (newer = '// A newer version.\n'),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Opens a page on a phone; `more`: what else its browser is given. */
export async function openPhone(
  { browser, product }: Pick<House, 'browser' | 'product'>,
  more: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: phone,
    hasTouch: true,
    locale: 'fr-FR',
    ...more,
  })
  return context.newPage()
}

/** A body with a convention in force, and the phone of one of its people: a surveyor by default. */
export async function openSurveyor(
  { browser, product, chief }: House,
  { body, name, mail, role = 'Enquêteur : lit et ajoute.', actions = ['contribute', 'read'] }: Member,
): Promise<{ phonePage: Page; conventionAddress: string }> {
  await chief.goto('/espace/organismes')
  await chief.getByLabel('Nom de l’organisme').fill(body)
  await chief.getByLabel('Sorte d’organisme').selectOption('chamber')
  await chief.getByRole('button', { name: 'Ouvrir un organisme' }).click()
  await chief.getByLabel('Nom de la personne').fill(name)
  await chief.getByLabel('Son courriel').fill(mail)
  await chief.getByLabel(role).check()
  await chief.getByRole('button', { name: 'Envoyer l’invitation' }).click()
  await chief.getByLabel('À quoi sert-elle').fill(`Enquête de ${body}`)
  await chief.getByLabel('Premier jour').fill(dayIn(-1))
  await chief.locator('#write-endsOn').fill(dayIn(30))
  await chief.locator('#write-endsOn').press('Enter')
  await expect(title(chief)).toHaveText(`Enquête de ${body}`)
  const conventionAddress = new URL(chief.url()).pathname
  for (const action of actions) {
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
  const phonePage = await openPhone({ browser, product })
  await phonePage.context().addInitScript(() => {
    // Taps of the person, over reloads.
    addEventListener('click', ({ isTrusted }) => {
      if (isTrusted) sessionStorage.setItem('taps', String(Number(sessionStorage.getItem('taps') ?? 0) + 1))
    })
  })
  await enter(phonePage, await mailedLink(chief, mail))
  return { phonePage, conventionAddress }
}

/** The phone of the artisan whose enterprise it is, by the code of its sheet. */
export async function openHolder(
  { browser, product, chief }: House,
  { siret }: Unit,
  { name, mail }: Pick<Member, 'name' | 'mail'>,
): Promise<Page> {
  await chief.goto(`/espace/entreprise/code?siret=${siret}`)
  await chief.getByLabel('Nom de l’artisan').fill(name)
  await chief.getByLabel('Son courriel').fill(mail)
  await chief.getByRole('button', { name: 'Faire un code' }).click()
  const code = await chief.locator('[data-code]').innerText()
  const page = await openPhone({ browser, product })
  await page.goto('/connexion')
  await page.getByRole('textbox', { name: 'Votre adresse de courriel' }).fill(mail)
  await page.getByRole('button', { name: 'Recevoir un lien' }).click()
  await expect(page.getByRole('status')).toBeVisible()
  await enter(page, await mailedLink(chief, mail))
  await page.goto('/espace/entreprise')
  await page.getByLabel('Code de la feuille').fill(code)
  await page.getByRole('button', { name: 'Lier cette entreprise' }).click()
  await expect(page.getByRole('link', { name: 'Déposer des images ou des films' })).toBeVisible()
  return page
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

/** Looks at a screen, and listens to it: it is read out as the file of that name says, in that order. */
export async function checkScreen(page: Page, name: string): Promise<void> {
  await expect(page.getByRole('main')).toMatchAriaSnapshot({ name: `${name}.aria.yml` })
  await check(page)
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

/** Enterprises that the demonstration has visited already. */
function listVisited(): Set<string> {
  const file = join(import.meta.dirname, '../data/demonstration/survey.json')
  const { visits } = JSON.parse(readFileSync(file, 'utf8')) as { visits: { siret: string }[] }
  return new Set(visits.map(({ siret }) => siret))
}

/** Enterprises of one sector in the territory of the clauses that nobody asked yet, each known by its name alone. */
export async function listUnits(page: Page): Promise<Unit[]> {
  const visited = listVisited()
  const answer = await page.request.get(`/api/establishments?territory=${territory}&limit=200`)
  const { features } = (await answer.json()) as {
    features: { properties: { siret: string; name: string | null; sector: string } }[]
  }
  const units = features.map(({ properties }) => properties)
  const isAlone = (name: string) => units.filter((one) => one.name === name).length === 1
  return units.flatMap(({ siret, name, sector }) =>
    name !== null && isAlone(name) && sector === 'building' && !visited.has(siret) ? [{ siret, name }] : [],
  )
}
