import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { Database, Executor } from './db/database.ts'
import type { App } from './application.ts'

export interface Event {
  id: number
  kind: string
  payload: Record<string, unknown>
}

/** Called at least once for each event of its kind, in order; must bear a repetition. */
export interface EventHandler {
  kind: string
  name: string
  handle(app: App, event: Event): Promise<void>
}

/** Writes an event in the transaction of what it tells; it is handled after the commit. */
export async function emit(trx: Executor, kind: string, payload: Record<string, unknown> = {}): Promise<void> {
  await sql`insert into platform.outbox (kind, payload) values (${kind}, ${JSON.stringify(payload)}::jsonb)`.execute(
    trx,
  )
  await sql`select pg_notify('outbox', '')`.execute(trx)
}

export interface Events {
  start(app: App): Promise<void>
  /** Resolves when every event committed so far has been handled once, whether its handlers succeeded or not. */
  settle(): Promise<void>
  stop(): Promise<void>
}

interface Waiting extends Event {
  /** Names of the handlers that failed, separated by commas; null at first. */
  failed: string | null
  attempts: number
}

const attemptsAllowed = 5

/**
 * The outbox's reader: wakes on NOTIFY and handles events in the order of their ids. A handler that fails does not hold
 * up the next events: it alone is called again later, five times in all, each after twice the delay (in seconds).
 */
export function createEvents(db: Database, handlers: EventHandler[], log: FastifyBaseLogger, retryDelay = 1): Events {
  let app: App | null = null
  let running: Promise<void> = Promise.resolve()
  let unlisten: (() => Promise<void>) | null = null
  let retry: NodeJS.Timeout | undefined
  let stopped = false

  const first = async (condition: ReturnType<typeof sql>) => {
    const found = await sql<Waiting>`
      select id, kind, payload, failed, attempts from platform.outbox where ${condition} order by id limit 1`.execute(
      db.kysely,
    )
    return found.rows[0]
  }
  const due = sql`handled_at + make_interval(secs => ${retryDelay}::float8 * 2 ^ (attempts - 1))`

  async function handle(event: Waiting) {
    const concerned = handlers.filter(
      ({ kind, name }) => kind === event.kind && (event.failed === null || event.failed.split(',').includes(name)),
    )
    const failed: string[] = []
    for (const handler of concerned) {
      try {
        await handler.handle(app!, event)
      } catch (error) {
        failed.push(handler.name)
        log.error(
          { err: error, event: event.id, handler: handler.name, attempt: event.attempts + 1 },
          'an event handler failed',
        )
      }
    }
    await sql`update platform.outbox set handled_at = now(), attempts = attempts + 1, failed = ${failed.join(',') || null}
      where id = ${event.id}`.execute(db.kysely)
  }

  async function planRetry() {
    const found = await sql<{ wait: number }>`
      select (extract(epoch from ${due} - now()) * 1000)::float8 as wait from platform.outbox
      where failed is not null and attempts < ${attemptsAllowed} order by ${due} limit 1`.execute(db.kysely)
    clearTimeout(retry)
    if (found.rows[0] && !stopped) retry = setTimeout(() => void wake(), Math.max(0, found.rows[0].wait)).unref()
  }

  async function handleAll() {
    for (;;) {
      if (stopped || !app) return
      const event =
        (await first(sql`handled_at is null`)) ??
        (await first(sql`failed is not null and attempts < ${attemptsAllowed} and ${due} <= now()`))
      if (!event || stopped) break
      await handle(event)
    }
    await planRetry()
  }

  const wake = () => {
    running = running.catch(() => undefined).then(handleAll)
    running.catch((error: unknown) => {
      if (!stopped) log.error({ err: error }, 'the outbox could not be read')
    })
    return running
  }

  return {
    async start(application) {
      app = application
      unlisten = await db.listen('outbox', () => void wake())
      await wake()
    },
    settle: wake,
    async stop() {
      stopped = true
      clearTimeout(retry)
      await unlisten?.()
      await running.catch(() => undefined)
    },
  }
}
