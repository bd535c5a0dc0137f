import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Splitter, type AnyRow } from './splitter.ts'

const pieces = ['a', 'é', '€', '"', '""', ',', ';', '\t', '|', '\n', '\r\n', ' ', 'text', '1105ZZ', '😀']
const field = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''))
const table = fc
  .integer({ min: 2, max: 6 })
  .chain((width) => fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }))
const separators = [',', ';', '\t', '|'] as const

function write(rows: string[][], separator: string, newline: string, quoteAll: boolean): string {
  const quote = (text: string) =>
    quoteAll || /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text
  return rows.map((row) => row.map(quote).join(separator) + newline).join('')
}

/** Gives a text in blocks cut at the places told. */
function split(text: string, cuts: number[], options: ConstructorParameters<typeof Splitter>[0]): AnyRow[] {
  const splitter = new Splitter(options)
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
  const rows = places.slice(1).flatMap((to, rank) => splitter.push(text.slice(places[rank], to)))
  return [...rows, ...splitter.push('', true)]
}

const fieldsOf = (rows: AnyRow[]) => rows.map((row) => ('fields' in row ? row.fields : row))

describe('tables that follow RFC 4180', () => {
  test('are split as csv-parse does, wherever the blocks are cut', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom(...separators),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 8 }),
        (rows, separator, newline, quoteAll, cuts) => {
          const text = write(rows, separator, newline, quoteAll)
          const columns = rows[0]!.length
          const expected = parse(text, { delimiter: separator, record_delimiter: newline, relax_column_count: true })
          expect(fieldsOf(split(text, cuts, { separator, newline: '\n', columns }))).toEqual(expected)
        },
      ),
      { numRuns: 400 },
    )
  })

  test('keep the number of each row’s first line', () => {
    fc.assert(
      fc.property(table, fc.array(fc.nat(), { maxLength: 4 }), (rows, cuts) => {
        const lines: number[] = []
        let line = 1
        for (const row of rows) {
          lines.push(line)
          line += 1 + row.join('').split('\n').length - 1
        }
        const found = split(write(rows, ',', '\n', true), cuts, {
          separator: ',',
          newline: '\n',
          columns: rows[0]!.length,
        })
        expect(found.map((row) => row.line)).toEqual(lines)
      }),
    )
  })

  test('may end their lines with a carriage return alone, and the last one with nothing', () => {
    const options = { separator: ';', newline: '\r', columns: 2 } as const
    expect(fieldsOf(split('a;b\r"c\rd";e\rf;g', [3, 7], options))).toEqual([
      ['a', 'b'],
      ['c\rd', 'e'],
      ['f', 'g'],
    ])
  })
})

describe('faulty rows', () => {
  const good = (n: number) => `${n},name,end`
  const read = (text: string, cuts: number[] = []) =>
    split(text, cuts, {
      separator: ',',
      newline: '\n',
      columns: 3,
      looksLikeRow: (line) => /^\d+,[^,]*,[^,]*$/.test(line),
    })
  const told = (rows: AnyRow[]) =>
    rows.map((row) => ('fault' in row ? `${row.line} ${row.fault}` : `${row.line} ${row.fields[0]}`))

  test.each([
    ['too few fields', '2,name', '2 row.fields'],
    ['too many fields', '2,name,end,more', '2 row.fields'],
    ['text after a closing quote', '2,"na"me,end', '2 row.quote'],
    ['a quote never closed', '2,"name,end', '2 row.unclosed'],
    ['a quoted row with too few fields', '"2",name', '2 row.fields'],
  ])('%s costs one line', (_, line, fault) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 5 }), (cuts) => {
        const text = [good(1), line, good(3), '4,"na,me",end', good(5)].join('\n') + '\n'
        expect(told(read(text, cuts))).toEqual(['1 1', fault, '3 3', '4 4', '5 5'])
      }),
    )
  })

  test('an unclosed quote at the start of a long file swallows nothing', () => {
    const lines = Array.from({ length: 500 }, (_, rank) => good(rank + 1))
    lines[3] = '4,"name,end'
    lines[400] = '401,name,"end'
    const rows = read(`${lines.join('\n')}\n`)
    expect(told(rows).filter((text) => text.includes('row'))).toEqual(['4 row.unclosed', '401 row.unclosed'])
    expect(rows.length).toBe(500)
  })

  test('a quote never closed keeps no more than 50 lines waiting', () => {
    const splitter = new Splitter({ separator: ',', newline: '\n', columns: 3 })
    const rows = splitter.push(`1,"name,end\n${`${good(2)}\n`.repeat(60)}`)
    expect(told(rows).slice(0, 2)).toEqual(['1 row.unclosed', '2 2'])
    expect(rows).toHaveLength(61)
  })

  test('a quote closed by a stray one in a later row swallows no row', () => {
    expect(told(read('1,"name,end\n2,name,end\n3,name",end\n4,name,end\n'))).toEqual([
      '1 row.unclosed',
      '2 2',
      '3 3',
      '4 4',
    ])
  })

  test('a file cut in the middle of a row, or of a quoted field, loses that row alone', () => {
    expect(told(read('1,name,end\n2,na'))).toEqual(['1 1', '2 row.cut'])
    expect(told(read('1,name,end\n2,"na'))).toEqual(['1 1', '2 row.cut'])
    expect(told(read('1,name,end\n2,name,end'))).toEqual(['1 1', '2 2'])
  })

  test('empty lines are no rows, and count as lines', () => {
    expect(told(read('1,name,end\n\n\r\n4,name,end\n'))).toEqual(['1 1', '4 4'])
  })

  test('whatever the text, each line is in one row or fault, in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1', ',', '"', '\n', 'name', '\r\n'), { maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (parts, cuts) => {
          const text = parts.join('')
          const rows = read(text, cuts)
          const lines = rows.map((row) => row.line)
          expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b))
          expect(rows).toEqual(read(text))
        },
      ),
      { numRuns: 500 },
    )
  })
})
