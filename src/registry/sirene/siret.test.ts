import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compact, isSiren, isSiret, siretProblem } from './siret.ts'
import { checkDigit, siretAt } from './testing.ts'

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))

describe('Luhn', () => {
  test('thirteen digits have exactly one last digit that makes a SIRET', () => {
    fc.assert(
      fc.property(digits(13), (start) => {
        fc.pre(!start.startsWith('000000000') && !start.startsWith('356000000'))
        const right = '0123456789'.split('').filter((last) => isSiret(start + last))
        expect(right).toEqual([checkDigit(start)])
      }),
    )
  })

  test('one wrong digit, or two neighbours exchanged but 0 and 9, are always seen', () => {
    fc.assert(
      fc.property(fc.nat(50_000_000), fc.nat(13), fc.integer({ min: 1, max: 9 }), (n, place, shift) => {
        const siret = siretAt(n)
        const wrong = siret.slice(0, place) + ((Number(siret[place]) + shift) % 10) + siret.slice(place + 1)
        fc.pre(!wrong.startsWith('356000000'))
        expect(siretProblem(wrong)).toBe('siret.checksum')
        const [a, b] = [siret[place]!, siret[place + 1] ?? siret[place]!]
        fc.pre(a !== b && a + b !== '09' && a + b !== '90')
        expect(isSiret(siret.slice(0, place) + b + a + siret.slice(place + 2))).toBe(false)
      }),
    )
  })

  test('a SIREN has nine digits and its own check', () => {
    expect(isSiren('732829320')).toBe(true)
    expect(isSiren('732829321')).toBe(false)
    expect(isSiren('000000000')).toBe(false)
    expect(isSiren('73282932')).toBe(false)
  })
})

test('La Poste: its head office passes Luhn, its others by the sum of their digits', () => {
  expect(isSiret('35600000000048')).toBe(true)
  expect(isSiret('35600000049837')).toBe(true)
  expect(isSiret('35600000049838')).toBe(false)
  expect(isSiret('35600000000031')).toBe(false)
})

test('what spreadsheets do to a SIRET is told', () => {
  expect(siretProblem('05880034000011')).toBe('siret.checksum')
  expect(siretProblem('588003400011')).toBe('siret.leading_zeros')
  expect(siretProblem('4575098100065')).toBe('siret.leading_zeros')
  expect(siretProblem('4.21E+13')).toBe('siret.scientific')
  expect(siretProblem('4,20820078E13')).toBe('siret.scientific')
  expect(siretProblem('')).toBe('siret.missing')
  expect(siretProblem('4208200780001')).toBe('siret.length')
  expect(siretProblem('420820078000122')).toBe('siret.length')
  expect(siretProblem('42082007800O12')).toBe('siret.format')
  expect(siretProblem('00000000000000')).toBe('siret.checksum')
  expect(siretProblem('42082007800012')).toBeNull()
})

test('spaces that people write in a SIRET are no fault', () => {
  expect(compact('420 820 078 00012')).toBe('42082007800012')
  expect(compact('420\u00a0820\u202f078')).toBe('420820078')
})
