import { sql, type JobDefinition } from '#platform'

/** Forgets sessions, links and guests that have ended, and attempts whose window is over. */
const sweepJob: JobDefinition = {
  name: 'accounts.sweep',
  retryLimit: 3,
  schedule: '17 2 * * *',
  async work({ app: { db } }) {
    await sql`delete from accounts.session where expires_at < now()`.execute(db.kysely)
    await sql`delete from accounts.verification where expires_at < now()`.execute(db.kysely)
    await sql`delete from accounts.attempt where until < now()`.execute(db.kysely)
    // Guests go with their link.
    await sql`delete from accounts.guest_link where expires_at < now() - interval '30 days'`.execute(db.kysely)
  },
}

export const peopleJobs = [sweepJob]
