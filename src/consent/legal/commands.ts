import { badInput, requirePermission, sql, type Actor, type Database } from '#platform'
import type { Notice } from '../model.ts'

const limit = 500

/**
 * Says who runs the site; the legal pages tell it.
 * @throws {UserError} 400 too long, 401, 403
 */
export async function saveNotice(db: Database, actor: Actor, notice: Notice): Promise<void> {
  requirePermission('admin', actor)
  const long = Object.entries(notice).filter(([, text]: [string, string]) => text.length > limit)
  if (long.length > 0)
    throw badInput(
      `Un texte est trop long : ${limit} caractères au plus.`,
      long.map(([field]) => ({ field, message: `${limit} caractères au plus` })),
    )
  const { publisher, address, director, contact, host, hostAddress, dpo } = notice
  await sql`insert into consent.notice (publisher, address, director, contact, host, host_address, dpo)
    values (${publisher}, ${address}, ${director}, ${contact}, ${host}, ${hostAddress}, ${dpo})
    on conflict (singleton) do update set publisher = excluded.publisher, address = excluded.address,
      director = excluded.director, contact = excluded.contact, host = excluded.host,
      host_address = excluded.host_address, dpo = excluded.dpo, changed_at = now()`.execute(db.kysely)
}
