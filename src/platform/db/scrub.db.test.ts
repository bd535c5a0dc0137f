import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, inject, test, type TestContext } from 'vitest'
import { openDatabase, platform, scrub, sql, type Database } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { removeOrphans } from './orphans.ts'
import { findPowers } from './powers.ts'
import { finishScrub } from './scrub.ts'

let testApp: TestApp
let db: Database
beforeAll(async () => {
  testApp = await createTestApp()
  db = testApp.app.db
})
afterAll(() => testApp.close())

const run = (text: string) => sql.raw(text).execute(db.kysely)
let number = 0
/** A text that is nowhere else on the machine's disks. */
const newCanary = (what: string) => `kanari${process.pid}x${number++}${what}`

/** The folder of all that the database writes; skips, loudly, where the server's cannot be read. */
async function dataFolder(context: TestContext): Promise<string> {
  if (db.pglite) return testApp.app.config.dataDir
  const found = await sql<{ folder: string }>`select current_setting('data_directory') as folder`.execute(db.kysely)
  const { folder } = found.rows[0]!
  try {
    readdirSync(join(folder, 'pg_wal'))
  } catch {
    context.skip(`needs to read ${folder}, the folder of the PostgreSQL server`)
  }
  return folder
}

/** Files that hold one of the texts, byte for byte. */
function filesWith(folder: string, texts: string[]): string[] {
  const read = (path: string) => {
    try {
      return readFileSync(path)
    } catch {
      // Removed meanwhile.
      return Buffer.alloc(0)
    }
  }
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const bytes = read(path)
      return texts.filter((text) => bytes.includes(text)).map((text) => `${path.slice(folder.length)} ${text}`)
    })
}

/** A table where texts are in rows, an index, TOAST and statistics; its first rows are those of the erasure. */
async function writeTable(name: string, canary: Record<'row' | 'index' | 'toast' | 'shared', string>, kept: number) {
  await run(`create table ${name} (id int primary key, row text, indexed text, long text, shared text)`)
  await run(`create index on ${name} (indexed)`)
  await run(`create index on ${name} (upper(indexed))`)
  await run(`insert into ${name} select i, '${canary.row}', '${canary.index}' || i % 7, null, '${canary.shared}'
    from generate_series(1, 600) i`)
  await run(`update ${name} set long = '${canary.toast}' || (select string_agg(md5(random()::text), '')
    from generate_series(1, 300)) where id <= 20`)
  await run(
    `insert into ${name} select i, 'row', 'indexed' || i, 'long', 'shared' from generate_series(1001, 1000 + ${kept}) i`,
  )
  await run(`analyze ${name}`)
  await db.outsideTransaction('checkpoint')
}

const newCanaries = () => ({
  row: newCanary('row'),
  index: newCanary('index').toUpperCase(),
  toast: newCanary('toast'),
  shared: newCanary('shared'),
})

/** Both ways of reading the rows that are kept agree. */
async function expectSound(name: string, rows: number) {
  for (const setting of ['on', 'off']) {
    const found = await db.kysely.transaction().execute(async (trx) => {
      await sql.raw(`set local enable_seqscan = ${setting}`).execute(trx)
      await sql.raw(`set local enable_bitmapscan = ${setting}`).execute(trx)
      return sql
        .raw<{ ids: number; texts: number }>(
          `select (select count(*)::int from ${name} where id > 0) as ids,
        (select count(*)::int from ${name} where indexed >= '') as texts`,
        )
        .execute(trx)
    })
    expect(found.rows).toEqual([{ ids: rows, texts: rows }])
  }
}

test.for([
  ['still has rows', 500],
  ['is left empty', 0],
] as const)('nothing of what was erased is left on disk, from a table that %s', async ([, kept], context) => {
  const folder = await dataFolder(context)
  const name = `public.erased_${number++}`
  const canary = newCanaries()
  await writeTable(name, canary, kept)
  const before = filesWith(folder, Object.values(canary)).join('\n')
  for (const text of Object.values(canary)) expect(before).toContain(text)
  expect(before).toMatch(/pg_wal\/[0-9A-F]{24} /)

  await run(`delete from ${name} where id <= 600`)
  // The journal's file becomes one of those that a server keeps for later.
  await run('select pg_switch_wal()')
  await db.outsideTransaction('checkpoint')
  expect(filesWith(folder, [canary.row])).not.toEqual([])
  await scrub(db, [name])
  expect(filesWith(folder, Object.values(canary))).toEqual([])
  await expectSound(name, kept)
  expect((await run('select * from platform.unscrubbed')).rows).toEqual([])
})

test('others write meanwhile: what they write is kept, what was erased is not', async (context) => {
  const folder = await dataFolder(context)
  const [name, other] = [`public.erased_${number++}`, `public.erased_${number++}`]
  const canary = newCanaries()
  await writeTable(name, canary, 10)
  await writeTable(other, newCanaries(), 0)
  await run(`delete from ${name} where id <= 600`)
  const finished = new AbortController()
  let written = 0
  const write = async () => {
    for (let id = 10_000; !finished.signal.aborted; id++, written++) {
      await run(`insert into ${name} values (${id}, 'row', 'indexed', repeat('long', 2000), 'shared')`)
      await run(`update ${other} set row = 'row ${id}' where id = ${1 + (id % 600)}`)
    }
  }
  const writing = write()
  try {
    await scrub(db, [name])
    await scrub(db, [name])
  } finally {
    finished.abort()
    await writing
  }
  expect(written).toBeGreaterThan(0)
  expect(filesWith(folder, Object.values(canary))).toEqual([])
  await expectSound(name, 10 + written)
  await expectSound(other, 600)
})

test('what was erased does not come back when the database is closed and opened again', async (context) => {
  const folder = await dataFolder(context)
  const name = `public.erased_${number++}`
  const canary = newCanaries()
  await writeTable(name, canary, 30)
  await run(`delete from ${name} where id <= 600`)
  await scrub(db, [name])
  await db.close()
  expect(filesWith(folder, Object.values(canary))).toEqual([])
  db = (await testApp.reopen()).db
  await expectSound(name, 30)
  expect(filesWith(folder, Object.values(canary))).toEqual([])
})

test('files that a kill left without an owner go too, and no other', async (context) => {
  if (!db.pglite) return context.skip('only PGlite needs it: nobody may touch the files of a server')
  const folder = await dataFolder(context)
  const canary = newCanary('orphan')
  const name = `public.erased_${number++}`
  await writeTable(name, newCanaries(), 50)
  const base = join(folder, 'database/base')
  const own = readdirSync(base).find((one) => readdirSync(join(base, one)).length > 100 && Number(one) > 4)!
  for (const orphan of ['999999', '999999.1', '999999_fsm', '999998_init'])
    writeFileSync(join(base, own, orphan), `before ${canary} after`)
  await db.outsideTransaction('checkpoint')
  const before = readdirSync(join(base, own)).filter((one) => !one.startsWith('99999'))
  await removeOrphans(db)
  expect(filesWith(folder, [canary])).toEqual([])
  const after = readdirSync(join(base, own))
  expect(before.filter((one) => !after.includes(one))).toEqual([])
  await db.close()
  db = (await testApp.reopen()).db
  await expectSound(name, 650)
  await run('vacuum analyze')
})

test('who still reads the database as it was delays the erasure on disk; a job finishes it', async (context) => {
  if (!db.pool) return context.skip('needs TEST_DATABASE_URL: the embedded database has one reader at a time')
  const folder = await dataFolder(context)
  const name = `public.erased_${number++}`
  const canary = newCanaries()
  await writeTable(name, canary, 30)
  const reader = await db.pool.connect()
  await reader.query('begin isolation level repeatable read, read only')
  await reader.query('select 1 from pg_class')
  await run(`delete from ${name} where id <= 600`)
  await sql`insert into platform.unscrubbed (name) values (${name})`.execute(db.kysely)
  const warnings: unknown[] = []
  await finishScrub(db, { warn: (...what: unknown[]) => void warnings.push(what) }, 300)
  expect(warnings).toHaveLength(1)
  expect((await run('select name from platform.unscrubbed')).rows).toEqual([{ name }])
  expect(filesWith(folder, [canary.row])).not.toEqual([])
  await reader.query('commit')
  reader.release()
  const job = platform.jobs!.find((one) => one.name === 'platform.scrub')!
  await job.work({ app: testApp.app, id: '', progress: async () => undefined }, {})
  expect((await run('select name from platform.unscrubbed')).rows).toEqual([])
  expect(filesWith(folder, Object.values(canary))).toEqual([])
})

test('only a table’s name is taken', async () => {
  for (const name of ['erased', 'public.a; drop table b', 'public."a"', ''])
    await expect(scrub(db, [name])).rejects.toThrow('Not a table')
})

test('what the account of a server may not do is told, with the order that allows it', async (context) => {
  const template = inject('template')
  if (template.kind !== 'postgres') return context.skip('needs TEST_DATABASE_URL: the embedded database allows all')
  const role = `kanari_${process.pid}`
  const admin = new pg.Client({ connectionString: template.url })
  await admin.connect()
  const url = new URL(testApp.app.config.databaseUrl!)
  const database = url.pathname.slice(1)
  url.username = role
  await admin.query(`create role ${role} login`)
  const limits = async () => {
    const own = await openDatabase({ databaseUrl: url.href, dataDir: '' })
    try {
      return (await findPowers(own)).limits.join('\n')
    } finally {
      await own.close()
    }
  }
  try {
    const told = await limits()
    const orders = [
      'alter database … owner to',
      'grant pg_checkpoint to',
      'grant execute on function pg_switch_wal(), pg_ls_waldir() to',
    ]
    for (const order of orders) expect(told).toContain(`${order} ${role}`)
    await admin.query(`grant pg_checkpoint to ${role}`)
    await run(`grant execute on function pg_switch_wal(), pg_ls_waldir() to ${role}`)
    await admin.query(`alter database ${database} owner to ${role}`)
    expect(await limits()).toMatch(/^[^\n]*statistiques d’une table vidée[^\n]*$/)
    expect((await findPowers(db)).limits).toEqual([])
  } finally {
    await admin.query(`alter database ${database} owner to current_user`)
    await run(`revoke execute on function pg_switch_wal(), pg_ls_waldir() from ${role}`)
    await admin.query(`drop role ${role}`)
    await admin.end()
  }
})
