import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeAlphabet, codeLength, groupCode, isSiret, readCode } from './model.ts'

test('a code is read however it is typed, and nothing else is a code', () => {
  const code = fc.string({ unit: fc.constantFrom(...codeAlphabet), minLength: codeLength, maxLength: codeLength })
  fc.assert(
    fc.property(code, (one) => {
      expect(readCode(groupCode(one))).toBe(one)
      expect(readCode(` ${one.toLowerCase().match(/../g)!.join(' ')} `)).toBe(one)
      expect(readCode(one.slice(1))).toBeNull()
      expect(readCode(`O${one.slice(1)}`)).toBeNull()
    }),
  )
  expect([...codeAlphabet].filter((one) => 'IL1O0U'.includes(one))).toEqual([])
})

test('a SIRET is known by its checksum', () => {
  expect(isSiret('73282932000074')).toBe(true)
  expect(isSiret('73282932000075')).toBe(false)
  expect(isSiret('35600000049837')).toBe(true)
  expect(isSiret('7328293200007')).toBe(false)
  expect(isSiret('')).toBe(false)
})
