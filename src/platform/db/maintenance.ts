import { sql } from 'kysely'
import type { JobDefinition } from '../jobs.ts'
import { finishScrub } from './scrub.ts'

const keptDays = 7

/** Forgets what was handled a week ago; what failed for good stays, for whoever looks. */
const forgetJob: JobDefinition = {
  name: 'platform.forget',
  retryLimit: 3,
  schedule: '7 2 * * *',
  async work({ app }) {
    const { kysely } = app.db
    const old = sql`now() - make_interval(days => ${keptDays}::int)`
    await sql`delete from platform.outbox where failed is null and handled_at < ${old}`.execute(kysely)
    await sql`delete from platform.job_progress where at < ${old}`.execute(kysely)
    await app.storage.tidy()
  },
}

/** The embedded database has no autovacuum: without this, dead rows pile up and plans use stale statistics. */
const vacuumJob: JobDefinition = {
  name: 'platform.vacuum',
  retryLimit: 1,
  schedule: '37 2 * * *',
  async work({ app }) {
    if (app.db.pglite) await app.db.outsideTransaction('vacuum analyze')
  },
}

/** Finishes on disk the erasures that a stop cut off, or that a reader of the former state delayed. */
export const scrubJob: JobDefinition = {
  name: 'platform.scrub',
  retryLimit: 3,
  schedule: '23 * * * *',
  work: ({ app }) => finishScrub(app.db, app.log),
}

export const maintenanceJobs: JobDefinition[] = [forgetJob, vacuumJob, scrubJob]
