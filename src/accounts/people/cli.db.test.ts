import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { runCommand } from '../../platform/testing/command-line.ts'
import { signInWithLink } from './commands.ts'
import { findByEmail } from './people.ts'
import { findUser } from './sessions.ts'
import { cookieOf, tokenOf, visitWith } from './testing.ts'

let running: TestApp
beforeAll(async () => {
  running = await createTestApp()
  await running.app.db.close()
})
afterAll(async () => {
  await running.reopen()
  await running.close()
})

const run = (...argv: string[]) => runCommand(running.app.config, ['user', 'create', ...argv])

test('an account is tried, opened, made an administrator, and given a link again', async () => {
  expect(await run('ana@exemple.fr', '--name', 'Ana', '--dry-run')).toEqual({
    code: 0,
    out: 'Nouveau compte : Ana, ana@exemple.fr. Essai : rien n’est changé.\n',
    err: '',
  })
  const opened = await run('Ana@exemple.fr', '--name', 'Ana')
  expect(opened).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Nouveau compte : Ana, ana@exemple\.fr\.\nLien/),
  })
  const again = await run('ana@exemple.fr', '--administrator')
  expect(again.out).toMatch(/^Compte existant : Ana, ana@exemple\.fr \(administrateur\)\.\nLien/)

  const app = await running.reopen()
  expect(await findByEmail(app.db.kysely, 'ana@exemple.fr')).toMatchObject({ name: 'Ana', administrator: true })
  for (const { out } of [opened, again]) {
    const token = tokenOf(/http\S+/.exec(out)![0])
    const session = await signInWithLink(app, null, { token, visit: visitWith() })
    expect(await findUser(app, { cookie: cookieOf(session) })).toMatchObject({ email: 'ana@exemple.fr' })
  }
  await app.db.close()
})

test.each([
  [['ana.exemple.fr', '--name', 'Ana'], 1],
  [['neuve@exemple.fr'], 2],
  [[], 2],
])('%j is refused', async (argv, code) => expect(await run(...argv)).toMatchObject({ code, out: '' }))
