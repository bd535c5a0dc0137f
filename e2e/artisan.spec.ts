import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { APIRequestContext, Browser, Page } from '@playwright/test'
import { openAsAdministrator } from './people.ts'
import { expect, expectAccessible, expectNoSideScroll, test, type Product } from './product.ts'

// This journey changes what the product holds.
test.use({ purpose: 'artisan', expectedError: /404/ })
test.describe.configure({ mode: 'serial' })

const run = promisify(execFile)
const sign = 'Atelier Zéphirine du Chevillard'
const escaped = encodeURIComponent(sign)

interface Unit {
  siret: string
  name: string | null
  naturalPerson: boolean | null
  commune: string
}

let chief: Page
let siret: string
let lon: number
let lat: number

/** An open craft of a sole trader, whose name the register does not give. */
async function findSoleTrader(request: APIRequestContext): Promise<void> {
  const answer = await request.get('/api/establishments?limit=1000')
  const { features } = (await answer.json()) as {
    features: { properties: Unit; geometry: { coordinates: [number, number] } | null }[]
  }
  const found = features.find(
    ({ properties, geometry }) => properties.naturalPerson && properties.name === null && geometry,
  )!
  siret = found.properties.siret
  ;[lon, lat] = found.geometry!.coordinates
}

/** The tile of the deepest zoom around the enterprise. */
function tilePath(): string {
  const z = 18
  const x = Math.floor(((lon + 180) / 360) * 2 ** z)
  const y = Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z)
  return `/tiles/atlas/${z}/${x}/${y}.mvt?q=${siret}`
}

/** Every place where the public would find the name; each text is what it gives now. */
const channels: Record<string, (request: APIRequestContext) => Promise<string>> = {
  page: async (request) => (await request.get(`/entreprises/${siret}`)).text(),
  'page in English': async (request) => (await request.get(`/en/entreprises/${siret}`)).text(),
  'search of the home page': async (request) => (await request.get('/?q=zephirine+chevillar')).text(),
  'map and its list': async (request) => (await request.get(`/carte?q=${siret}`)).text(),
  item: async (request) => (await request.get(`/api/establishments/${siret}`)).text(),
  'list of the API': async (request) => (await request.get(`/api/establishments?q=${escaped}`)).text(),
  CSV: async (request) => (await request.get('/api/establishments.csv')).text(),
  GeoJSON: async (request) => (await request.get('/api/establishments.geojson')).text(),
  statements: async (request) => (await request.get(`/api/statements?subject=enterprise:${siret}`)).text(),
  tile: async (request) => (await request.get(tilePath())).body().then(String),
}

const shows = (text: string) => text.replaceAll(/&#39;|’/g, "'").includes(sign)

async function asVisitor<T>(browser: Browser, product: Product, work: (visitor: APIRequestContext) => Promise<T>) {
  const context = await browser.newContext({ baseURL: product.url })
  try {
    return await work(context.request)
  } finally {
    await context.close()
  }
}

/** Milliseconds from now until a channel no longer shows the name. */
async function timeToGone(visitor: APIRequestContext, read: (typeof channels)[string], start: number): Promise<number> {
  for (;;) {
    const text = await read(visitor)
    const now = Date.now() - start
    if (!shows(text) || now > 5000) return now
  }
}

test.afterAll(() => chief?.context().close())

test('a sole trader links the enterprise by a code and publishes the name, with the agreement read', async ({
  browser,
  product,
}) => {
  chief = await openAsAdministrator(browser, product)
  await findSoleTrader(chief.request)
  await chief.goto(`/entreprises/${siret}`)
  await chief.getByRole('link', { name: 'Remettre un code à l’artisan' }).click()
  await chief.getByRole('button', { name: 'Faire un code' }).click()
  const code = await chief.locator('[data-code]').innerText()
  await chief.goto('/espace/entreprise')
  await chief.getByLabel('Code de la feuille').fill(code)
  await chief.getByRole('button', { name: 'Lier cette entreprise' }).click()

  await chief.goto(`/entreprises/${siret}/corriger`)
  await chief.getByRole('link', { name: 'Ajouter : Nom ou enseigne' }).click()
  await expectAccessible(chief)
  await chief.setViewportSize({ width: 390, height: 844 })
  await expectNoSideScroll(chief)
  await chief.getByLabel('Nom ou enseigne').fill(sign)
  await chief.getByRole('checkbox').check()
  await chief.getByRole('button', { name: 'Publier' }).click()
  await expect(chief.getByRole('status')).toBeVisible()
  await asVisitor(browser, product, async (visitor) => {
    for (const [name, read] of Object.entries(channels))
      await expect.poll(async () => shows(await read(visitor)), { message: name, timeout: 1000 }).toBe(true)
  })
  await chief.goto(`/entreprises/${siret}`)
  await expect(chief.getByRole('heading', { level: 1 })).toHaveText(sign)
  await expectAccessible(chief)
  await expectNoSideScroll(chief)
})

test('a withdrawal leaves every channel within a second, and is in the feed of what was retired', async ({
  browser,
  product,
}) => {
  const before = (await (await chief.request.get('/api/retired?kind=statement')).json()) as { items: object[] }
  await chief.goto('/espace/donnees')
  await expectAccessible(chief)
  await chief.goto(`/entreprises/${siret}/corriger`)
  const answered = chief.waitForResponse((response) => response.request().method() === 'POST')
  await chief.getByRole('button', { name: 'Retirer : Nom ou enseigne' }).click()
  await answered
  const start = Date.now()
  const times = await asVisitor(browser, product, (visitor) =>
    Promise.all(
      Object.entries(channels).map(async ([name, read]) => [name, await timeToGone(visitor, read, start)] as const),
    ),
  )
  process.stdout.write(
    `after the answer to the withdrawal, gone from each in (ms): ${times.map(([name, ms]) => `${name} ${ms}`).join(', ')}\n`,
  )
  expect(times.filter(([, ms]) => ms > 1000)).toEqual([])
  const after = (await (await chief.request.get('/api/retired?kind=statement')).json()) as { items: object[] }
  expect(after.items.length).toBe(before.items.length + 1)
})

/** Files of a folder that hold a text, in UTF-8. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

test('erased, it is nowhere on the disk', async ({ product }) => {
  expect(filesWith(product.dataDir, sign).length).toBeGreaterThan(0)
  const cli = join(import.meta.dirname, '../src/cli.ts')
  await run(process.execPath, [cli, 'erase', 'enterprise', siret, '--reason', 'request'], {
    env: { ...process.env, DATA_DIR: product.dataDir, DATABASE_URL: '' },
  })
  expect(filesWith(product.dataDir, sign)).toEqual([])
  const item = (await (await chief.request.get(`/api/establishments/${siret}`)).json()) as {
    properties: { diffusion: string; address: string | null }
  }
  expect(item.properties).toMatchObject({ diffusion: 'partial', address: null })
})
