import fc from 'fast-check'
import { expect, test } from 'vitest'
import { workshopMessages } from './messages.ts'
import { degreesOf, numberOf, wordsOf } from './words.ts'

test('numbers are read as people type them', () => {
  expect(numberOf(' 3,5 ')).toBe(3.5)
  expect(numberOf('1 200')).toBe(1200)
  expect(numberOf('−4')).toBe(-4)
  for (const wrong of ['', 'dix', '3,5,1', '1e9']) expect(numberOf(wrong)).toBeNull()
})

test('a number written in French is read back', () => {
  const french = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 })
  fc.assert(fc.property(fc.integer({ min: -1e9, max: 1e9 }), (n) => numberOf(french.format(n / 1000)) === n / 1000))
})

test('degrees stay on the earth', () => {
  expect(degreesOf('44,0181', 90)).toBe(44.0181)
  expect(degreesOf('91', 90)).toBeNull()
  expect(degreesOf('91', 180)).toBe(91)
})

test('a value is said in words', () => {
  const saying = { t: workshopMessages.fr, lang: 'fr' as const, nameOf: () => 'Atelier Chêne' }
  const say = (value: Parameters<typeof wordsOf>[0]) => wordsOf(value, undefined, saying)
  expect(say({ kind: 'answer', answer: 'partly' })).toBe('En partie')
  expect(say({ kind: 'number', number: 3.5, unit: 'people' })).toBe('3,5 personnes')
  expect(say({ kind: 'enterprise', siret: '1' })).toBe('Atelier Chêne')
  expect(say({ kind: 'file', file: 'x' })).toBe('une photo')
})
