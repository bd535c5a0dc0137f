import fc from 'fast-check'
import { expect, test } from 'vitest'
import { communeWords, jaroWinkler, likeness, nameWords, rarityOf, streetOf } from './words.ts'

test('Jaro–Winkler gives the values of Winkler’s own tables', () => {
  const published: [string, string, number][] = [
    ['martha', 'marhta', 0.961],
    ['dwayne', 'duane', 0.84],
    ['dixon', 'dicksonx', 0.813],
    ['jones', 'johnson', 0.832],
    ['abc', 'xyz', 0],
    ['', '', 1],
    ['', 'a', 0],
  ]
  for (const [a, b, value] of published) expect(jaroWinkler(a, b), `${a} ${b}`).toBeCloseTo(value, 2)
})

test('likeness does not depend on the order of the two, lies between 0 and 1, and is 1 for the same words', () => {
  const words = fc.array(fc.constantFrom('lapepie', 'brasserie', 'turbine', 'saint', 'lac', 'parc', '3r', 'zinc'), {
    maxLength: 5,
  })
  const rarity = rarityOf(['Brasserie du lac', 'Brasserie du parc', 'La Turbine'])
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [one, other] = [likeness(a, b, rarity), likeness(b, a, rarity)]
      expect(one.similarity).toBeCloseTo(other.similarity, 12)
      expect(one.inside).toBe(other.inside)
      expect(one.similarity).toBeGreaterThanOrEqual(0)
      expect(one.similarity).toBeLessThanOrEqual(1)
      if (a.length > 0) expect(likeness(a, a, rarity).similarity).toBe(1)
    }),
  )
})

test('names are alike in spite of slips, abbreviations and legal forms, and not for a common word', () => {
  const rarity = rarityOf(['Brasserie Lapepie', 'Brasserie du lac', 'Brasserie du parc', 'Brasserie de la Turbine'])
  const alike = (a: string, b: string) => likeness(nameWords(a), nameWords(b), rarity).similarity
  expect(alike('S.A.R.L. Brass. Lapépie', 'SARL BRASSERIE LAPEPIE')).toBeGreaterThan(0.95)
  expect(alike('Brasserie Lapepi', 'BRASSERIE LAPEPIE')).toBeGreaterThan(0.9)
  expect(alike('Brasse rie Lapepie', 'BRASSERIE LAPEPIE')).toBeGreaterThan(0.9)
  expect(alike('Brasserie du Lac', 'Brasserie du Parc')).toBeLessThan(0.5)
  expect(alike('Brasserie 12', 'Brasserie 13')).toBeLessThan(0.5)
  expect(alike('SARL', 'SARL Lapepie')).toBeLessThan(0.5)
  expect(likeness(nameWords('Lapepie'), nameWords('Brasserie Lapepie et fils'), rarity).inside).toBe(true)
})

test('a street is read in full, with its number', () => {
  expect(streetOf('12 bis, av. du Gal Leclerc')).toEqual({ number: '12', words: ['general', 'leclerc'] })
  expect(streetOf('12 AVENUE DU GENERAL LECLERC')).toEqual({ number: '12', words: ['general', 'leclerc'] })
  expect(streetOf('Grande Rue')).toEqual({ number: null, words: ['grande'] })
  expect(streetOf('ZA')).toEqual({ number: null, words: ['za'] })
  expect(streetOf('')).toEqual({ number: null, words: [] })
})

test('a commune is compared in full, without CEDEX or arrondissement', () => {
  expect(communeWords('ST-ETIENNE-DE-TULMONT')).toBe('saint etienne de tulmont')
  expect(communeWords('Montauban CEDEX 9')).toBe('montauban')
  expect(communeWords('Paris 11e')).toBe('paris')
  expect(communeWords('Villeneuve s/ Lot')).toBe('villeneuve sur lot')
})
