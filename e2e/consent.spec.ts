import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { freePort } from '../bin/machine.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

test.use({ purpose: 'consent' })

const phone = { width: 390, height: 844 }

async function signIn(page: Page, link: string) {
  await page.goto(link)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mon espace')
}

test.describe('the legal pages', () => {
  test.use({ viewport: phone, javaScriptEnabled: false })
  const pages = [
    ['/confidentialite', 'Vie privée'],
    ['/mentions-legales', 'Mentions légales'],
    ['/accessibilite', 'Accessibilité'],
    ['/en/confidentialite', 'Privacy'],
    ['/en/mentions-legales', 'Legal notice'],
    ['/en/accessibilite', 'Accessibility'],
  ] as const
  for (const [path, title] of pages)
    test(`${path} is read without JavaScript on a phone`, async ({ page }) => {
      const scripts: string[] = []
      page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
      expect(scripts).toEqual([])
      expect(await page.locator('script').count()).toBe(0)
    })

  test('privacy names the legal basis of each processing, and where to complain', async ({ page }) => {
    await page.goto('/confidentialite')
    await expect(page.getByText('RGPD, article 6.1.a').first()).toBeVisible()
    await expect(page.getByText('CNIL').first()).toBeVisible()
    await expect(page.getByText('Pas encore renseigné').first()).toBeVisible()
  })
})

test('the legal pages hold on a phone and are accessible', async ({ page }) => {
  await page.setViewportSize(phone)
  for (const path of ['/confidentialite', '/mentions-legales', '/accessibilite']) {
    await page.goto(path)
    await expectNoSideScroll(page)
    await expectAccessible(page)
  }
})

test('the administrator says who runs the site, reads and takes away what is kept of him', async ({
  page,
  product,
}) => {
  await page.setViewportSize(phone)
  await signIn(page, product.signInLink())
  await page.goto('/espace/mentions')
  await expectNoSideScroll(page)
  await expectAccessible(page)
  await page.getByLabel('Éditeur (organisme)').fill('Chambre d’essai')
  await page.getByLabel('Contact', { exact: true }).fill('contact@chambre.example')
  await page.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(page.getByRole('status')).toContainText('Enregistré')
  for (const path of ['/mentions-legales', '/confidentialite', '/accessibilite']) {
    await page.goto(path)
    await expect(page.getByText('contact@chambre.example')).toBeVisible()
  }

  await page.goto('/espace/donnees')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mes données et mes accords')
  await expect(page.getByText('Personne ne vous a encore demandé d’accord.')).toBeVisible()
  await expectNoSideScroll(page)
  await expectAccessible(page)
  const copy = await page.request.get('/espace/donnees.json')
  expect(copy.headers()['cache-control']).toBe('no-store')
  const data = (await copy.json()) as { subjects: { subject: { kind: string } }[] }
  expect(data.subjects.map(({ subject }) => subject.kind)).toEqual(['person'])
})

test('a visitor reads nobody’s data', async ({ request }) => {
  expect((await request.get('/espace/donnees.json')).status()).toBe(401)
  expect((await request.get('/espace/donnees', { maxRedirects: 0 })).status()).toBe(303)
  expect((await request.get('/espace/accords/statement/x', { maxRedirects: 0 })).status()).toBe(303)
})

/** Serves, then asks the first administrator for his agreement about something that he said. */
const script = `
  import { compose } from './src/compose.ts'
  import { serve } from './src/serve.ts'
  import { readConfig, sql } from '#platform'
  import { declareRecord } from '#consent'
  const app = await compose(readConfig())
  await serve(app)
  const { rows } = await sql\`select id from accounts.person\`.execute(app.db.kysely)
  const holder = { kind: 'person', id: rows[0].id }
  await declareRecord(app.db, 'operator', { kind: 'statement', id: 'dit', asked: 'public', body: null, holder })
  // The only administrator could not erase himself.
  await sql\`insert into accounts.person (id, name, email, administrator) values ('2', 'Autre', 'autre@exemple.fr', true)\`.execute(app.db.kysely)
  process.stdout.write('waiting\\n')`

async function startAsking() {
  const dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-journey-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      DEMO: 'off',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  child.once('exit', (code) => ready.reject(new Error(`the product ended with ${code}`)))
  child.stdout.on('data', (chunk: Buffer) => chunk.includes('waiting') && ready.resolve())
  await ready.promise
  return { child, dataDir, link: readFileSync(join(dataDir, 'first-sign-in'), 'utf8').trim() }
}

test('a holder reads, agrees, narrows, withdraws, then erases all, without JavaScript', async ({ browser }) => {
  test.slow()
  const { child, dataDir, link } = await startAsking()
  const context = await browser.newContext({ viewport: phone, baseURL: new URL(link).origin, javaScriptEnabled: false })
  const page = await context.newPage()
  try {
    await signIn(page, link)
    await page.goto('/espace/donnees')
    await page.getByRole('link', { name: /Lire et décider/ }).click()
    await expect(page.getByText('les copies déjà prises restent')).toBeVisible()
    await expectNoSideScroll(page)
    const scripted = await browser.newContext({ storageState: await context.storageState(), viewport: phone })
    const other = await scripted.newPage()
    await other.goto(`${page.url()}?mineur=1`)
    await expectAccessible(other)
    await expectNoSideScroll(other)
    await scripted.close()
    const form = page.locator('form[action^="?/give"]')
    expect(await form.locator(':checked').count(), 'nothing is ticked beforehand').toBe(0)
    await form.getByLabel('tout le monde').check()
    await form.getByLabel('la recherche').check()
    await form.getByLabel(/J’ai lu le texte/).check()
    await form.getByRole('button').click()
    await expect(page.getByRole('alert')).toContainText('Pour que tout le monde le voie')
    await form.getByLabel('tout le monde').check()
    await form.getByLabel(/sur ce site/).check()
    await form.getByLabel(/J’ai lu le texte/).check()
    await form.getByRole('button').click()
    await expect(page.getByRole('status')).toContainText('enregistré')
    const seen = page.locator('dt:text-is("Vu aujourd’hui par") + dd')
    await expect(seen).toHaveText('tout le monde')

    await page.getByText('Restreindre', { exact: true }).first().click()
    const narrow = page.locator('form[action="?/narrow"]')
    await narrow.getByLabel('les partenaires de la convention').check()
    await narrow.getByRole('button').click()
    await expect(seen).toHaveText('les partenaires de la convention')
    await page.getByRole('button', { name: 'Retirer mon accord' }).click()
    await expect(page.getByRole('status')).toContainText('n’est plus montré')
    await expect(seen).toHaveText('moi seul et la personne qui l’a écrit')

    await page.getByRole('link', { name: 'moins de 18 ans' }).click()
    await expect(page.getByText('Deux signatures sont nécessaires')).toBeVisible()

    await page.goto('/espace/donnees')
    await page.getByLabel(/tapez EFFACER/).fill('EFFACER')
    await page.getByRole('button', { name: 'Effacer définitivement' }).click()
    await expect(page.getByRole('status')).toContainText('Vos données sont effacées')
    expect((await page.request.get('/espace/donnees.json')).status()).toBe(401)
    expect(readFileSync(join(dataDir, 'erasures.jsonl'), 'utf8').trim().split('\n')).toHaveLength(1)
  } finally {
    await context.close()
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
})
