import { sql } from 'kysely'
import type { App } from './application.ts'
import { transaction, type Database, type Executor } from './db/database.ts'

/** Whether the database holds the fictional territory: every page then says so. */
export async function isDemonstration(db: Database): Promise<boolean> {
  const found = await sql`select 1 from platform.setting where key = 'demonstration' and value = 'true'`.execute(
    db.kysely,
  )
  return found.rows.length > 0
}

/**
 * Loads the demonstration of every capability, all or nothing, into a database that never held it nor anything real.
 * @returns whether it was loaded now
 */
export async function loadDemonstration(app: App): Promise<boolean> {
  return transaction(app.db, async (trx) => {
    const first =
      await sql`insert into platform.setting (key, value) values ('demonstration', 'true') on conflict do nothing returning 1`.execute(
        trx,
      )
    if (first.rows.length === 0) return false
    for (const capability of app.capabilities) await capability.demonstration?.load(trx)
    return true
  })
}

/** Removes it, in the transaction of the first import of real data: fictional and real are never counted together. */
export async function removeDemonstration(app: App, trx: Executor): Promise<void> {
  const before = await sql<{
    value: boolean
  }>`select value from platform.setting where key = 'demonstration' for update`.execute(trx)
  await sql`insert into platform.setting (key, value) values ('demonstration', 'false')
    on conflict (key) do update set value = 'false'`.execute(trx)
  if (before.rows[0]?.value !== true) return
  for (const capability of [...app.capabilities].reverse()) await capability.demonstration?.remove(trx)
}
