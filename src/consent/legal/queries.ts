import { sql, type Database } from '#platform'
import type { Notice } from '../model.ts'

const empty: Notice = { publisher: '', address: '', director: '', contact: '', host: '', hostAddress: '', dpo: '' }

/** Who runs the site; empty where nobody said it yet. */
export async function getNotice(db: Database): Promise<Notice> {
  const found = await sql<Notice>`select publisher, address, director, contact, host, host_address as "hostAddress", dpo
    from consent.notice`.execute(db.kysely)
  return found.rows[0] ?? empty
}
