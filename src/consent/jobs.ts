import { sql, within, type JobDefinition } from '#platform'
import { eraseSubject } from './erasure/commands.ts'
import { apply } from './records.ts'

/**
 * Turns terms that have passed into events. Public reads stop at the term itself, by the view; this tells whoever keeps
 * indexes, and retires.
 */
export const expiryJob: JobDefinition = {
  name: 'consent.expire',
  retryLimit: 3,
  schedule: '* * * * *',
  async work({ app }) {
    const found = await sql<{ kind: string; id: string }>`
      select kind, id from consent.record where until <= now() and status = 'given' order by until`.execute(
      app.db.kysely,
    )
    for (const record of found.rows)
      await within(app.db, (trx) =>
        apply(trx, record, { type: 'expire', at: new Date().toISOString() }, { actor: null }),
      )
  },
}

/** What waits for an agreement, or lost it, is not kept for ever: as the register of processings says. */
export const forgetJob: JobDefinition = {
  name: 'consent.forget',
  retryLimit: 3,
  schedule: '23 3 * * *',
  async work({ app }) {
    const found = await sql<{ kind: string; id: string }>`select kind, id from consent.record
      where holder_kind is not null and status not in ('given', 'erased') and changed_at < now() - interval '2 years'
      order by changed_at limit 200`.execute(app.db.kysely)
    for (const record of found.rows) await eraseSubject(app, 'operator', record, 'law')
  },
}
