import { sql, transaction, type JobDefinition } from '#platform'
import { contributionKind } from './disclosure.ts'
import { destroyProspects, eraseContributions } from './personal.ts'
import { lockId } from './rows.ts'

/** Months during which a visit waits for its enterprise to be in the register, as the register of processings says. */
const heldMonths = 24

const tooOld = (column: 'c.opened_at' | 'p.created_at') =>
  sql`${sql.raw(column)} < now() - make_interval(months => ${heldMonths}::int)`

/** Visits that never counted, and enterprises that nobody found in the register, are names of artisans: they go. */
export const forgetHeldJob: JobDefinition = {
  name: 'survey.forget-held',
  retryLimit: 3,
  schedule: '29 3 * * *',
  async work({ app }) {
    const found = await sql<{ id: string }>`
      select c.id from survey.contribution c where c.held and ${tooOld('c.opened_at')} order by c.opened_at`.execute(
      app.db.kysely,
    )
    for (const { id } of found.rows)
      await transaction(app.db, async (trx) => {
        await lockId(trx, id)
        // Somebody may have linked it meanwhile.
        const held = await sql`select 1 from survey.contribution where id = ${id}::uuid and held`.execute(trx)
        if (held.rows.length > 0) await eraseContributions(trx, { kind: contributionKind, id })
      })
    await transaction(app.db, (trx) => destroyProspects(trx, sql`p.siret is null and ${tooOld('p.created_at')}`))
  },
}
