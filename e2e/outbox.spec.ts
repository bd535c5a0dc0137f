import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, expectAccessible, expectNoSideScroll, test, type Product } from './product.ts'

test.use({ purpose: 'outbox' })

const run = promisify(execFile)
const cli = join(import.meta.dirname, '../src/cli.ts')

/** Opens an account with the command line, while the server runs; gives its one-time link. */
async function createUser(product: Product, email: string, ...more: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [cli, 'user', 'create', email, ...more], {
    env: { ...process.env, DATA_DIR: product.dataDir, DATABASE_URL: '', PORT: new URL(product.url).port },
  })
  return /http:\S+/.exec(stdout)![0]
}

test('without a mail server, an administrator hands a sign-in link over, and its text is forgotten', async ({
  browser,
  page,
  product,
}) => {
  await createUser(product, 'claire@exemple.fr', '--name', 'Claire')
  const visitor = await browser.newPage({ baseURL: product.url })
  await visitor.goto('/connexion')
  await visitor.getByLabel('Votre adresse de courriel').first().fill('claire@exemple.fr')
  await visitor.getByRole('button', { name: 'Recevoir un lien' }).click()
  await expect(visitor.getByRole('status')).toBeVisible()
  await visitor.close()

  await page.goto(await createUser(product, 'chef@exemple.fr', '--name', 'Chef', '--administrator'))
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click()
  await page.getByRole('link', { name: 'Courriels à remettre' }).click()
  const mail = page.getByRole('listitem').filter({ hasText: 'claire@exemple.fr' })
  await expect(mail).toHaveCount(1)
  await mail.getByText('Voir le texte').click()
  await expect(mail.getByRole('link')).toHaveAttribute(
    'href',
    new RegExp(`^${product.url.replace('127.0.0.1', '.*')}/`),
  )
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  await expectNoSideScroll(page)
  await mail.getByRole('button', { name: /^Marquer comme remis/ }).click()
  await expect(page.getByRole('status')).toHaveText('Marqué comme remis ; son texte est effacé.')
  await expect(page.getByText('claire@exemple.fr')).toHaveCount(0)
  await page.goto('/en/espace/courriels')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Mails to hand over')
})
