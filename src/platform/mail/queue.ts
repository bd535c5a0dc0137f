import { sql } from 'kysely'
import type { Executor } from '../db/database.ts'
import { badInput } from '../errors.ts'
import { emit } from '../events.ts'
import { newId } from '../ids.ts'

export interface Mail {
  to: string
  subject: string
  /** Plain text; lines end with `\n`. */
  text: string
}

/** Told once a mail is kept: `{id}`. */
export const mailQueued = 'platform.mail'

// RFC 5321 § 4.5.3.1 for the length; no comma, bracket, blank or control character, which could name another recipient.
const address = /^[^\s<>()[\],;:\\"@\p{Cc}]{1,64}@[^\s<>()[\],;:\\"@\p{Cc}]{1,255}$/u
const line = /^[^\p{Cc}\p{Zl}\p{Zp}]{1,300}$/u

/**
 * Keeps a mail, in a transaction or not: a job sends it when SMTP_URL is set, then forgets what it says; otherwise an
 * administrator hands it over from `/espace/courriels`.
 * @returns its id
 * @throws {UserError} when the address is none
 * @throws {Error} when the subject is not one line that a mail's header may hold
 */
export async function queueMail(db: Executor, { to, subject, text }: Mail): Promise<string> {
  if (!address.test(to))
    throw badInput('Cette adresse e-mail n’en est pas une.', [{ field: 'email', message: 'nom@exemple.fr' }])
  if (!line.test(subject)) throw new Error('Not a mail subject')
  const id = newId()
  const keep = async (trx: Executor) => {
    await sql`insert into platform.mail (id, recipient, subject, body) values (${id}, ${to}, ${subject}, ${text})`.execute(
      trx,
    )
    await emit(trx, mailQueued, { id })
  }
  await (db.isTransaction ? keep(db) : db.transaction().execute(keep))
  return id
}

/** Deletes, in the transaction of an erasure, the mails to an address that were not delivered (`platform.mail`). */
export async function forgetMailsTo(trx: Executor, address: string): Promise<void> {
  await sql`delete from platform.mail where lower(recipient) = lower(${address})`.execute(trx)
}
