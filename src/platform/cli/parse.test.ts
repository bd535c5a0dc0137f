import { expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { helpText } from './help.ts'
import { parseLine, type AnyCommand } from './parse.ts'

const command = (words: string, options: AnyCommand['options'] = {}): AnyCommand => ({
  words: words.split(' '),
  summary: `fait ${words}`,
  usage: `${words} FICHIER`,
  options,
  run: async () => undefined,
})
const importSirene = command('import sirene', {
  departement: { type: 'string', help: 'numéro' },
  'dry-run': { type: 'boolean', help: 'essai' },
  tag: { type: 'string', help: 'étiquette', multiple: true },
})
const commands = [command('migrate'), command('import territory'), importSirene, command('backup')]
const parse = (line: string) => parseLine(commands, line === '' ? [] : line.split(' '))

test('options and arguments may come in any order after the words', () => {
  expect(parse('import sirene a.csv --departement 82 b.csv --dry-run --tag=x --tag y')).toEqual({
    kind: 'run',
    command: importSirene,
    values: { departement: '82', 'dry-run': true, tag: ['x', 'y'] },
    args: ['a.csv', 'b.csv'],
  })
  expect(parse('import sirene -- --help.csv')).toMatchObject({ kind: 'run', args: ['--help.csv'] })
})

test.each([
  ['', 'Dites quelle commande'],
  ['import', '« import » attend une suite : « import territory », « import sirene ».'],
  ['migrat', 'Vouliez-vous dire « migrate » ?'],
  ['import siren a.csv', 'Vouliez-vous dire « import sirene » ?'],
  ['bakcup x', 'Vouliez-vous dire « backup » ?'],
  ['zzzzzzzz', 'La commande « zzzzzzzz » n’existe pas.'],
  ['import sirene --dryrun', '« import sirene » n’a pas d’option « --dryrun ». Vouliez-vous dire « --dry-run » ?'],
  ['import sirene --constructor', '« import sirene » n’a pas d’option « --constructor ».'],
  ['import sirene --departement', 'L’option « --departement » attend une valeur.'],
  ['import sirene --departement --dry-run', 'L’option « --departement » attend une valeur.'],
  ['import sirene --dry-run=no', 'L’option « --dry-run » ne prend pas de valeur.'],
  ['help zzzz', 'La commande « zzzz » n’existe pas.'],
])('« %s » is refused with a sentence', (line, sentence) => {
  expect(() => parse(line)).toThrow(UsageError)
  expect(() => parse(line)).toThrow(sentence)
})

test.each([
  ['--help', []],
  ['help', []],
  ['import -h', ['import']],
  ['help import sirene', ['import', 'sirene']],
  ['import sirene a.csv --departement 82 --help', ['import', 'sirene']],
  ['import --help --zzz', ['import']],
])('« %s » asks for help', (line, words) => {
  expect(parse(line)).toEqual({ kind: 'help', words })
})

test('help lists every command, then every option of one', () => {
  const all = helpText(commands, [])
  for (const { words, summary } of commands) expect(all).toContain(`  ${words.join(' ').padEnd(16)}  ${summary}`)
  expect(helpText(commands, ['import'])).not.toContain('migrate')
  expect(helpText(commands, ['import', 'sirene'])).toBe(
    [
      'Usage : npx artisanumerique import sirene FICHIER',
      '',
      'Fait import sirene.',
      '',
      'Options',
      '  --departement VALEUR  numéro',
      '  --dry-run             essai',
      '  --tag VALEUR          étiquette (répétable)',
      '  --help                montre cette aide',
    ].join('\n'),
  )
})
