import { expect, test } from 'vitest'
import { displayValue } from './display.ts'
import { HourlyLimiter } from './limiter.ts'
import type { Item, ValueKind } from './model.ts'
import { checkSaying } from './saying.ts'
import { parseForm, parseValue } from './values.ts'

const item = (kind: ValueKind, more: Partial<Item> = {}): Item => ({
  id: 'x',
  subject: 'enterprise',
  pillar: 'register',
  kind,
  label: { fr: 'X', en: 'X' },
  personal: false,
  windowDays: null,
  ...more,
})

test.each([
  [item('number', { unit: 'm2' }), { number: '1 250,5' }, '1 250,5 m²'],
  [item('period'), { period: '1950~' }, 'vers 1950'],
  [item('period'), { period: '1950/1960' }, 'de 1950 à 1960'],
  [item('period'), { period: '195X' }, 'années 1950'],
  [item('period'), { period: '1987/..' }, 'depuis 1987'],
  [item('text', { link: true }), { text: 'Mon-Atelier.fr' }, 'https://mon-atelier.fr/'],
  [item('place'), { lat: '44,0181', lon: '1.3552', quality: 'address' }, '44,0181 ; 1,3552 (à l’adresse)'],
  [item('enterprise'), { siret: '732 829 320 00074' }, '73282932000074'],
  [item('answer'), { answer: 'partly' }, 'en partie'],
])('%# a form is read and shown in French', (one, fields, shown) => {
  expect(displayValue(parseForm(one, fields), 'fr').replace(/[\u00a0\u202f]/g, ' ')).toBe(shown)
})

test.each([
  [item('number', { unit: 'm' }), { number: 'beaucoup' }, 'number'],
  [item('period'), { period: 'jadis' }, 'period'],
  [item('text', { longest: 3 }), { text: 'abcd' }, 'text'],
  [item('text'), { text: '   ' }, 'text'],
  [item('text', { link: true }), { text: 'http://atelier.fr' }, 'text'],
  [item('text', { link: true }), { text: 'https://localhost/' }, 'text'],
  [item('place'), { lat: '91', lon: '1', quality: 'address' }, 'lat'],
  [item('place'), { lat: '', lon: '1', quality: 'address' }, 'lat'],
  [item('answer', { choices: [{ id: 'yes', label: { fr: 'oui', en: 'yes' } }] }), { answer: 'no' }, 'answer'],
])('%# what is wrong is named', (one, fields, field) => {
  expect(() => parseForm(one, fields)).toThrow(
    expect.objectContaining({ status: 400, fields: [expect.objectContaining({ field })] as unknown }) as Error,
  )
})

test('a value of another kind than its item’s is refused', () => {
  expect(() => parseValue(item('text'), { kind: 'answer', answer: 'yes' })).toThrow(
    expect.objectContaining({ status: 400 }) as Error,
  )
})

test('a day to come, no method and a dangerous source are refused, each by its name', () => {
  const saying = { subject: { kind: 'enterprise', id: '1' }, item: 'x', value: null, as: 'citizen' as const }
  const check = (more: object) => () => checkSaying({ ...saying, method: 'online', ...more })
  const refused = (field: string) =>
    expect.objectContaining({ fields: [expect.objectContaining({ field })] as unknown }) as Error
  expect(check({ saidOn: '2999-01-01' })).toThrow(refused('saidOn'))
  expect(check({ saidOn: '2026-02-31' })).toThrow(refused('saidOn'))
  expect(check({ method: 'guess' })).toThrow(refused('method'))
  expect(check({ evidence: 'javascript:alert(1)' })).toThrow(refused('evidence'))
  expect(check({ saidOn: '2026-01-31', evidence: 'https://a.fr/b' })()).toMatchObject({ saidOn: '2026-01-31' })
})

test('ten acts an hour pass from one address, the eleventh after an hour', () => {
  const limiter = new HourlyLimiter(10)
  for (let n = 0; n < 10; n++) limiter.pass('a', n)
  expect(() => limiter.pass('a', 20)).toThrow(expect.objectContaining({ status: 429 }) as Error)
  limiter.pass('b', 20)
  limiter.pass('a', 3_600_000)
  expect(() => limiter.pass('a', 3_600_000)).toThrow()
})
