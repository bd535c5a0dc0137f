import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyText } from './copy-text.ts'

// Decodes as the manual of COPY says, so that the writer is judged by another rule than its own.
const backslash: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' }
const decodeField = (field: string) =>
  field === '\\N' ? null : field.replace(/\\(.)/g, (_, letter: string) => backslash[letter]!)
const decode = (bytes: Uint8Array) =>
  new TextDecoder()
    .decode(bytes)
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t').map(decodeField))

test('every text comes back, with its tabs, line ends and backslashes', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '𝕏', ' ', '\t', '\n', '\r', '\\', 'N', '.', 't') })
  const row = fc.tuple(fc.option(text), fc.option(text))
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(decode(copyText(rows))).toEqual(rows)
    }),
  )
})

test('other values are written as PostgreSQL reads them', () => {
  const rows = [[1.5, true, false, undefined, { a: ['x\ty'] }, new Date(0), 12n]]
  expect(new TextDecoder().decode(copyText(rows))).toBe(
    '1.5\tt\tf\t\\N\t{"a":["x\\\\ty"]}\t1970-01-01T00:00:00.000Z\t12\n',
  )
  expect(copyText([])).toEqual(new Uint8Array())
})
