import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Pack, PackEnterprise } from '../../model.ts'
import { askedLately, byNeed, find, findableOf } from './find.ts'

const enterprise = (siret: string, name: string | null, asked: PackEnterprise['asked'] = null): PackEnterprise => ({
  siret,
  name,
  commune: '82121',
  address: '3 rue de l’Église',
  metier: 'menuisier',
  sector: 'building',
  lon: null,
  lat: null,
  asked,
})
const pack = (enterprises: PackEnterprise[]): Pack => ({
  id: 'p',
  body: 'b',
  territory: { code: '82', name: 'Tarn-et-Garonne' },
  madeAt: '2026-11-01T00:00:00.000Z',
  expiresAt: '2026-12-01T00:00:00.000Z',
  communes: [{ code: '82121', name: 'Montauban', contour: null }],
  metiers: [{ slug: 'menuisier', label: { fr: 'Menuisier, menuisière', en: 'Joiner' }, sector: 'building' }],
  enterprises,
})
const all = findableOf(
  [
    pack([
      enterprise('11111111100011', 'Ébénisterie Cœur de Chêne'),
      enterprise('22222222200022', 'Atelier Chêne'),
      enterprise('33333333300033', null),
    ]),
  ],
  'fr',
)
const sirets = (query: string) => find(all, query, 10).map((one) => one.enterprise.siret)

test('accents, case and ligatures do not matter; the beginning of a word is enough', () => {
  expect(sirets('ebenisterie coeur')).toEqual(['11111111100011'])
  expect(sirets('CHEN')).toEqual(['11111111100011', '22222222200022'])
  expect(sirets('hêne')).toEqual([])
})

test('commune, craft, address and SIRET find too, without a name', () => {
  expect(sirets('montauban menuisier église')).toHaveLength(3)
  expect(sirets('333 333 333')).toEqual(['33333333300033'])
  expect(sirets(' ')).toEqual([])
})

test('a name that begins with the query comes first', () => {
  expect(sirets('atelier')[0]).toBe('22222222200022')
  expect(sirets('chene')).toHaveLength(2)
})

test('an enterprise of two packs is found once', () => {
  const twice = findableOf([pack([enterprise('11111111100011', 'A')]), pack([enterprise('11111111100011', 'A')])], 'fr')
  expect(twice).toHaveLength(1)
})

test('the beginning of any of its words finds an enterprise', () => {
  const beginning = fc.constantFrom(...all).chain((one) =>
    fc.record({
      one: fc.constant(one),
      word: fc.constantFrom(...one.text.trim().split(' ')),
      length: fc.integer({ min: 1, max: 14 }),
    }),
  )
  fc.assert(
    fc.property(beginning, ({ one, word, length }) =>
      find(all, word.slice(0, length), 10).some(({ enterprise: { siret } }) => siret === one.enterprise.siret),
    ),
  )
})

test('a season lasts 120 days', () => {
  const asked = { on: '2026-07-01', body: null }
  expect(askedLately(asked, '2026-10-28T12:00:00.000Z')).toBe(true)
  expect(askedLately(asked, '2026-10-29T12:00:00.000Z')).toBe(false)
  expect(askedLately(null, '2026-07-01T00:00:00.000Z')).toBe(false)
})

test('those never asked come first, then those asked longest ago', () => {
  const list = findableOf(
    [
      pack([
        enterprise('1', 'Zoé', { on: '2026-01-01', body: null }),
        enterprise('2', 'Bois', null),
        enterprise('3', 'Argile', { on: '2025-01-01', body: null }),
        enterprise('4', 'Acier', null),
      ]),
    ],
    'fr',
  )
  expect(byNeed(list).map(({ enterprise: { siret } }) => siret)).toEqual(['4', '2', '3', '1'])
})
