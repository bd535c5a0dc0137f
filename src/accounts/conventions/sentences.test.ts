import { expect, test } from 'vitest'
import type { ClauseText } from './model.ts'
import { frenchClause } from './sentences.ts'

const clause: ClauseText = {
  id: '1',
  action: 'read',
  items: null,
  pillars: null,
  territory: null,
  territoryName: null,
  territoryKind: null,
  purpose: 'survey',
}
const say = (changes: Partial<ClauseText>) => frenchClause({ ...clause, ...changes }, { energie: 'Énergie' })
const place = (territoryKind: string, territoryName: string | null) =>
  say({ territory: '82', territoryKind, territoryName })

test('a clause reads as a French sentence', () => {
  expect(say({})).toBe('Lire tout, partout, pour l’enquête')
  expect(say({ action: 'contribute', pillars: ['environment', 'social'], purpose: 'research' })).toBe(
    'Ajouter ou corriger ce qui touche à l’environnement et à la vie sociale, partout, pour la recherche',
  )
  expect(say({ items: ['energie', 'eau'] })).toBe('Lire « Énergie » et « eau », partout, pour l’enquête')
  expect(say({ items: ['energie'], pillars: ['register'] })).toBe(
    'Lire ce qui touche à l’identité de l’entreprise, et « Énergie », partout, pour l’enquête',
  )
})

test('a territory is named as one says it', () => {
  expect(place('commune', 'Montauban')).toBe('Lire tout, à Montauban, pour l’enquête')
  expect(place('commune', 'Le Fau')).toBe('Lire tout, au Fau, pour l’enquête')
  expect(place('departement', 'Tarn-et-Garonne')).toBe('Lire tout, dans le département Tarn-et-Garonne, pour l’enquête')
  expect(place('custom', 'Pays Midi-Quercy')).toBe('Lire tout, dans le territoire Pays Midi-Quercy, pour l’enquête')
  expect(place('commune', null)).toBe('Lire tout, dans le territoire 82, pour l’enquête')
})
