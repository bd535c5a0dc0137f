import { sql } from 'kysely'
import { transaction, type Database } from '../db/database.ts'
import { emit } from '../events.ts'
import { requirePermission, type Actor } from '../permissions.ts'
import { forgetContent } from './deliver.ts'
import { mailQueued } from './queue.ts'

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Takes a mail for handed over: what it says is forgotten. One that is gone is no error. */
export async function markMailHanded(db: Database, actor: Actor, mail: string): Promise<void> {
  requirePermission('admin', actor)
  if (id.test(mail)) await forgetContent({ db }, mail)
}

/** Tries to send again a mail that the server refused. */
export async function retryMail(db: Database, actor: Actor, mail: string): Promise<void> {
  requirePermission('admin', actor)
  if (!id.test(mail)) return
  await transaction(db, async (trx) => {
    await sql`update platform.mail set failed_at = null, claimed_until = null where id = ${mail} and sent_at is null`.execute(
      trx,
    )
    await emit(trx, mailQueued, { id: mail })
  })
}

/** Deletes a mail that will not be delivered. */
export async function deleteMail(db: Database, actor: Actor, mail: string): Promise<void> {
  requirePermission('admin', actor)
  if (id.test(mail)) await sql`delete from platform.mail where id = ${mail}`.execute(db.kysely)
}
