import { sql } from 'kysely'
import type { JobDefinition } from '../jobs.ts'

/** Forgets what was handled a month ago; what failed for good stays, for whoever looks. */
const forgetJob: JobDefinition = {
  name: 'platform.forget',
  retryLimit: 3,
  schedule: '7 2 * * *',
  async work({ app }) {
    const { kysely } = app.db
    await sql`delete from platform.outbox where failed is null and handled_at < now() - interval '30 days'`.execute(
      kysely,
    )
    await sql`delete from platform.job_progress where at < now() - interval '30 days'`.execute(kysely)
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

export const maintenanceJobs: JobDefinition[] = [forgetJob, vacuumJob]
