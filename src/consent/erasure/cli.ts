import { UsageError, type CliCommand } from '#platform'
import { erasureReasons, type ErasureReason } from '../model.ts'
import { eraseSubject, measureErasure } from './commands.ts'

const kinds = ['person', 'enterprise', 'guest', 'statement', 'media']
const usage = `erase ${kinds.join('|')} ID --reason ${erasureReasons.join('|')} [--dry-run]`

function parseReason(text: unknown): ErasureReason {
  const reason = erasureReasons.find((one) => one === text)
  if (!reason) throw new UsageError(`Donnez la raison : --reason ${erasureReasons.join(', ')}`)
  return reason
}

export const eraseCommand: CliCommand = {
  words: ['erase'],
  summary: 'détruit ce qui est gardé sur une personne, une entreprise ou un contenu',
  usage,
  options: {
    reason: {
      type: 'string',
      help: 'request (demande de la personne), withdrawal (accord retiré), minor (mineur), unlawful (illicite), law (obligation légale)',
    },
    'dry-run': { type: 'boolean', help: 'compte ce qui serait détruit sans rien changer' },
  },
  requires: 'database',
  async run(app, { values, args, io }) {
    const [kind, id] = args
    if (args.length !== 2 || !kind || !id || !kinds.includes(kind)) throw new UsageError(`Usage : ${usage}`)
    const reason = parseReason(values.reason)
    const subject = { kind, id }
    const { rows, records, files } = await measureErasure(app, 'operator', subject)
    for (const [table, count] of Object.entries(rows)) io.print(`${table} : ${count} ligne(s)`)
    io.print(`Accords : ${records}. Fichiers : ${files}.`)
    if (values['dry-run'] === true) return io.print('Rien n’est changé.')
    const line = await eraseSubject(app, 'operator', subject, reason)
    io.print(`Effacement fait, inscrit au registre des effacements : ${line}.`)
  },
}
