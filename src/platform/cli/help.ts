import { titleOf, type AnyCommand } from './parse.ts'

const program = 'npx artisanumerique'

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

function listHelp(commands: readonly AnyCommand[]): string[] {
  return [
    `Usage : ${program} COMMANDE [options]`,
    '',
    'Commandes',
    ...columns(commands.map((one) => [titleOf(one), one.summary] as const)),
    '',
    `« ${program} COMMANDE --help » décrit une commande.`,
    'La base est celle de DATABASE_URL, sinon celle du dossier DATA_DIR (./var).',
    'Code de sortie : 0, 1 (refusé, rien n’est changé) ou 2 (mal écrit).',
  ]
}

function commandHelp(command: AnyCommand): string[] {
  const options = Object.entries(command.options ?? {}).map(
    ([name, { type, help, multiple }]) =>
      [`--${name}${type === 'string' ? ' VALEUR' : ''}`, `${help}${multiple ? ' (répétable)' : ''}`] as const,
  )
  return [
    `Usage : ${program} ${command.usage}`,
    '',
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    '',
    'Options',
    ...columns([...options, ['--help', 'montre cette aide'] as const]),
  ]
}

/** The help of one command, or the list of those that begin with `words`. */
export function helpText(commands: readonly AnyCommand[], words: readonly string[]): string {
  const matching = commands.filter((one) => words.every((word, index) => one.words[index] === word))
  const exact = matching.find((one) => one.words.length === words.length)
  return (exact ? commandHelp(exact) : listHelp(matching)).join('\n')
}
