import { transaction, UsageError, type CliCommand } from '#platform'
import { badEmail } from './errors.ts'
import { createSignInPath, siteAddress } from './links.ts'
import { linkMinutes, toEmail } from './model.ts'
import { ensurePerson, makeAdministrator } from './commands.ts'
import { findByEmail } from './people.ts'

const usage = 'user create ADRESSE --name NOM [--administrator] [--dry-run]'

/** Opens an account from the command line, or gives a link again to one that exists. */
export const createUserCommand: CliCommand = {
  words: ['user', 'create'],
  summary: 'ouvre un compte et donne un lien de connexion ; en redonne un à un compte ouvert',
  usage,
  options: {
    name: { type: 'string', help: 'nom de la personne, pour un nouveau compte' },
    administrator: { type: 'boolean', help: 'en fait un administrateur de la plateforme' },
    'dry-run': { type: 'boolean', help: 'dit ce qui serait fait, sans rien changer' },
  },
  async run(app, { values, args, io }) {
    if (args.length !== 1) throw new UsageError(`Donnez une adresse de courriel : ${usage}`)
    const email = toEmail(args[0]!)
    if (!email) throw badEmail()
    const name = typeof values.name === 'string' ? values.name : ''
    const administrator = values.administrator === true
    const known = await findByEmail(app.db.kysely, email)
    if (!known && name.trim() === '') throw new UsageError(`Donnez le nom de la personne : ${usage}`)
    const said = known ? `Compte existant : ${known.name}, ${email}` : `Nouveau compte : ${name.trim()}, ${email}`
    const rank = known?.administrator || administrator ? ' (administrateur)' : ''
    if (values['dry-run'] === true) return io.print(`${said}${rank}. Essai : rien n’est changé.`)
    const path = await transaction(app.db, async (trx) => {
      const id = await ensurePerson(trx, 'operator', { email, name })
      if (administrator) await makeAdministrator(trx, 'operator', id)
      return createSignInPath(trx, email)
    })
    io.print(`${said}${rank}.`)
    io.print(`Lien de connexion (une fois, ${linkMinutes} minutes) : ${siteAddress(app.config)}${path}`)
  },
}
