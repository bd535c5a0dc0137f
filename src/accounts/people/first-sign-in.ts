import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transaction, type App, type Database } from '#platform'
import { createSignInPath } from './links.ts'
import { linkMinutes, placeholderEmail } from './model.ts'
import { addPerson, findFirstAdministrator, hasAdministrator } from './people.ts'

/** A link for the first administrator, who is made when there is none. */
function createFirstLink(db: Database): Promise<string> {
  return transaction(db, async (trx) => {
    const first = await findFirstAdministrator(trx)
    if (!first) await addPerson(trx, { name: 'Administrateur', email: placeholderEmail, administrator: true })
    return createSignInPath(trx, first?.email ?? placeholderEmail)
  })
}

/**
 * At each start, while no administrator has ever signed in or when asked on a terminal, gives a one-time link: printed
 * on a terminal, else written to `DATA_DIR/first-sign-in` (mode 0600), so that it reaches no log.
 */
export async function announceFirstSignIn(app: App, address: string): Promise<void> {
  if (!process.stdout.isTTY && (await hasAdministrator(app.db.kysely))) return
  const link = address + (await createFirstLink(app.db))
  if (process.stdout.isTTY) {
    process.stdout.write(`Connexion de l’administrateur (une fois, ${linkMinutes} minutes) : ${link}\n`)
    return
  }
  const file = join(app.config.dataDir, 'first-sign-in')
  writeFileSync(file, `${link}\n`, { mode: 0o600 })
  process.stdout.write(`Lien de connexion de l’administrateur : dans ${file} (${linkMinutes} minutes)\n`)
}
