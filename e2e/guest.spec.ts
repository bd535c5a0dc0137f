import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../bin/machine.ts'
import { expect, expectAccessible, expectNoSideScroll, test } from './product.ts'

test.use({ purpose: 'read', expectedError: /400/ })

/** Serves, then says the address of an invitation. */
const script = `
  import { compose } from './src/compose.ts'
  import { serve } from './src/serve.ts'
  import { readConfig } from '#platform'
  import { createGuestLink } from '#accounts'
  const config = readConfig()
  const app = await compose(config)
  await serve(app)
  const { token } = await createGuestLink(app.db, 'operator', {
    subject: { kind: 'workshop', id: 'essai' },
    label: 'Atelier : la terre cuite',
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    path: '/metiers',
  })
  process.stdout.write('invitation ' + token + '\\n')`

async function startInviting() {
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
  const token = Promise.withResolvers<string>()
  let said = ''
  child.once('exit', (code) => token.reject(new Error(`the product ended with ${code}`)))
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const found = /invitation (\S+)\n/.exec(said)
    if (found) token.resolve(found[1]!)
  })
  return { child, dataDir, origin: `http://127.0.0.1:${port}`, token: await token.promise }
}

test('a guest says what he is called and his age, and enters, without JavaScript', async ({ browser }) => {
  const { child, dataDir, origin, token } = await startInviting()
  const context = await browser.newContext({ baseURL: origin, locale: 'fr-FR', viewport: { width: 390, height: 844 } })
  const plain = await browser.newContext({ baseURL: origin, locale: 'fr-FR', javaScriptEnabled: false })
  try {
    const page = await context.newPage()
    for (const address of [`/invitation/${token}`, `/en/invitation/${token}`]) {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Atelier : la terre cuite')
      await expectNoSideScroll(page)
      await expectAccessible(page)
    }
    const guest = await plain.newPage()
    await guest.goto(`/invitation/${token}`)
    await guest.getByLabel('Votre prénom ou votre nom').fill('   ')
    await guest.getByLabel('J’ai moins de 18 ans').check()
    await guest.getByRole('button', { name: 'Entrer' }).click()
    await expect(guest.locator('.error')).toBeVisible()
    await expect(guest.getByLabel('J’ai moins de 18 ans')).toBeChecked()
    await guest.getByLabel('Votre prénom ou votre nom').fill('Léa')
    await guest.getByRole('button', { name: 'Entrer' }).click()
    await expect(guest).toHaveURL(`${origin}/metiers`)
    const cookie = (await plain.cookies()).find(({ name }) => name === 'guest')
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' })
  } finally {
    await context.close()
    await plain.close()
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
})
