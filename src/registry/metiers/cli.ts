import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { badInput, type CliCommand } from '#platform'
import { unreadableFile } from '../errors.ts'
import { importMetiers } from './commands.ts'

async function readText(cwd: string, file: string): Promise<string> {
  try {
    return await readFile(resolve(cwd, file), 'utf8')
  } catch {
    throw unreadableFile(file)
  }
}

const count = (number: number, one: string, many: string) => `${number} ${number > 1 ? many : one}`

export const importMetiersCommand: CliCommand = {
  words: ['import', 'metiers'],
  summary: 'ajoute ou redéfinit des métiers, et reclasse le registre',
  usage: 'import metiers FICHIER [--dry-run]',
  options: { 'dry-run': { type: 'boolean', help: 'lit et vérifie sans rien changer' } },
  async run(app, { values, args, io }) {
    const [file] = args
    if (file === undefined || args.length > 1)
      throw badInput('Donnez un fichier de métiers, et un seul : import metiers FICHIER.csv')
    const dryRun = values['dry-run'] === true
    const done = await importMetiers(
      app,
      'operator',
      { text: await readText(io.cwd, file), name: basename(file) },
      dryRun,
    )
    for (const [sign, metiers] of [
      ['+', done.added],
      ['~', done.changed],
    ] as const)
      for (const { slug, label, familyLabel } of metiers)
        io.print(`${sign} ${label.fr} (${slug}), famille « ${familyLabel.fr} »`)
    if (done.newFamilies.length > 0) io.print(`Familles nouvelles : ${done.newFamilies.join(', ')}`)
    const added = count(done.added.length, 'métier nouveau', 'métiers nouveaux')
    io.print(
      `${added}, ${count(done.changed.length, 'redéfini', 'redéfinis')}, ${count(done.unchanged, 'inchangé', 'inchangés')}`,
    )
    io.print(
      dryRun
        ? `Essai : rien n’est changé ; ${count(done.units, 'établissement serait reclassé', 'établissements seraient reclassés')}.`
        : `Registre : ${count(done.units, 'établissement reclassé', 'établissements reclassés')}`,
    )
  },
}
