import fc from 'fast-check'
import { expect, test } from 'vitest'
import { latestGuide } from '../guide/guides.ts'
import type { DeliveryItem } from './model.ts'
import { contentOf, factsOf } from './rows.ts'
import { readCell, readDay } from './values.ts'

const base = { id: 'x', label: { fr: 'X', en: 'X' }, question: { fr: 'X ?', en: 'X?' } }
const answer: DeliveryItem = { ...base, kind: 'answer' }
const number: DeliveryItem = { ...base, kind: 'number', unit: 'km' }
const choice: DeliveryItem = {
  ...base,
  kind: 'choice',
  choices: [
    { id: 'oak', label: { fr: 'Chêne', en: 'Oak' } },
    { id: 'walnut', label: { fr: 'Noyer', en: 'Walnut' } },
  ],
}
const value = (item: DeliveryItem, cell: string) => {
  const read = readCell(item, cell)
  return read === null ? null : 'value' in read ? read.value : 'problem'
}

test('answers, numbers and choices are read as people write them', () => {
  for (const cell of ['oui', ' OUI ', 'x', '1', 'Vrai', 'yes', '✓'])
    expect(value(answer, cell), cell).toEqual({ kind: 'answer', answer: 'yes' })
  expect(value(answer, 'en partie')).toEqual({ kind: 'answer', answer: 'partly' })
  expect(value(answer, 'Ne sait pas')).toEqual({ kind: 'answer', answer: 'unknown' })
  for (const cell of ['', '-', '  ', 'N/A'.replace('N/A', '#N/A')]) expect(value(answer, cell), cell).toBeNull()
  expect(value(answer, 'peut-être')).toBe('problem')
  expect(value(number, '1 200,5 km')).toEqual({ kind: 'number', number: 1200.5, unit: 'km' })
  expect(value(number, '−3')).toEqual({ kind: 'number', number: -3, unit: 'km' })
  for (const cell of ['10 à 20', '1.2.3', 'beaucoup', '1e99']) expect(value(number, cell), cell).toBe('problem')
  expect(value(choice, 'chene')).toEqual({ kind: 'choice', choice: 'oak' })
  expect(value(choice, 'Noyyer')).toEqual({ kind: 'choice', choice: 'walnut' })
  expect(value(choice, 'Sapin')).toBe('problem')
  expect(value({ ...base, kind: 'enterprise' }, '732 829 320 00074')).toEqual({
    kind: 'enterprise',
    siret: '73282932000074',
  })
  expect(value({ ...base, kind: 'enterprise' }, '73282932000075')).toBe('problem')
  expect(value({ ...base, kind: 'place' }, 'Montauban')).toBe('problem')
})

test('days are read in French and ISO order, and as numbers of a spreadsheet', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1990-01-01'), max: new Date('2060-01-01'), noInvalidDate: true }), (date) => {
      const day = date.toISOString().slice(0, 10)
      const [year, month, dayOfMonth] = day.split('-').map(Number)
      expect(readDay(day)).toBe(day)
      expect(readDay(`${dayOfMonth}/${month}/${year}`)).toBe(day)
      expect(readDay(`${dayOfMonth}.${month}.${year}`)).toBe(day)
      expect(readDay(String(Date.parse(day) / 86_400_000 + 25_569))).toBe(day)
    }),
  )
  for (const cell of ['31/02/2026', '2026-13-01', 'mars', '12', '']) expect(readDay(cell), cell).toBeNull()
})

test('a cell made to take for ever is answered at once', () => {
  const cells = [`1${' '.repeat(30_000)}${'x'.repeat(13)}`, `12345${' '.repeat(30_000)}a\nb`, 'ab '.repeat(10_000)]
  const columns = (['siret', 'name', 'address', 'commune', 'date'] as const).map((meaning) => {
    return { header: meaning, meaning, confidence: 1 }
  })
  const start = performance.now()
  for (const cell of cells) {
    for (const item of [answer, number, choice]) expect(value(item, cell)).toBe('problem')
    const row = { line: 2, cells: columns.map(() => cell) }
    const { names, address } = factsOf(columns, row, new Map())
    expect([...names, address].filter((text) => text !== null && text.length > 200)).toEqual([])
    contentOf(columns, row, new Map(), '2026-11-20')
  }
  expect(performance.now() - start).toBeLessThan(1000)
})

test('what is told of a cell ends with no half of a character', () => {
  const { problems } = contentOf(
    [{ header: 'Date', meaning: 'date', confidence: 1 }],
    { line: 2, cells: [`${'a'.repeat(39)}🧵`] },
    new Map(),
    '2026-11-20',
  )
  expect(problems.map(({ message }) => message.isWellFormed())).toEqual([true])
  expect(readCell(number, `${'a'.repeat(39)}🧵`)).toEqual({ problem: `« ${'a'.repeat(39)} » n’est pas un nombre.` })
})

test('any cell is a value, nothing, or a sentence', () => {
  const items = latestGuide().items
  fc.assert(
    fc.property(fc.constantFrom(...items), fc.string({ maxLength: 60 }), (item, cell) => {
      const read = readCell(item, cell)
      if (read && 'problem' in read) expect(read.problem).toMatch(/\.$/)
      else if (read) expect(read.value.kind).toBe(item.kind)
    }),
  )
})

const columns = ['siret', 'name', 'address', 'postcode', 'commune', 'date', 'comment', 'item:x'].map((meaning) => ({
  header: meaning,
  meaning: meaning as 'siret',
  confidence: 1,
}))
const items = new Map([['x', answer]])
const cells = ['732 829 320 00074', 'Forge', '1 rue Haute', '', '82000 Montauban', '21/03/2026', 'Vu', 'oui']

test('a row gives the facts to match and what it says', () => {
  const communes = new Map([
    [
      'Montauban',
      [
        { code: '82121', departement: '82' },
        { code: '35183', departement: '35' },
      ],
    ],
  ])
  expect(factsOf(columns, { line: 2, cells }, communes)).toEqual({
    siret: '73282932000074',
    siren: '732829320',
    names: ['Forge'],
    address: '1 rue Haute',
    postcode: '82000',
    communes: ['82121'],
    departement: '82',
  })
  expect(contentOf(columns, { line: 2, cells }, items, '2026-11-25')).toEqual({
    answers: [{ item: 'x', value: { kind: 'answer', answer: 'yes' } }],
    comment: 'Vu',
    saidOn: '2026-03-21',
    problems: [],
  })
})

test('what a spreadsheet spoilt, and days to come, are said at their column', () => {
  const spoilt = cells.with(0, '7,32829E+13').with(5, '21/03/2030').with(7, 'bof')
  const { problems, saidOn, answers } = contentOf(columns, { line: 2, cells: spoilt }, items, '2026-11-25')
  expect(saidOn).toBeNull()
  expect(answers).toEqual([])
  expect(problems.map(({ column }) => column)).toEqual([7, 5, 0])
  expect(problems[2]!.message).toMatch(/notation scientifique/)
  expect(factsOf(columns, { line: 2, cells: spoilt }, new Map()).siret).toBeNull()
})
