import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { readConfig, sql, transaction, type App } from '#platform'
import { compose } from '../../compose.ts'
import { copyFolder } from '../../platform/testing/global-setup.ts'
import { siretAt } from '../sirene/testing.ts'
import { createFolder, csvOf, stockUnit } from '../sirene/testing/collect.ts'
import { importJob, resumeInterrupted, type ImportOrder } from './jobs.ts'
import { findImportOfJob, listImports } from './queries.ts'
import { runImport } from './run.ts'

const template = inject('template')
const skip = template.kind === 'pglite' ? null : 'a server protects itself: only PGlite needs it'
const files = createFolder()
const folders: string[] = []
let before: string
let indexes: string[]

const copy = (from: string) => {
  const to = copyFolder(from)
  folders.push(to)
  return to
}
const open = (dataDir: string) => compose({ ...readConfig({}), dataDir, demo: false, logLevel: 'silent' })

function writeUnits(name: string, first: number, rows: number, year: number) {
  const units = Array.from({ length: rows }, (_, n) => ({
    ...stockUnit({ siret: siretAt(first + n) }),
    dateDernierTraitementEtablissement: `${year}-03-22T15:40:57`,
    anneeEffectifsEtablissement: String(year),
  }))
  return files.write(csvOf(units), name)
}

// Enough for the indexes to be left out, and for more than one part.
const many = 12_000
const small = writeUnits('1000.csv', 0, 1000, 2020)
const large = writeUnits('large.csv', 0, many, 2024)
const other = writeUnits('1.csv', 500_000, 1, 2024)
const importInto = (app: App, file: typeof small) =>
  runImport(app, { files: [file], departement: null, requestedBy: 'test' })

beforeAll(async () => {
  if (skip || template.kind !== 'pglite') return
  before = copy(template.folder)
  const app = await open(before)
  indexes = await indexesOf(app)
  await importInto(app, small)
  await app.storage.put('uploads/test/0', createReadStream(large.path))
  await app.storage.put('uploads/test/1', createReadStream(small.path))
  await app.db.close()
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  files.remove()
})

// Says each statement before it is run, and each progress.
const setUp = `import { compose } from './src/compose.ts'
  import { readConfig } from '#platform'
  import { importJob, runImport } from '#registry'
  const say = (text) => process.stdout.write(text.trim().replace(/\\s+/g, ' ').slice(0, 100) + '\\n')
  const app = await compose({ ...readConfig({}), dataDir: process.argv[1], demo: false, logLevel: 'silent' })
  const loud = (target) => ['query', 'exec'].map((method) => {
    const run = target[method].bind(target)
    return [method, (text, ...rest) => (say(text), run(text, ...rest))]
  })
  const { pglite } = app.db
  const begin = pglite.transaction.bind(pglite)
  Object.assign(pglite, Object.fromEntries(loud(pglite)), {
    transaction: (work) => begin((trx) => work(Object.fromEntries(loud(trx)))),
  })`
const importer = `${setUp}
  const files = [{ name: 'large.csv', path: process.argv[2] }]
  await runImport(app, { files, departement: null, requestedBy: 'test' }, ({ text }) => say(text))
  say('over')`
const server = `${setUp}
  await app.jobs.start(app)
  say('job ' + (await app.jobs.send(importJob.name, JSON.parse(process.argv[2]))))`

/** Runs a script until it says what is awaited for the n-th time, and kills it at once. */
async function runThenKill(script: string, args: string[], awaited: RegExp, nth = 1): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../../..'),
  })
  const ended = once(child, 'exit')
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (said.filter((one) => awaited.test(one)).length === nth) child.kill('SIGKILL')
  }
  expect(await ended, said.join('\n')).toEqual([null, 'SIGKILL'])
  return said
}

/** What the register holds: so many units, all of one year, as many former states. */
async function contentOf(app: App) {
  const found = await sql<{ units: number; years: number[]; history: number }>`
    select count(*)::int as units, array_agg(distinct employees_year) as years,
      (select count(*)::int from registry.establishment_history) as history from registry.establishment`.execute(
    app.db.kysely,
  )
  return found.rows[0]!
}

async function indexesOf(app: App): Promise<string[]> {
  const found = await sql<{ definition: string }>`select indexdef as definition from pg_indexes
    where schemaname = 'registry' and tablename = 'establishment' order by 1`.execute(app.db.kysely)
  return found.rows.map(({ definition }) => definition)
}

/** The same questions answered by the indexes alone, then by the table alone. */
async function expectSoundIndexes(app: App) {
  const conditions = [
    `siret > ''`,
    'id > 0',
    'version > 0',
    `commune = '82121'`,
    `metier = 'boulanger-patissier'`,
    `siren > ''`,
    `search > ''`,
    `search like '%82%'`,
  ]
  const answers = (settings: string[]) =>
    transaction(app.db, async (trx) => {
      for (const setting of settings) await sql.raw(`set local ${setting} = off`).execute(trx)
      const counts: number[] = []
      for (const condition of conditions) {
        const found = await sql<{
          n: number
        }>`select count(*)::int as n from registry.establishment where ${sql.raw(condition)}`.execute(trx)
        counts.push(found.rows[0]!.n)
      }
      return counts
    })
  const byTable = await answers(['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan'])
  expect(await answers(['enable_seqscan'])).toEqual(byTable)
  await app.db.outsideTransaction('reindex table registry.establishment')
}

const moments: [name: string, awaited: RegExp, nth: number, outcome: 'before' | 'after' | 'either'][] = [
  ['its record', /^insert into registry\.import/, 1, 'before'],
  ['the first rows staged', /^copy registry\.staged/, 1, 'before'],
  ['its first progress', /^Lecture/, 1, 'before'],
  ['the last rows staged', /^copy registry\.staged/, 2, 'before'],
  ['what the planner learns', /^analyze registry\.staged/, 1, 'before'],
  ['the merge', /^create temporary table resolved/, 1, 'before'],
  ['the history', /^insert into registry\.establishment_history/, 1, 'before'],
  ['the indexes left out', /^drop index/, 5, 'before'],
  ['the rows written', /^insert into registry\.establishment \(/, 1, 'before'],
  ['the indexes made again', /^CREATE INDEX/, 4, 'before'],
  ['the commit', /^select pg_notify/, 1, 'either'],
  ['the vacuum', /^vacuum/, 1, 'after'],
]

test.for(moments)('killed at %s, the register is as before or as after', async ([, awaited, nth, outcome], context) => {
  if (skip) return context.skip(skip)
  const dataDir = copy(before)
  await runThenKill(importer, [dataDir, large.path], awaited, nth)
  const app = await open(dataDir)
  const found = await contentOf(app)
  const states = {
    before: { units: 1000, years: [2020], history: 0 },
    after: { units: many, years: [2024], history: 1000 },
  }
  const reached = found.units === 1000 ? 'before' : 'after'
  expect(found).toEqual(states[reached])
  if (outcome !== 'either') expect(reached).toBe(outcome)
  await resumeInterrupted(app)
  const statuses = (await listImports(app.db)).map(({ status }) => status)
  // Killed at its record, it may have left none.
  expect([['done'], ['interrupted', 'done'], ['done', 'done']]).toContainEqual(statuses)
  expect(statuses.filter((status) => status === 'done')).toHaveLength(reached === 'after' ? 2 : 1)
  await expectSoundIndexes(app)
  expect(await importInto(app, other)).toMatchObject({ inserted: 1 })
  expect(await indexesOf(app)).toEqual(indexes)
  await app.db.close()
})

/** Waits until a job is over. */
async function ended(app: App, id: string) {
  for (;;) {
    const state = await app.jobs.state(importJob.name, id)
    if (state?.state === 'done' || state?.state === 'failed') return state
    await new Promise(setImmediate)
  }
}

test('an import of the page that a kill cut off is done after the next start, under the same number', async (context) => {
  if (skip) return context.skip(skip)
  const dataDir = copy(before)
  const order: ImportOrder = {
    departement: '82',
    contours: null,
    files: [{ key: 'uploads/test/0', name: 'large.csv' }],
  }
  const said = await runThenKill(server, [dataDir, JSON.stringify(order)], /^create temporary table resolved/)
  const id = said.find((line) => line.startsWith('job '))!.slice(4)
  const app = await open(dataDir)
  await app.jobs.start(app)
  await resumeInterrupted(app)
  expect(await ended(app, id)).toMatchObject({ state: 'done' })
  expect(await contentOf(app)).toEqual({ units: many, years: [2024], history: 1000 })
  expect(await findImportOfJob(app.db, id)).toMatchObject({ status: 'done', rows: many })
  expect((await listImports(app.db)).map(({ status }) => status)).toEqual(['done', 'interrupted', 'done'])
  const kept: string[] = []
  for await (const { key } of app.storage.list()) kept.push(key)
  expect(kept).toEqual(['uploads/test/1'])
  await app.jobs.stop()
  await app.db.close()
})
