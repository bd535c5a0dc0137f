import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql, transaction, type App, type Database } from '#platform'
import { linkMinutes } from './model.ts'
import { hasAdministrator } from './queries.ts'
import { hashToken, newToken } from './tokens.ts'

/** Makes a link that signs an administrator in once, within fifteen minutes. */
async function createSignInLink(db: Database, address: string): Promise<string> {
  const token = newToken()
  await transaction(db, async (trx) => {
    await sql`delete from accounts.sign_in_link where expires_at < now() and used_at is null`.execute(trx)
    await sql`insert into accounts.sign_in_link (token_hash, expires_at)
      values (${hashToken(token)}, now() + make_interval(mins => ${linkMinutes}::int))`.execute(trx)
  })
  return `${address}/connexion?jeton=${token}`
}

/**
 * At each start, while nobody has ever signed in or when asked on a terminal, gives a one-time link: printed on a
 * terminal, else written to `DATA_DIR/first-sign-in` (mode 0600), so that it reaches no log.
 */
export async function announceFirstSignIn(app: App, address: string): Promise<void> {
  if (!process.stdout.isTTY && (await hasAdministrator(app.db))) return
  const link = await createSignInLink(app.db, address)
  if (process.stdout.isTTY) {
    process.stdout.write(`Connexion de l’administrateur (une fois, ${linkMinutes} minutes) : ${link}\n`)
    return
  }
  const file = join(app.config.dataDir, 'first-sign-in')
  writeFileSync(file, `${link}\n`, { mode: 0o600 })
  process.stdout.write(`Lien de connexion de l’administrateur : dans ${file} (${linkMinutes} minutes)\n`)
}
