import { PgBoss, fromPglite } from 'pg-boss'
import { sql } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { App } from './application.ts'
import type { Database } from './db/database.ts'
import { UserError } from './errors.ts'

export interface JobProgress {
  /** 0 to 1, or null while unknown. */
  ratio: number | null
  text: string
}

export interface JobContext {
  app: App
  id: string
  progress(progress: JobProgress): Promise<void>
}

export interface JobDefinition {
  name: string
  /** How often a job that failed, or that a stop cut off, is tried again; one that throws a UserError is not. */
  retryLimit: number
  /** Seconds before the first retry; doubled at each, up to an hour. By default it follows at once. */
  retryDelay?: number
  /** Cron expression in UTC, for a job that comes back. */
  schedule?: string
  work(context: JobContext, data: Record<string, unknown>): Promise<void>
}

export interface JobState {
  state: 'waiting' | 'running' | 'done' | 'failed'
  progress: JobProgress | null
  error: string | null
}

export interface Jobs {
  start(app: App): Promise<void>
  send(name: string, data: Record<string, unknown>): Promise<string>
  state(name: string, id: string): Promise<JobState | null>
  stop(): Promise<void>
}

const hour = 3600
// Workers are woken by NOTIFY; the poll finds the retries.
const pollSeconds = 5

function createBoss(db: Database): PgBoss {
  return db.pglite
    ? new PgBoss({ db: fromPglite(db.pglite as never), backend: 'pglite', useListenNotify: true } as never)
    : new PgBoss({ connectionString: db.pool!.options.connectionString!, max: 3, useListenNotify: true } as never)
}

/** The queue of long work, kept in the database (pg-boss), so that a stop loses no job. */
export function createJobs(db: Database, definitions: JobDefinition[], log: FastifyBaseLogger): Jobs {
  const boss = createBoss(db)
  boss.on('error', (error: unknown) => log.error({ err: error }, 'the job queue failed'))

  async function run(app: App, definition: JobDefinition, job: { id: string; data: unknown }) {
    const progress = async ({ ratio, text }: JobProgress) => {
      await sql`insert into platform.job_progress (job, ratio, text) values (${job.id}, ${ratio}, ${text})
        on conflict (job) do update set ratio = excluded.ratio, text = excluded.text, at = now()`.execute(db.kysely)
    }
    try {
      await definition.work({ app, id: job.id, progress }, job.data as Record<string, unknown>)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      // What was asked for is wrong: trying again would only say so later.
      await sql`insert into platform.job_progress (job, text, refused) values (${job.id}, '', ${error.message})
        on conflict (job) do update set refused = excluded.refused, at = now()`.execute(db.kysely)
    }
  }

  async function open(app: App, definition: JobDefinition) {
    const { name, retryLimit, retryDelay, schedule } = definition
    const options = {
      retryLimit,
      ...(retryDelay === undefined ? {} : { retryDelay, retryBackoff: true, retryDelayMax: hour }),
      notify: true,
      expireInSeconds: 23 * hour,
      // On a server another process may have died with the job; embedded, a heartbeat would wait behind long transactions.
      ...(db.pglite ? {} : { heartbeatSeconds: 60 }),
    }
    await boss.createQueue(name, options as never)
    await boss.updateQueue(name, options as never)
    if (db.pglite) await releaseOrphans(name)
    const worker = await boss.work(name, { batchSize: 1, notifyPollingIntervalSeconds: pollSeconds }, async (jobs) => {
      for (const job of jobs) await run(app, definition, job)
      // Others may be waiting; one that failed is tried again at the next poll.
      boss.notifyWorker(worker)
    })
    if (schedule) await boss.schedule(name, schedule)
  }

  // Embedded, this process is alone: a job that is still active at the start was cut off.
  async function releaseOrphans(name: string) {
    const cut = await sql<{ id: string }>`select id from pgboss.job where name = ${name} and state = 'active'`.execute(
      db.kysely,
    )
    for (const { id } of cut.rows)
      await boss.fail(name, id, { message: 'Le programme s’est arrêté pendant ce travail.' })
  }

  return {
    async start(app) {
      await boss.start()
      for (const definition of definitions) await open(app, definition)
    },
    async send(name, data) {
      const id = await boss.send(name, data)
      if (!id) throw new Error(`The job ${name} was not queued`)
      return id
    },
    async state(name, id) {
      const [job] = await boss.findJobs(name, { id } as never)
      if (!job) return null
      const states: Record<string, JobState['state']> = {
        created: 'waiting',
        retry: 'waiting',
        active: 'running',
        completed: 'done',
      }
      const found = await sql<JobProgress & { refused: string | null }>`
        select ratio, text, refused from platform.job_progress where job = ${id}`.execute(db.kysely)
      const { refused = null, ...progress } = found.rows[0] ?? {}
      const output = (job as { output?: { message?: string } | null }).output
      return {
        state: refused === null ? (states[job.state] ?? 'failed') : 'failed',
        progress: found.rows[0] ? (progress as JobProgress) : null,
        error: refused ?? output?.message ?? null,
      }
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 15_000, close: true } as never)
    },
  }
}
