import { spawn } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyText, openDatabase, sql, transaction } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'

let test_: TestApp
beforeAll(async () => {
  test_ = await createTestApp()
  await sql`create table public.counter (id int primary key, value int not null)`.execute(test_.app.db.kysely)
})
afterAll(() => test_.close())

test('transactions one upon the other lose no update', async () => {
  const { db } = test_.app
  await sql`insert into public.counter values (1, 0)`.execute(db.kysely)
  const add = () =>
    transaction(db, async (trx) => {
      const found = await sql<{ value: number }>`select value from public.counter where id = 1 for update`.execute(trx)
      await sql`update public.counter set value = ${found.rows[0]!.value + 1} where id = 1`.execute(trx)
    })
  await Promise.all(Array.from({ length: 30 }, add))
  const found = await sql<{ value: number }>`select value from public.counter where id = 1`.execute(db.kysely)
  expect(found.rows[0]!.value).toBe(30)
})

test('a transaction that throws leaves nothing', async () => {
  const { db } = test_.app
  await expect(
    transaction(db, async (trx) => {
      await sql`insert into public.counter values (2, 1)`.execute(trx)
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await sql`select 1 from public.counter where id = 2`.execute(db.kysely)).rows).toEqual([])
})

test('COPY keeps tabs, line ends, backslashes, accents and nulls', async () => {
  const { db } = test_.app
  await sql`create table public.copied (a text, b int, c jsonb)`.execute(db.kysely)
  const rows = [
    ['a\tb\\n\nc', 1, { é: ['« x »', '\\'] }],
    [null, null, null],
    ['\\.', 2, '"\\t"'],
  ]
  await db.copyIn('public.copied', ['a', 'b', 'c'], copyText(rows))
  const found = await sql`select * from public.copied`.execute(db.kysely)
  expect(found.rows).toEqual([
    { a: 'a\tb\\n\nc', b: 1, c: { é: ['« x »', '\\'] } },
    { a: null, b: null, c: null },
    { a: '\\.', b: 2, c: '\t' },
  ])
})

test('NOTIFY is heard after the commit', async () => {
  const { db } = test_.app
  const heard = Promise.withResolvers<string>()
  const unlisten = await db.listen('greeting', heard.resolve)
  await transaction(db, (trx) => sql`select pg_notify('greeting', 'hello')`.execute(trx))
  expect(await heard.promise).toBe('hello')
  await unlisten()
})

test('the embedded database calls fsync at each commit', async (context) => {
  const { db } = test_.app
  if (!db.pglite) return context.skip('only PGlite needs it')
  const before = await db.pglite.fsyncs()
  for (let i = 0; i < 10; i++) await sql`insert into public.counter values (${100 + i}, 0)`.execute(db.kysely)
  expect((await db.pglite.fsyncs()) - before).toBeGreaterThanOrEqual(10)
})

test('a second process on the same folder is refused with a sentence', async (context) => {
  const { db, config } = test_.app
  if (!db.pglite) return context.skip('only PGlite needs it')
  const script = `import { openDatabase } from '#platform'
    try { await openDatabase({ databaseUrl: null, dataDir: process.argv[1] }); console.log('opened') }
    catch (error) { console.log(error.code + ' ' + error.pid) }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, config.dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let printed = ''
  for await (const chunk of child.stdout) printed += String(chunk)
  expect(printed.trim()).toBe(`data_dir.in_use ${process.pid}`)
  await expect(openDatabase(config)).rejects.toThrow('déjà ouvert')
})
