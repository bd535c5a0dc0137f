import { parseArgs } from 'node:util'
import type { BareCommand, CliCommand, CommandInput } from '../application.ts'
import { UsageError } from '../errors.ts'

export type AnyCommand = CliCommand | BareCommand

export type Line =
  | { kind: 'help'; words: string[] }
  | { kind: 'run'; command: AnyCommand; values: CommandInput['values']; args: string[] }

export const titleOf = (command: AnyCommand): string => command.words.join(' ')

const startsWith = (words: readonly string[], start: readonly string[]) =>
  start.every((word, index) => words[index] === word)

/**
 * What a command line asks for.
 * @throws {UsageError} naming the nearest command or option
 */
export function parseLine(commands: readonly AnyCommand[], argv: readonly string[]): Line {
  const firstOption = argv.findIndex((argument) => argument.startsWith('-'))
  const words = firstOption < 0 ? argv : argv.slice(0, firstOption)
  const command = commands
    .filter((one) => startsWith(words, one.words))
    .sort((a, b) => b.words.length - a.words.length)[0]
  if (words[0] === 'help') return { kind: 'help', words: helpWords(commands, words.slice(1)) }
  const end = argv.indexOf('--')
  if (argv.some((argument, at) => (argument === '--help' || argument === '-h') && (end < 0 || at < end)))
    return { kind: 'help', words: command?.words ?? helpWords(commands, words) }
  if (!command) throw unknownCommand(commands, words)
  return { kind: 'run', command, ...parseOptions(command, argv.slice(command.words.length)) }
}

function helpWords(commands: readonly AnyCommand[], words: readonly string[]): string[] {
  if (commands.some((one) => startsWith(one.words, words))) return [...words]
  throw unknownCommand(commands, words)
}

function unknownCommand(commands: readonly AnyCommand[], words: readonly string[]): UsageError {
  const next = commands.filter((one) => startsWith(one.words, words))
  if (words.length === 0) return new UsageError('Dites quelle commande lancer.')
  if (next.length > 0)
    return new UsageError(
      `« ${words.join(' ')} » attend une suite : ${next.map((one) => `« ${titleOf(one)} »`).join(', ')}.`,
    )
  const near = nearest(words.slice(0, 2).join(' '), commands.map(titleOf)) ?? nearest(words[0]!, commands.map(titleOf))
  return new UsageError(
    `La commande « ${words.join(' ')} » n’existe pas.${near ? ` Vouliez-vous dire « ${near} » ?` : ''}`,
  )
}

function parseOptions(command: AnyCommand, argv: readonly string[]) {
  const known = command.options ?? {}
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { type, multiple = false }]) => [name, { type, multiple }]),
  )
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(known, token.name) ? known[token.name] : undefined
    if (!option) throw unknownOption(command, token.rawName, token.name)
    if (option.type === 'string' && (token.value === undefined || (!token.inlineValue && token.value.startsWith('-'))))
      throw new UsageError(`L’option « ${token.rawName} » attend une valeur.`)
    if (option.type === 'boolean' && token.value !== undefined)
      throw new UsageError(`L’option « ${token.rawName} » ne prend pas de valeur.`)
  }
  return { values: values as CommandInput['values'], args: positionals }
}

function unknownOption(command: AnyCommand, raw: string, name: string): UsageError {
  const near = nearest(name, Object.keys(command.options ?? {}))
  return new UsageError(
    `« ${titleOf(command)} » n’a pas d’option « ${raw} ».${near ? ` Vouliez-vous dire « --${near} » ?` : ''}`,
  )
}

/** The candidate that takes the fewest edits, or null when none is near. */
function nearest(word: string, candidates: readonly string[]): string | null {
  const scored = candidates
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  const best = scored[0]
  return best && best.edits <= Math.max(2, word.length / 3) ? best.candidate : null
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}
