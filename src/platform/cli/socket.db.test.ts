import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest'
import {
  badInput,
  listenForCommands,
  openDatabase,
  sql,
  UsageError,
  type App,
  type Capability,
  type CliCommand,
} from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { runCommand } from '../testing/command-line.ts'
import { emptyPlace } from '../testing/databases.ts'

let testApp: TestApp
let listening: { close(): Promise<void> } | null = null
beforeEach(async () => {
  testApp = await createTestApp({ logLevel: 'silent' })
})
afterEach(async () => {
  await listening?.close()
  listening = null
  await testApp.close()
})

const command = (name: string, run: CliCommand['run']): CliCommand => ({
  words: ['try', name],
  summary: name,
  usage: `try ${name}`,
  options: { tag: { type: 'string', help: 'étiquette', multiple: true } },
  run,
})

/** The live server of the test, with one more capability; the same program is on both sides. */
async function serveCommands(...commands: CliCommand[]) {
  const tried: Capability = { name: 'tried', commands }
  const { app } = testApp
  const live: App = { ...app, capabilities: [...app.capabilities, tried] }
  listening = await listenForCommands(live)
  const run = (...argv: string[]) => runCommand(app.config, argv, { more: [tried], cwd: '/from/here' })
  return { run, live }
}

const path = () => join(testApp.app.config.dataDir, 'socket')

function onServer(context: TestContext): boolean {
  if (testApp.app.db.pglite) return false
  context.skip('on a server a command opens the database itself')
  return true
}

test('a command is run by the server that holds the folder, and shown as if it ran here', async (context) => {
  if (onServer(context)) return
  const { run } = await serveCommands(
    command('fine', async (app, { args, values, io }) => {
      io.progress('à moitié', 0.5)
      const found = await sql<{ one: number }>`select 1 as one`.execute(app.db.kysely)
      io.print(`processus ${process.pid}, ${found.rows[0]!.one}, ${args.join('+')}, ${String(values.tag)}, ${io.cwd}`)
      io.print('é\n«»')
    }),
  )
  expect(await run('try', 'fine', 'a', 'b', '--tag', 'x', '--tag', 'y')).toEqual({
    code: 0,
    out: `processus ${process.pid}, 1, a+b, x,y, /from/here\né\n«»\n`,
    err: 'à moitié\n',
  })
})

test('only the same user may connect, and nothing is left after the stop', async (context) => {
  if (onServer(context)) return
  writeFileSync(path(), 'left by a server that was killed')
  await serveCommands()
  expect(statSync(path()).isSocket()).toBe(true)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
  await listening!.close()
  expect(existsSync(path())).toBe(false)
})

test('refusals, misuses and bugs cross with their codes', async (context) => {
  if (onServer(context)) return
  const { run, live } = await serveCommands(
    command('refused', async () => {
      throw badInput('Non.')
    }),
    command('wrong', async () => {
      throw new UsageError('Donnez un fichier.')
    }),
    command('bug', async () => {
      throw new Error('a bug')
    }),
  )
  expect(await run('try', 'refused')).toEqual({ code: 1, out: '', err: 'Non.\n' })
  expect(await run('try', 'wrong')).toMatchObject({ code: 2, err: expect.stringContaining('Donnez un fichier.') })
  expect(await run('try', 'bug')).toMatchObject({ code: 1, err: expect.stringContaining('a bug') })
  live.capabilities = testApp.app.capabilities
  expect(await run('try', 'refused')).toMatchObject({
    code: 2,
    err: expect.stringContaining('il est d’une autre version'),
  })
})

test('a live server is backed up, checked, and never restored over', async (context) => {
  if (onServer(context)) return
  const { run } = await serveCommands()
  const file = join(testApp.app.config.dataDir, 'copy.tar.gz')
  expect(await run('backup', file)).toMatchObject({ code: 0, out: expect.stringContaining('Sauvegarde écrite') })
  expect(await run('check')).toMatchObject({ code: 0 })
  expect(await run('migrate')).toMatchObject({ code: 0, out: 'La base est à jour.\n' })
  expect(await run('restore', file)).toMatchObject({ code: 1, err: expect.stringContaining('base vide') })
  const place = await emptyPlace(null)
  try {
    expect(await runCommand(place.config, ['restore', file])).toMatchObject({ code: 0 })
  } finally {
    await place.drop()
  }
})

test('a client that leaves does not stop its command', async (context) => {
  if (onServer(context)) return
  const began = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const finished = Promise.withResolvers<void>()
  await serveCommands(
    command('long', async (_app, { io }) => {
      began.resolve()
      await go.promise
      io.print('nobody hears')
      finished.resolve()
    }),
  )
  const client = connect(path())
  client.write(`${JSON.stringify({ words: ['try', 'long'], args: [], values: {}, cwd: '/' })}\n`)
  await began.promise
  const left = once(client, 'close')
  client.destroy()
  await left
  go.resolve()
  await finished.promise
})

test('a stop waits for the command that runs, and refuses the next ones', async (context) => {
  if (onServer(context)) return
  const began = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const { run } = await serveCommands(
    command('long', async (_app, { io }) => {
      began.resolve()
      await go.promise
      io.print('fini')
    }),
  )
  const idle = connect(path())
  await once(idle, 'connect')
  const ran = run('try', 'long')
  await began.promise
  const closed = listening!.close()
  expect(await run('try', 'long')).toMatchObject({
    code: 1,
    err: expect.stringContaining('est déjà ouvert par le processus'),
  })
  go.resolve()
  await closed
  expect(await ran).toEqual({ code: 0, out: 'fini\n', err: '' })
  idle.destroy()
})

test('what is no request is dropped', async (context) => {
  if (onServer(context)) return
  const { run } = await serveCommands(command('fine', async (_app, { io }) => io.print('ok')))
  for (const line of ['no json', '{"words":1}', 'x'.repeat(1_100_000)]) {
    const client = connect(path())
    client.on('error', () => undefined)
    const closed = new Promise((resolve) => client.on('close', resolve))
    client.write(`${line}\n`)
    client.resume()
    await closed
  }
  expect(await run('try', 'fine')).toMatchObject({ code: 0, out: 'ok\n' })
})

test('without a server that answers, the holder of the folder is named', async (context) => {
  if (onServer(context)) return
  const refusal = { code: 1, out: '', err: expect.stringContaining(`déjà ouvert par le processus ${process.pid}`) }
  expect(await runCommand(testApp.app.config, ['check'])).toEqual(refusal)
  writeFileSync(path(), '')
  expect(await runCommand(testApp.app.config, ['check'])).toEqual(refusal)
})

test('a folder whose path is too long for a socket has it elsewhere, in a private folder', async (context) => {
  if (onServer(context)) return
  const place = await emptyPlace(null)
  const dataDir = join(place.config.dataDir, 'x'.repeat(120))
  mkdirSync(dataDir)
  const db = await openDatabase({ databaseUrl: null, dataDir })
  const app: App = { ...testApp.app, db, config: { ...place.config, dataDir } }
  try {
    for (let start = 0; start < 2; start++) {
      listening = await listenForCommands(app)
      const socket = readFileSync(join(dataDir, 'socket-path'), 'utf8')
      expect(statSync(socket).isSocket()).toBe(true)
      expect(statSync(dirname(socket)).mode & 0o777).toBe(0o700)
      expect(await runCommand(app.config, ['migrate', '--dry-run'])).toMatchObject({
        code: 0,
        out: expect.stringContaining('à appliquer'),
      })
      await listening.close()
      expect(existsSync(dirname(socket))).toBe(false)
    }
  } finally {
    await db.close()
    rmSync(dataDir, { recursive: true })
    await place.drop()
  }
})
