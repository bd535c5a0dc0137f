import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEvents, emit, sql, transaction, type Event, type EventHandler } from '#platform'
import type { Events } from './events.ts'
import { createTestApp, type TestApp } from './testing/application.ts'

let testApp: TestApp
let events: Events
beforeEach(async () => {
  testApp = await createTestApp()
  await sql`delete from platform.outbox`.execute(testApp.app.db.kysely)
})
afterEach(async () => {
  await events?.stop()
  await testApp.close()
})

const log = pino({ level: 'silent' })

function read(handlers: EventHandler[], retryDelay = 0): Events {
  events = createEvents(testApp.app.db, handlers, log, retryDelay)
  return events
}

const say = (text: string) => transaction(testApp.app.db, (trx) => emit(trx, 'said', { text }))

/** A handler that keeps what it heard, and fails while `fails` says so. */
function listener(name: string, fails: (text: string, time: number) => boolean = () => false) {
  const heard: string[] = []
  const handler: EventHandler = {
    kind: 'said',
    name,
    async handle(_app, event: Event) {
      const text = event.payload.text as string
      heard.push(text)
      if (fails(text, heard.filter((one) => one === text).length)) throw new Error(`cannot hear ${text}`)
    },
  }
  return { heard, handler }
}

async function rows() {
  const found = await sql<{ text: string; failed: string | null; attempts: number; handled: boolean }>`
    select payload ->> 'text' as text, failed, attempts, handled_at is not null as handled from platform.outbox order by id`.execute(
    testApp.app.db.kysely,
  )
  return found.rows
}

test('what was emitted before and after the start is handled once, in order', async () => {
  const { heard, handler } = listener('one')
  for (const text of ['a', 'b', 'c']) await say(text)
  await read([handler]).start(testApp.app)
  for (const text of ['d', 'e']) await say(text)
  await Promise.all([events.settle(), events.settle(), events.settle()])
  expect(heard).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect((await rows()).every((row) => row.handled && row.attempts === 1 && row.failed === null)).toBe(true)
})

test('a commit wakes the reader by itself', async () => {
  const woken = Promise.withResolvers<string>()
  await read([
    { kind: 'said', name: 'one', handle: async (_app, event) => woken.resolve(event.payload.text as string) },
  ]).start(testApp.app)
  await say('hello')
  expect(await woken.promise).toBe('hello')
})

test('an event is handled after its commit, and never when it is rolled back', async () => {
  const { heard, handler } = listener('one')
  await read([handler]).start(testApp.app)
  await expect(
    transaction(testApp.app.db, async (trx) => {
      await emit(trx, 'said', { text: 'never' })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await transaction(testApp.app.db, async (trx) => {
    await emit(trx, 'said', { text: 'later' })
    expect(heard).toEqual([])
  })
  await events.settle()
  expect(heard).toEqual(['later'])
})

test('a handler of another kind is not called, and an event nobody handles is done', async () => {
  const { heard, handler } = listener('one')
  await read([{ ...handler, kind: 'other' }]).start(testApp.app)
  await say('a')
  await events.settle()
  expect(heard).toEqual([])
  expect(await rows()).toEqual([{ text: 'a', failed: null, attempts: 1, handled: true }])
})

test('a failure holds up nobody, and is tried again alone until it succeeds', async () => {
  const weak = listener('weak', (text, time) => text === 'a' && time < 3)
  const strong = listener('strong')
  for (const text of ['a', 'b']) await say(text)
  await read([weak.handler, strong.handler]).start(testApp.app)
  await events.settle()
  expect(weak.heard).toEqual(['a', 'b', 'a', 'a'])
  expect(strong.heard).toEqual(['a', 'b'])
  expect(await rows()).toEqual([
    { text: 'a', failed: null, attempts: 3, handled: true },
    { text: 'b', failed: null, attempts: 1, handled: true },
  ])
})

test('a handler that always fails is given up after five times, and named', async () => {
  const broken = listener('broken', () => true)
  const strong = listener('strong')
  await say('a')
  await read([broken.handler, strong.handler]).start(testApp.app)
  await events.settle()
  expect(broken.heard).toHaveLength(5)
  expect(strong.heard).toEqual(['a'])
  expect(await rows()).toEqual([{ text: 'a', failed: 'broken', attempts: 5, handled: true }])
})

test('a retry waits for its time, and is made without another event', async () => {
  const done = Promise.withResolvers<number>()
  const first = Promise.withResolvers<number>()
  const handler: EventHandler = {
    kind: 'said',
    name: 'one',
    async handle() {
      first.resolve(performance.now())
      if (performance.now() - (await first.promise) < 5) throw new Error('not yet')
      done.resolve(performance.now())
    },
  }
  await say('a')
  await read([handler], 0.1).start(testApp.app)
  expect((await rows())[0]).toMatchObject({ failed: 'one', attempts: 1 })
  expect((await done.promise) - (await first.promise)).toBeGreaterThan(90)
})

test('what was not handled before a stop is handled by the next start', async () => {
  const broken = listener('one', () => true)
  await say('a')
  await read([broken.handler], 1000).start(testApp.app)
  await events.stop()
  await say('b')
  await sql`update platform.outbox set handled_at = handled_at - interval '1 hour'`.execute(testApp.app.db.kysely)
  const mended = listener('one')
  await read([mended.handler], 1000).start(testApp.app)
  expect(mended.heard).toEqual(['b', 'a'])
})
