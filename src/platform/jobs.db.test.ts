import pino from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createJobs, sql, type JobDefinition } from '#platform'
import type { Jobs } from './jobs.ts'
import { createTestApp, type TestApp } from './testing/application.ts'

let testApp: TestApp
const opened: Jobs[] = []
beforeEach(async () => {
  testApp = await createTestApp()
})
afterEach(async () => {
  for (const jobs of opened.splice(0)) await jobs.stop().catch(() => undefined)
  await testApp.close()
})

const log = pino({ level: 'silent' })

async function start(...definitions: JobDefinition[]): Promise<Jobs> {
  const jobs = createJobs(testApp.app.db, definitions, log)
  opened.push(jobs)
  await jobs.start(testApp.app)
  return jobs
}

/** Reads a job's state until it is over. */
async function ended(jobs: Jobs, name: string, id: string) {
  for (;;) {
    const state = await jobs.state(name, id)
    if (state?.state === 'done' || state?.state === 'failed') return state
    await new Promise(setImmediate)
  }
}

test('a job receives its data, tells its progress and ends', async () => {
  const told = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const received: unknown[] = []
  const jobs = await start({
    name: 'test.count',
    retryLimit: 0,
    async work({ id, progress }, data) {
      received.push(id, data)
      await progress({ ratio: null, text: 'lecture' })
      await progress({ ratio: 0.5, text: 'moitié' })
      told.resolve()
      await go.promise
    },
  })
  expect(await jobs.state('test.count', '00000000-0000-7000-8000-000000000000')).toBeNull()
  const id = await jobs.send('test.count', { a: [1] })
  await told.promise
  expect(await jobs.state('test.count', id)).toEqual({
    state: 'running',
    progress: { ratio: 0.5, text: 'moitié' },
    error: null,
  })
  go.resolve()
  expect(await ended(jobs, 'test.count', id)).toMatchObject({ state: 'done', error: null })
  expect(received).toEqual([id, { a: [1] }])
})

test('a job that fails is tried again as often as it says, then tells why', async () => {
  let tries = 0
  const jobs = await start({
    name: 'test.fail',
    retryLimit: 1,
    async work() {
      throw new Error(`essai ${++tries}`)
    },
  })
  const id = await jobs.send('test.fail', {})
  expect(await ended(jobs, 'test.fail', id)).toMatchObject({ state: 'failed', error: 'essai 2' })
  expect(tries).toBe(2)
})

test('jobs of one name are done one after the other', async () => {
  let running = 0
  let most = 0
  const jobs = await start({
    name: 'test.alone',
    retryLimit: 0,
    async work() {
      most = Math.max(most, ++running)
      await sql`select 1`.execute(testApp.app.db.kysely)
      running--
    },
  })
  const ids = await Promise.all([1, 2, 3].map(() => jobs.send('test.alone', {})))
  for (const id of ids) await ended(jobs, 'test.alone', id)
  expect(most).toBe(1)
})

test('a job cut off by a stop, and one that waited, are done after the next start', async (context) => {
  if (!testApp.app.db.pglite) return context.skip('on a server a heartbeat tells, after a minute')
  const cut = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const definition = (work: JobDefinition['work']): JobDefinition => ({ name: 'test.cut', retryLimit: 1, work })
  const before = await start(
    definition(async () => {
      cut.resolve()
      await over.promise
    }),
  )
  const ids = [await before.send('test.cut', { job: 1 }), await before.send('test.cut', { job: 2 })]
  await cut.promise
  await testApp.app.db.close()
  await testApp.reopen()
  const done: unknown[] = []
  const after = await start(
    definition(async (_context, data) => {
      done.push(data.job)
    }),
  )
  for (const id of ids) expect(await ended(after, 'test.cut', id)).toMatchObject({ state: 'done' })
  expect(done.sort()).toEqual([1, 2])
  over.resolve()
})

test('a stop waits for the job that runs', async () => {
  const began = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  let finished = false
  const jobs = await start({
    name: 'test.stop',
    retryLimit: 0,
    async work() {
      began.resolve()
      await go.promise
      finished = true
    },
  })
  await jobs.send('test.stop', {})
  await began.promise
  const stopped = jobs.stop()
  go.resolve()
  await stopped
  expect(finished).toBe(true)
})
