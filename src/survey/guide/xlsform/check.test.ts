import { expect, test } from 'vitest'
import { expressionFault, isXmlName } from './expression.ts'
import { readXlsform } from './read.ts'
import { markdownTables } from './sheets.ts'

/** Where a form written in Markdown is refused: `survey 3 type`. */
const faultsOf = (markdown: string) =>
  readXlsform(markdownTables(markdown.trim().replaceAll(/^\s+/gm, ''), 'essai.md')).problems.map(
    ({ sheet, row, column }) => `${sheet} ${row} ${column}`,
  )

const survey = (...rows: string[]) =>
  [
    '| survey |',
    '| | type | name | label | relevant | calculation | choice_filter |',
    ...rows.map((row) => `| | ${row} |`),
  ].join('\n')

const choices = '\n| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | b | B |'

test('accepts what pyxform accepts', () => {
  expect(
    faultsOf(
      survey(
        'text | a | A',
        'begin_repeat | r | R',
        "begin group | g | G | ${a} != '' and not(selected(${c}, 'x y'))",
        'select_one l | c | ${a}',
        'end group',
        'end_repeat',
        'text | b.1-x | again',
        'calculate | d | | | if(count(${r}) > 1, ../a, concat(${a}, "-", today()))',
        'note | | A note without name',
      ) + choices,
    ),
  ).toEqual([])
})

test('refuses groups that no stack would bear', () => {
  const deep = 20_000
  const rows = Array.from({ length: deep }, (_, at) => `begin group | g${at} | G`)
  const faults = faultsOf(survey(...rows, 'text | a | A', ...rows.map(() => 'end group')))
  expect(faults).toContain('survey 53 type')
  expect(faults).not.toContain('survey 52 type')
})

test('names the sheet, the row and the column of each fault', () => {
  const cases: [string, string[]][] = [
    [survey('texte | a | A'), ['survey 3 type']],
    [survey('| a | A'), ['survey 3 type']],
    [survey('text | | A'), ['survey 3 name']],
    [survey('text | 1a | A', 'text | a b | A'), ['survey 3 name', 'survey 4 name']],
    [survey('text | a | A', 'text | a | A'), ['survey 4 name']],
    [survey('text | meta | A'), ['survey 3 name']],
    [survey('begin group | g | G', 'text | a | A'), ['survey 3 type']],
    [survey('text | a | A', 'end group'), ['survey 4 type']],
    [survey('begin group | g | G', 'end repeat', 'end group'), ['survey 4 type']],
    [survey('text | a | A | ${z} = 1'), ['survey 3 relevant']],
    [survey('text | a | Dear ${z}'), ['survey 3 label']],
    [survey('text | a | Dear ${a'), ['survey 3 label']],
    [survey('text | a | A | ${a = 1'), ['survey 3 relevant']],
    [survey('calculate | a | A'), ['survey 3 calculation']],
    [survey('calculate | a | A | | 1 +'), ['survey 3 calculation']],
    [survey('select_one l | a | A'), ['survey 3 type']],
    [survey('select_one toString | a | A') + choices, ['survey 3 type']],
    [survey('select_one l or_other | a | A | | | x = 1') + choices, ['survey 3 choice_filter']],
    [survey('begin loop | a | A', 'end loop') + choices, ['survey 3 type']],
    [survey('select_one_from_file towns.txt | a | A'), ['survey 3 type']],
    [survey('select_one_external l | a | A') + choices, ['survey 3 type']],
    [survey('select_one l | a | A') + choices + '\n| | l | a | again |', ['choices 8 name']],
    [survey('select_multiple l | a | A') + choices + '\n| | l | c d | C |', ['choices 8 name']],
    [survey('text | a | A') + '\n| choices |\n| | list_name | label |\n| | l | A |', ['choices 5 name']],
    [
      survey(
        'begin repeat | r | R',
        'end repeat',
        'begin group | g | G',
        'begin repeat | r | R',
        'end repeat',
        'end group',
      ),
      ['survey 6 name'],
    ],
    ['| choices |\n| | list_name | name |', ['choices 1 null']],
    ['| survey |\n| | kind | name |', ['survey 2 type']],
    ['', ['essai 1 type']],
  ]
  for (const [markdown, faults] of cases) expect(faultsOf(markdown), markdown).toEqual(faults)
})

test('a form that includes itself is refused', () => {
  const tables = markdownTables('| survey |\n| | type | name |\n| | include | moi |', 'moi.md')
  expect(readXlsform(tables, () => tables).problems[0]).toMatchObject({ sheet: 'survey', row: 3, column: 'name' })
})

test('knows formulas of XPath from what is none', () => {
  for (const text of [
    '. > 10.51 and . < 18.39',
    "regex(., '^[0-9]{14}$')",
    'instance("towns")/root/item[name = current()/../town]/label',
    '-1 + 2 * (3 - 4) div 5 mod 2',
    'count(/data/r/*) = 0 or not(../@x)',
    "pulldata('fruits', 'name','name', 'mango')",
    '${last-saved#town}',
    "selected (., 'no')",
    'child::a | self::node()',
    '/',
  ])
    expect(expressionFault(text), text).toBeNull()
  for (const text of [
    '',
    '1 +',
    '(1',
    'f(1,',
    'a b',
    "'open",
    '${}',
    '$x',
    'a[1',
    '1 = = 2',
    'a/',
    `${'('.repeat(5000)}1`,
  ])
    expect(expressionFault(text), text).not.toBeNull()
})

test('knows names that may be XML elements', () => {
  expect(['a', '_1', 'wood-nearby', 'été', 'a.b', 'ns:a'].filter((name) => !isXmlName(name))).toEqual([])
  expect(['', '1a', '-a', 'a b', 'a:b:c', 'a$'].filter(isXmlName)).toEqual([])
})
