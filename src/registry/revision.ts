import { sql, transaction, type EventHandler } from '#platform'

/** Names and members of territories show in the register's lists: caches made before an import of them are stale. */
export const revisionAfterTerritory: EventHandler = {
  kind: 'territory.imported',
  name: 'registry.revision',
  handle: ({ db }) =>
    transaction(db, async (trx) => {
      await sql`update registry.revision set value = nextval('registry.version'), changed_at = now()`.execute(trx)
    }),
}
