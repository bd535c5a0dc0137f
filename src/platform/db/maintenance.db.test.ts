import { afterAll, beforeAll, expect, test } from 'vitest'
import { platform, sql, type JobDefinition } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'

let testApp: TestApp
beforeAll(async () => {
  testApp = await createTestApp()
})
afterAll(() => testApp.close())

const work = (name: string) => {
  const { work } = platform.jobs!.find((job) => job.name === name) as JobDefinition
  return work({ app: testApp.app, id: '', progress: async () => undefined }, {})
}

test('every night the embedded database gets back the room of dead rows and fresh statistics', async (context) => {
  const { db } = testApp.app
  if (!db.pglite) return context.skip('a server does it by itself')
  await sql`create table public.worn as select i as id, repeat('x', 200) as text from generate_series(1, 5000) i`.execute(
    db.kysely,
  )
  await sql`delete from public.worn where id > 50`.execute(db.kysely)
  const size = async () => {
    const found = await sql<{ size: number; rows: number }>`
      select pg_relation_size('public.worn')::int as size, reltuples::int as rows from pg_class where oid = 'public.worn'::regclass`.execute(
      db.kysely,
    )
    return found.rows[0]!
  }
  const before = await size()
  await work('platform.vacuum')
  const after = await size()
  expect(after.size).toBeLessThan(before.size / 10)
  expect(after.rows).toBe(50)
})

test('events handled a week ago are forgotten, those that failed are kept', async () => {
  const { kysely } = testApp.app.db
  await sql`delete from platform.outbox`.execute(kysely)
  await sql`insert into platform.outbox (kind, handled_at, failed) values
    ('old', now() - interval '8 days', null), ('failed', now() - interval '8 days', 'x'),
    ('recent', now() - interval '6 days', null), ('waiting', null, null)`.execute(kysely)
  await work('platform.forget')
  const left = await sql<{ kind: string }>`select kind from platform.outbox order by id`.execute(kysely)
  expect(left.rows.map(({ kind }) => kind)).toEqual(['failed', 'recent', 'waiting'])
})
