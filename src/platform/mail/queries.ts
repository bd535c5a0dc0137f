import { sql } from 'kysely'
import type { Database } from '../db/database.ts'

/** A mail that is not delivered. */
export interface WaitingMail {
  id: string
  to: string
  subject: string
  text: string
  /** ISO 8601 instant. */
  createdAt: string
  /** What the server answered to the last try, or why none could be made. */
  failure: string | null
  /** The server refused it for good: it is not tried again by itself. */
  refused: boolean
}

/** The mails that are neither delivered nor handed over, the last written first, and how many there are. */
export async function listWaitingMails(db: Database, limit = 100): Promise<{ mails: WaitingMail[]; total: number }> {
  const found = await sql<Omit<WaitingMail, 'createdAt'> & { at: Date; total: number }>`
    select id, recipient as to, subject, body as text, created_at as at, failure, failed_at is not null as refused,
      count(*) over ()::int as total
    from platform.mail where sent_at is null order by created_at desc, id desc limit ${limit}`.execute(db.kysely)
  const mails = found.rows.map(({ total: _total, at, ...mail }) => ({ ...mail, createdAt: at.toISOString() }))
  return { mails, total: found.rows[0]?.total ?? 0 }
}
