import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvLine, parseCsv } from './csv.ts'

test('what is written is read back, whatever the separator', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', ' x', '0') })
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { minLength: 2, maxLength: 2 }), { minLength: 1 }),
      fc.constantFrom(',', ';'),
      (rows, separator) => {
        const csv = rows.map((row) => csvLine(row, separator)).join('')
        expect(parse(csv, { delimiter: separator })).toEqual(rows)
      },
    ),
  )
})

test('a spreadsheet takes no field for a formula', () => {
  expect(csvLine(['=1+1', '+33', '-a', '@b', -4, 'sûr', null])).toBe("'=1+1,'+33,'-a,'@b,-4,sûr,\r\n")
})

const field = fc
  .string({ unit: fc.constantFrom('a', 'é', ' ', '"', ';', ',', '\n', '\r\n', '’') })
  .map((text) => text.trim())
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

test('whatever is written between quotes is read back, with the line where its row starts', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 5 }), (rows) => {
      const text = ['x;y', ...rows.map((fields) => fields.map(quoted).join(';'))].join('\n')
      const kept = rows.filter((fields) => fields.some((one) => one !== ''))
      const [, ...read] = parseCsv(text)
      expect(read.map((one) => one.fields)).toEqual(kept)
      for (const { line, fields } of read)
        expect(text.split('\n')[line - 1]).toContain(quoted(fields[0]!).split('\n')[0])
    }),
  )
})
