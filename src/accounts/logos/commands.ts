import { Readable } from 'node:stream'
import { newId, requirePermission, sql, transaction, type Actor, type App } from '#platform'
import { getBody } from '../bodies/queries.ts'
import { requireManager } from '../bodies/require.ts'
import { makeLogo } from './image.ts'
import type { LogoRefusal } from './model.ts'

type Keeper = Pick<App, 'db' | 'storage'>

/** Puts another key, or none; the file of the former one goes once that is committed. */
async function replace({ db, storage }: Keeper, body: string, key: string | null): Promise<void> {
  const former = await transaction(db, async (trx) => {
    const found = await sql<{
      logo: string | null
    }>`select logo from accounts.body where id = ${body} for update`.execute(trx)
    await sql`update accounts.body set logo = ${key} where id = ${body}`.execute(trx)
    return found.rows[0]?.logo
  })
  if (former) await storage.remove(former)
}

/**
 * Gives a body the logo that everybody sees.
 * @param content what was sent
 * @returns null, or why it is refused; nothing is kept then
 * @throws {UserError} 401, 403 unless the actor manages the body or the platform, 404
 */
export async function setLogo(app: Keeper, actor: Actor, body: string, content: Buffer): Promise<LogoRefusal | null> {
  requirePermission('signed-in', actor)
  await requireManager(app.db, actor, body)
  await getBody(app.db, body)
  const logo = await makeLogo(content)
  if (typeof logo === 'string') return logo
  const key = `logos/${newId()}.webp`
  await app.storage.put(key, Readable.from([logo]))
  try {
    await replace(app, body, key)
  } catch (error) {
    await app.storage.remove(key)
    throw error
  }
  return null
}

/**
 * Takes a body's logo away, its file too.
 * @throws {UserError} 401, 403 unless the actor manages the body or the platform, 404
 */
export async function removeLogo(app: Keeper, actor: Actor, body: string): Promise<void> {
  requirePermission('signed-in', actor)
  await requireManager(app.db, actor, body)
  await getBody(app.db, body)
  await replace(app, body, null)
}
