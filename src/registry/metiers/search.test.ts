import fc from 'fast-check'
import { expect, test } from 'vitest'
import { referenceMetiers } from './reference.ts'
import { createMetierIndex, errorsBetween, searchMetierIndex, stemOf } from './search.ts'

const metiers = referenceMetiers()
const index = createMetierIndex(metiers)
const search = (text: string, limit = 8) => searchMetierIndex(index, text, limit).map((one) => one.slug)

test.each([
  ['boulangère', 'boulanger-patissier'],
  ['BOULANGERES', 'boulanger-patissier'],
  ['boulange', 'boulanger-patissier'],
  ['pain', 'boulanger-patissier'],
  ['plonbier', 'plombier'],
  ['coifeuse', 'coiffeur'],
  ['électricienne', 'electricien'],
  ['electrissien', 'electricien'],
  ['maçonne', 'macon'],
  ['tailleur de pierres', 'tailleur-de-pierre'],
  ['luthier', 'facteur-instruments-musique'],
  ['vannerie', 'boisselier-tourneur-vannier'],
  ['maréchal ferrant', 'marechal-ferrant'],
  ['ebeniste', 'ebeniste'],
  ['food truck', 'cuisinier-plats-a-emporter'],
  ['stonemason', 'tailleur-de-pierre'],
  ['réparation de vélos', 'retoucheur-reparateur-cycles'],
  ['maître verrier', 'verrier'],
  ['taxis', 'taxi-vtc'],
  ['restauration de tableaux', 'restaurateur-objets-art'],
  ['ébéniste restaurateur', 'ebeniste'],
])('« %s » finds %s first', (text, slug) => {
  expect(search(text)[0]).toBe(slug)
})

test('what looks like nothing finds nothing', () => {
  for (const text of ['', '  ', 'de la', 'xqzwkj', '82121', '%', '🥖']) expect(search(text), text).toEqual([])
})

test('a limit is kept', () => {
  expect(search('fabricant', 3)).toHaveLength(3)
  expect(search('fabricant', 0)).toEqual([])
})

test('every craft is found first by its French or English name, alone or in the plural', () => {
  for (const { slug, label, plural } of metiers)
    for (const text of [label.fr, label.en, plural.fr]) expect(search(text)[0], text).toBe(slug)
})

const typed = fc.record({
  metier: fc.constantFrom(...metiers),
  at: fc.nat(),
  kind: fc.constantFrom('drop', 'swap', 'double'),
})

test('one typing error in a long word still finds the craft', () => {
  fc.assert(
    fc.property(typed, ({ metier, at, kind }) => {
      const words = metier.label.fr.split(/[\s’,-]+/)
      const word = words.toSorted((a, b) => b.length - a.length)[0]!
      fc.pre(word.length >= 7)
      const cut = 1 + (at % (word.length - 2))
      const [start, here, end] = [word.slice(0, cut), word[cut]!, word.slice(cut + 1)]
      const wrong = {
        drop: start + end,
        double: start + here + here + end,
        swap: start + (end[0] ?? '') + here + end.slice(1),
      }[kind]!
      // « Cirier », one letter from « cidrier », is a craft's own word.
      fc.pre(wrong !== 'Cirier')
      expect(search(wrong, 20), `${wrong} for ${word}`).toContain(metier.slug)
    }),
    { numRuns: 400 },
  )
})

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })

test('typing errors are counted alike from both sides, and never more than allowed', () => {
  expect(errorsBetween('glacier', 'galcier', 2)).toBe(1)
  expect(errorsBetween('electrisien', 'electricien', 2)).toBe(1)
  expect(errorsBetween('macon', 'peintre', 2)).toBe(3)
  fc.assert(
    fc.property(word, word, (a, b) => {
      const errors = errorsBetween(a, b, 9)
      expect(errorsBetween(b, a, 9)).toBe(errors)
      expect(errors === 0).toBe(a === b)
      expect(errors).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      expect(errors).toBeLessThanOrEqual(Math.max(a.length, b.length))
      expect(errorsBetween(a, b, 2)).toBe(Math.min(errors, 3))
    }),
  )
})

test('inflected forms have one stem', () => {
  for (const [one, other] of [
    ['boulanger', 'boulangere'],
    ['coiffeur', 'coiffeuses'],
    ['restaurateur', 'restauratrice'],
    ['electricien', 'electriciennes'],
    ['macon', 'maconne'],
    ['tonnelier', 'tonneliere'],
    ['artisan', 'artisane'],
  ])
    expect(stemOf(one!)).toBe(stemOf(other!))
})
