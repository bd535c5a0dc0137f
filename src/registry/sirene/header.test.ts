import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readHeader } from './header.ts'
import { stockColumns } from './testing.ts'

test('separator, line end and names are read whatever they are', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(',', ';', '\t', '|'),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.boolean(),
      fc.constantFrom('', ' '),
      (separator, newline, quoted, space) => {
        const names = stockColumns.map((name) => (quoted ? `"${name}"` : name + space))
        const text = [names.join(separator), 'a,b;c\td|e', ''].join(newline)
        expect(readHeader(text)).toEqual({ separator, newline: newline === '\r' ? '\r' : '\n', names: stockColumns })
      },
    ),
  )
})

test('a header alone, without a line end, is one', () => {
  expect(readHeader('siren;siret').names).toEqual(['siren', 'siret'])
})
