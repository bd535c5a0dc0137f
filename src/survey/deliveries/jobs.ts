import { sql, type JobDefinition } from '#platform'
import { carryOutAcceptance } from './accept.ts'
import { matchDelivery } from './matching.ts'
import { carryOutUndoing } from './undo.ts'

const deliveryOf = (data: Record<string, unknown>) => String(data.delivery)

/** Matches a long file; again, it does the same. */
export const matchJob: JobDefinition = {
  name: 'survey.match-delivery',
  retryLimit: 2,
  work: ({ app, progress }, data) => matchDelivery(app, deliveryOf(data), progress),
}

export const acceptJob: JobDefinition = {
  name: 'survey.accept-delivery',
  retryLimit: 2,
  work: ({ app, progress }, data) => carryOutAcceptance(app, deliveryOf(data), progress),
}

export const undoJob: JobDefinition = {
  name: 'survey.undo-delivery',
  retryLimit: 2,
  work: ({ app, progress }, data) => carryOutUndoing(app, deliveryOf(data), progress),
}

/** Days after which what was not accepted of a file is removed. */
const keptDays = 60

/** Files hold more than what is kept of them in the end: those that nobody accepted go, and the cells of rows left out. */
export const purgeDeliveriesJob: JobDefinition = {
  name: 'survey.purge-deliveries',
  retryLimit: 3,
  schedule: '41 3 * * *',
  async work({ app }) {
    await sql`delete from survey.delivery where state in ('matching', 'read', 'refused')
      and created_at < now() - make_interval(days => ${keptDays}::int)`.execute(app.db.kysely)
    await sql`update survey.delivery_row r set cells = '{}' from survey.delivery d
      where d.id = r.delivery and d.state = 'accepted' and r.cells <> '{}'
        and d.accepted_at < now() - make_interval(days => ${keptDays}::int)`.execute(app.db.kysely)
  },
}

export const deliveryJobs: JobDefinition[] = [matchJob, acceptJob, undoJob, purgeDeliveriesJob]
