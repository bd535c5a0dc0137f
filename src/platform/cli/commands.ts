import { once } from 'node:events'
import { resolve } from 'node:path'
import type { BareCommand, CliCommand, CommandInput } from '../application.ts'
import { measureBackup, writeBackup, type Contents } from '../backup/backup.ts'
import { checkBackup, restoreBackup } from '../backup/restore.ts'
import { migrate, pendingMigrations } from '../db/migrate.ts'
import { UserError } from '../errors.ts'
import { inspectInstallation } from './check.ts'
import { fileExpected } from './errors.ts'

const dryRun = (help: string) => ({ 'dry-run': { type: 'boolean' as const, help } })
const number = new Intl.NumberFormat('fr-FR')
const counted = (count: number, one: string, many: string) => `${number.format(count)} ${count < 2 ? one : many}`
const show = ({ tables, rows, files }: Contents) =>
  `${counted(tables, 'table', 'tables')}, ${counted(rows, 'ligne', 'lignes')}, ${counted(files, 'fichier', 'fichiers')}`

const again = (erasures: number) =>
  erasures === 0 ? '' : ` ; ${counted(erasures, 'effacement sera refait', 'effacements seront refaits')} au démarrage`

function oneFile({ args, io }: CommandInput, usage: string): string {
  if (args.length !== 1) throw fileExpected(usage)
  return resolve(io.cwd, args[0]!)
}

const migrateCommand: BareCommand = {
  bare: true,
  words: ['migrate'],
  summary: 'met la base au format de cette version du programme',
  usage: 'migrate [--dry-run]',
  options: dryRun('dit ce qui manque sans rien changer'),
  async run({ db }, { values, io }) {
    const names = values['dry-run'] === true ? await pendingMigrations(db) : await migrate(db)
    for (const name of names) io.print(`${values['dry-run'] === true ? 'à appliquer' : 'appliquée'} : ${name}`)
    if (names.length === 0) io.print('La base est à jour.')
  },
}

const checkCommand: BareCommand = {
  bare: true,
  words: ['check'],
  summary: 'vérifie la base, les fichiers et l’espace libre, sans rien changer',
  usage: 'check',
  requires: 'database',
  async run(app, { io }) {
    const findings = await inspectInstallation(app)
    for (const { level, text } of findings) io.print(`${{ good: '✓', attention: '!', bad: '✗' }[level]} ${text}`)
    const bad = findings.filter(({ level }) => level === 'bad').length
    if (bad > 0) throw new UserError('check_failed', 409, `${counted(bad, 'point à corriger', 'points à corriger')}.`)
  },
}

const backupCommand: BareCommand = {
  bare: true,
  words: ['backup'],
  summary: 'copie la base et les fichiers dans une archive, serveur en marche ou non',
  usage: 'backup FICHIER.tar.gz [--dry-run]',
  options: dryRun('compte ce qui serait copié sans rien écrire'),
  requires: 'database',
  async run(app, input) {
    const file = oneFile(input, backupCommand.usage)
    const { print, progress } = input.io
    if (input.values['dry-run'] === true)
      return print(`À copier : ${show(await measureBackup(app))}. Rien n’est écrit.`)
    const done = await writeBackup(app, file, (contents, ratio) => progress(`Copie : ${show(contents)}`, ratio))
    print(`Sauvegarde écrite dans ${file} : ${show(done)}.`)
    if (done.removed > 0)
      print(`${counted(done.removed, 'fichier effacé', 'fichiers effacés')} pendant la copie n’y sont pas.`)
  },
}

const restoreCommand: BareCommand = {
  bare: true,
  words: ['restore'],
  summary: 'charge une sauvegarde dans une base vide, intégrée ou PostgreSQL',
  usage: 'restore FICHIER.tar.gz [--erasures erasures.jsonl] [--dry-run]',
  options: {
    erasures: { type: 'string', help: 'registre des effacements gardé à part, à refaire au prochain démarrage' },
    ...dryRun('lit la sauvegarde jusqu’au bout sans rien écrire'),
  },
  async run(app, input) {
    const file = oneFile(input, restoreCommand.usage)
    const { print, progress, cwd } = input.io
    const erasures = typeof input.values.erasures === 'string' ? resolve(cwd, input.values.erasures) : null
    if (input.values['dry-run'] === true) {
      const found = await checkBackup(app, file, erasures)
      return print(`Sauvegarde complète : ${show(found)}${again(found.erasures)}. Rien n’est écrit.`)
    }
    const told = (contents: Contents, ratio?: number) => progress(`Chargement : ${show(contents)}`, ratio)
    const done = await restoreBackup(app, file, told, erasures)
    print(`Sauvegarde chargée : ${show(done)}${again(done.erasures)}. Lancez « npm start ».`)
  },
}

const workerCommand: CliCommand = {
  words: ['worker'],
  summary: 'fait les travaux de la file, à côté des serveurs, jusqu’à ce qu’on l’arrête',
  usage: 'worker',
  requires: 'server',
  async run(app, { io }) {
    const stopped = Promise.race(['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => once(process, signal)))
    await app.jobs.start(app)
    io.print('En attente de travaux (Ctrl-C pour arrêter).')
    await stopped
    await app.jobs.stop()
  },
}

export const platformCommands = [migrateCommand, checkCommand, backupCommand, restoreCommand, workerCommand]
