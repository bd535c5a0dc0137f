import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import pino from 'pino'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import {
  badInput,
  createJobs,
  openDatabase,
  queueMail,
  readConfig,
  sql,
  UsageError,
  type Capability,
  type CliCommand,
  type Database,
} from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { runCommand } from '../testing/command-line.ts'
import { emptyPlace } from '../testing/databases.ts'

const program = join(import.meta.dirname, '../../../src/cli.ts')

let testApp: TestApp
let folder: string
beforeAll(async () => {
  testApp = await createTestApp()
  await testApp.app.db.close()
  folder = mkdtempSync(join(tmpdir(), 'artisanumerique-cli-'))
})
afterAll(async () => {
  await testApp.reopen()
  await testApp.close()
  rmSync(folder, { recursive: true, force: true })
})

function launch(argv: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [program, ...argv], { env: { PATH: process.env.PATH, ...env }, cwd: folder })
  return { child, ended: once(child, 'exit') as Promise<[number]>, out: child.stdout, err: text(child.stderr) }
}

async function spawned(argv: string[], env: Record<string, string> = {}) {
  const { ended, out, err } = launch(argv, env)
  const [printed, failed, [code]] = await Promise.all([text(out), err, ended])
  return { code, out: printed, err: failed }
}

test('the program answers help and misspelling without a database', async () => {
  const [help, wrong, nothing] = await Promise.all([spawned(['--help']), spawned(['imprt', 'sirene']), spawned([])])
  expect(help).toMatchObject({ code: 0, err: '' })
  for (const words of ['migrate', 'check', 'backup', 'restore', 'worker', 'import territory', 'import sirene'])
    expect(help.out).toContain(`  ${words}`)
  expect(wrong).toEqual({ code: 2, out: '', err: expect.stringContaining('Vouliez-vous dire « import sirene » ?') })
  expect(nothing).toMatchObject({ code: 2, out: '' })
  expect(existsSync(join(folder, 'var'))).toBe(false)
})

test('a wrong environment is told on the error output', async () => {
  expect(await spawned(['migrate'], { PORT: 'x', DATA_DIR: 'data' })).toEqual({
    code: 1,
    out: '',
    err: expect.stringContaining('PORT'),
  })
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

const command = (name: string, run: CliCommand['run']): CliCommand => ({
  words: ['try', name],
  summary: name,
  usage: `try ${name}`,
  run,
})
const tried: Capability = {
  name: 'tried',
  commands: [
    command('fine', async (app, { io, args }) => {
      for (let i = 0; i <= 10; i++) io.progress(`${i} sur 10`, i / 10)
      const found = await sql<{ one: number }>`select 1 as one`.execute(app.db.kysely)
      io.print(`un : ${found.rows[0]!.one}, ${args.join(' ')}, ${io.cwd}`)
    }),
    command('refused', async () => {
      throw badInput('Le département est inconnu.', [{ field: 'departement', message: 'doit exister' }])
    }),
    command('wrong', async () => {
      throw new UsageError('Donnez un fichier.')
    }),
    command('bug', async () => {
      throw new Error('a bug')
    }),
  ],
}
const attempt = (...argv: string[]) => runCommand(testApp.app.config, ['try', ...argv], { more: [tried], cwd: '/here' })

test('a command that succeeds ends with 0; what it says and how far it is go apart', async () => {
  const ran = await attempt('fine', 'a', 'b')
  expect(ran).toMatchObject({ code: 0, out: 'un : 1, a b, /here\n' })
  expect(ran.err.split('\n')).toEqual([...Array.from({ length: 11 }, (_, i) => `${i} sur 10`), ''])
})

test('a refusal ends with 1, a misuse with 2, and both with a sentence alone', async () => {
  expect(await attempt('refused')).toEqual({
    code: 1,
    out: '',
    err: 'Le département est inconnu.\n  departement : doit exister\n',
  })
  expect(await attempt('wrong')).toEqual({
    code: 2,
    out: '',
    err: 'Donnez un fichier.\nAide : npx artisanumerique --help\n',
  })
  expect(await attempt('fine', '--zzz')).toMatchObject({ code: 2, out: '' })
})

test('what nobody expected ends with 1 and says where', async () => {
  expect(await attempt('bug')).toEqual({ code: 1, out: '', err: expect.stringMatching(/a bug[^]*run\.db\.test\.ts/) })
})

test('check says that all is well, without writing', async () => {
  const ran = await runCommand(testApp.app.config, ['check'])
  expect(ran).toMatchObject({ code: 0, err: '' })
  expect(ran.out).toMatch(/^✓ PostgreSQL \d+/)
  expect(ran.out).not.toMatch(/^[!✗]/m)
})

test('check tells of mails that wait and of an erasure that is not finished', async () => {
  const { config } = testApp.app
  const change = async (work: (db: Database) => Promise<unknown>) => {
    const db = await openDatabase(config)
    await work(db)
    await db.close()
  }
  await change(async ({ kysely }) => {
    await queueMail(kysely, { to: 'a@exemple.fr', subject: 'x', text: 'x' })
    await sql`insert into platform.unscrubbed (name) values ('registry.establishment')`.execute(kysely)
  })
  const ran = await runCommand(config, ['check'])
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('! Courriels qui attendent : 1.') })
  expect(ran.out).toContain('! Un effacement n’est pas fini sur le disque (registry.establishment)')
  await change(async ({ kysely }) => {
    for (const table of ['mail', 'unscrubbed', 'outbox'])
      await sql`delete from platform.${sql.ref(table)}`.execute(kysely)
  })
})

test('check names what is wrong, and a missing base', async () => {
  const place = await emptyPlace(null)
  try {
    const missing = await runCommand(place.config, ['check'])
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('ne contient pas de base') })
    await (await openDatabase(place.config)).close()
    writeFileSync(join(place.config.dataDir, 'files'), 'not a folder')
    const ran = await runCommand(place.config, ['check'])
    expect(ran).toMatchObject({ code: 1, err: expect.stringMatching(/^\d points à corriger\.$/m) })
    expect(ran.out).toMatch(/✗ La base n’est pas à jour \(\d+ étapes\)\. Lancez : migrate/)
    expect(ran.out).toContain('✗ Le dossier des fichiers ne s’écrit pas')
  } finally {
    await place.drop()
  }
})

test('migrate says what it would apply, applies it, and then has nothing to do', async () => {
  const template = inject('template')
  const place = await emptyPlace(template.kind === 'postgres' ? template.url : null)
  try {
    const dry = await runCommand(place.config, ['migrate', '--dry-run'])
    expect(dry.out).toMatch(/^à appliquer : \d{8}T\d{4}-platform\.sql\n/)
    const real = await runCommand(place.config, ['migrate'])
    expect(real).toMatchObject({ code: 0, out: dry.out.replaceAll('à appliquer', 'appliquée') })
    expect(await runCommand(place.config, ['migrate'])).toMatchObject({ code: 0, out: 'La base est à jour.\n' })
  } finally {
    await place.drop()
  }
})

test('a backup of what is not there creates nothing', async () => {
  const dataDir = join(folder, 'absent')
  const ran = await runCommand({ ...readConfig({}), dataDir }, ['backup', 'x.tar.gz'], { cwd: folder })
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('ne contient pas de base') })
  expect(existsSync(dataDir)).toBe(false)
  expect(await runCommand(testApp.app.config, ['backup'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('Donnez un fichier, et un seul'),
  })
})

test('a worker refuses the embedded database', async () => {
  const ran = await runCommand({ ...testApp.app.config, databaseUrl: null }, ['worker'])
  expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('DATABASE_URL') })
})

test('a worker beside the server does the jobs of the queue until SIGTERM', async (context) => {
  const { config } = testApp.app
  if (!config.databaseUrl) return context.skip('needs TEST_DATABASE_URL')
  const worker = launch(['worker'], { DATABASE_URL: config.databaseUrl, DATA_DIR: config.dataDir })
  for await (const line of createInterface({ input: worker.out })) if (line.startsWith('En attente')) break
  const db = await openDatabase(config)
  const jobs = createJobs(db, [], pino({ level: 'silent' }))
  await jobs.start(testApp.app)
  const id = await jobs.send('platform.forget', {})
  while ((await jobs.state('platform.forget', id))?.state !== 'done') await new Promise(setImmediate)
  worker.child.kill('SIGTERM')
  expect(await worker.ended).toEqual([0, null])
  expect(await worker.err).toBe('')
  await jobs.stop()
  await db.close()
})
