import { audit } from '#accounts'
import { sql, transaction, type App, type Executor, type JobProgress } from '#platform'
import { contributionKind } from '../contributions/disclosure.ts'
import { eraseContributions } from '../contributions/personal.ts'
import { lockId, personOf } from '../contributions/rows.ts'
import { getDelivery } from './access.ts'

/** Contributions undone in one transaction. */
const atOnce = 10

/** The last step: rows go, and the delivery says that it was undone. */
async function close(trx: Executor, id: string): Promise<void> {
  const delivery = await getDelivery(trx, id, true)
  if (delivery.state !== 'undoing') return
  await sql`delete from survey.delivery_row where delivery = ${id}::uuid`.execute(trx)
  const undone = await sql<{ by: string }>`
    update survey.delivery set state = 'undone', columns = '[]', undone_at = clock_timestamp() where id = ${id}::uuid
    returning undone_by as by`.execute(trx)
  await audit(trx, {
    actor: personOf(undone.rows[0]!.by),
    grant: { allowed: true, by: 'subject' },
    action: 'contribute',
    subject: { kind: 'delivery', id },
    item: 'survey.delivery',
  })
}

const listContributions = async (app: Pick<App, 'db'>, id: string) =>
  (
    await sql<{ id: string; left: number }>`select id, (count(*) over ())::int as left from survey.contribution
      where delivery = ${id}::uuid order by id limit ${atOnce}::int`.execute(app.db.kysely)
  ).rows

/**
 * Destroys all that a delivery brought: answers, what was done to them, visits and their records. What other people said
 * stays, and what is agreed is what it would be had the delivery never come. Again after a stop, it ends what was begun.
 */
export async function carryOutUndoing(
  app: Pick<App, 'db'>,
  id: string,
  progress?: (progress: JobProgress) => Promise<void>,
): Promise<void> {
  const delivery = await getDelivery(app.db.kysely, id)
  if (delivery.state !== 'undoing') return
  for (let total = 0; ;) {
    const found = await listContributions(app, id)
    if (found.length === 0) break
    const left = found[0]!.left
    total ||= left
    await progress?.({ ratio: 1 - left / total, text: `${total - left} / ${total}` })
    await transaction(app.db, async (trx) => {
      for (const one of found) {
        await lockId(trx, one.id)
        await eraseContributions(trx, { kind: contributionKind, id: one.id })
      }
    })
  }
  await transaction(app.db, (trx) => close(trx, id))
}
