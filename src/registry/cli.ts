import { access } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { CliCommand } from '#platform'
import { nothingToImport, unreadableFile } from './errors.ts'
import { runImport } from './imports/run.ts'

async function toSource(cwd: string, file: string) {
  const path = resolve(cwd, file)
  try {
    await access(path)
  } catch {
    throw unreadableFile(file)
  }
  return { name: basename(file), path }
}

export const importSireneCommand: CliCommand = {
  words: ['import', 'sirene'],
  summary: 'importe des fichiers du registre Sirene dans le registre des artisans',
  usage: 'import sirene FICHIER… [--departement 82] [--dry-run]',
  options: {
    departement: { type: 'string', help: 'ne garde que ce département (82, 2A, 974)' },
    'dry-run': { type: 'boolean', help: 'lit et vérifie sans rien changer au registre' },
  },
  async run(app, { values, args, io }) {
    if (args.length === 0) throw nothingToImport()
    const files = await Promise.all(args.map((file) => toSource(io.cwd, file)))
    const departement = typeof values.departement === 'string' ? values.departement.toUpperCase() : null
    const dryRun = values['dry-run'] === true
    const done = await runImport(app, { files, departement, requestedBy: 'commande', dryRun }, ({ text, ratio }) =>
      io.progress(text, ratio ?? undefined),
    )
    for (const { file, label, notes } of done.formats)
      io.print(`${file} : ${label}${notes.length > 0 ? ` (${notes.join(' ; ')})` : ''}`)
    const scope = done.outOfScope > 0 ? `, ${done.outOfScope} hors du territoire` : ''
    io.print(
      `${done.rows} lignes lues : ${done.accepted} acceptées, ${done.refused} refusées${scope}, ${done.warnings} champs écartés`,
    )
    io.print(
      dryRun
        ? 'Essai : rien n’est changé.'
        : `Registre : ${done.inserted} établissements nouveaux, ${done.updated} mis à jour, ${done.unchanged} inchangés`,
    )
    if (done.reportKey) io.print(`Rapport des refus (privé, gardé 30 jours) : ${app.storage.locate(done.reportKey)}`)
  },
}
