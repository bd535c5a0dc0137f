import { expect, test } from 'vitest'
import { latestGuide } from '../guide/guides.ts'
import { guessColumns } from './columns.ts'
import { readDeliverySheet } from './reading.ts'

const { items } = latestGuide()
const answer = items.find(({ kind }) => kind === 'answer')!
const meaningsOf = (header: string[], ...rows: string[][]) =>
  guessColumns(header, rows, items).map(({ meaning }) => meaning)

test('headers say what columns are, in any order and spelling', () => {
  expect(
    meaningsOf(
      ['Raison sociale', 'N° de SIRET', 'Adresse', 'CP', 'VILLE', 'Activité', 'Date de visite', 'Observations'],
      ['Forge', '732 829 320 00074', '1 rue Haute', '82000', 'Montauban', 'forgeron', '21/03/2026', 'accueil'],
    ),
  ).toEqual(['name', 'siret', 'address', 'postcode', 'commune', 'craft', 'date', 'comment'])
  expect(meaningsOf(['Company', 'Town', 'Comments'], ['Forge', 'Albi', 'x'])).toEqual(['name', 'commune', 'comment'])
})

test('cells say it where headers do not', () => {
  expect(
    meaningsOf(['A', 'B', 'C'], ['73282932000074', '732829320', 'x'], ['44306184100047', '443061841', '']),
  ).toEqual(['siret', 'siren', 'ignored'])
})

test('what is personal is told by its header or by its cells', () => {
  expect(
    meaningsOf(
      ['Entreprise', 'Nom du dirigeant', 'Portable', 'Colonne 7', 'Colonne 8'],
      ['Forge', 'Mme Durand', '', 'a@b.fr', '05 63 00 00 00'],
    ),
  ).toEqual(['name', 'personal', 'personal', 'personal', 'personal'])
  expect(meaningsOf(['Nom', 'Prénom', 'Ville'], ['Durand', 'Odette', 'Albi'])).toEqual([
    'personal',
    'personal',
    'commune',
  ])
})

test('practices are known by their id, their label or their question, in French and English, and nearly', () => {
  const { id, label, question } = answer
  for (const header of [id, `item:${id}`, id.replaceAll('-', '_'), label.fr, label.en, question.fr, `${label.fr} ?`])
    expect(meaningsOf(['SIRET', header], ['73282932000074', 'oui'])[1], header).toBe(`item:${id}`)
  const slipped = label.fr.replace(/([a-z]{4})[a-z]([a-z])/, '$1$2')
  const [, guess] = guessColumns(['SIRET', slipped], [['73282932000074', 'oui']], items)
  expect(guess).toMatchObject({ meaning: `item:${id}` })
  expect(guess!.confidence).toBeLessThan(0.99)
})

test('cells that are no answer make a practice less sure', () => {
  const sure = guessColumns(['x', answer.label.fr], [['', 'oui']], items)[1]!
  const unsure = guessColumns(['x', answer.label.fr], [['', 'vert']], items)[1]!
  expect(unsure.confidence!).toBeLessThan(sure.confidence!)
})

test('only one column is the SIRET; names and addresses may be several', () => {
  expect(
    meaningsOf(['SIRET', 'SIRET', 'Nom', 'Enseigne', 'N° voie', 'Rue'], ['73282932000074', '', 'a', 'b', '1', 'Haute']),
  ).toEqual(['siret', 'ignored', 'name', 'name', 'address', 'address'])
})

test('the sheet that speaks of enterprises is read, below its title, without its blank rows', () => {
  const sheet = readDeliverySheet(
    [
      { name: 'Lisez-moi', rows: [['Bonjour'], ['Voici notre fichier']] },
      {
        name: 'Données',
        rows: [
          ['Enquête de la fédération', '', '', ''],
          ['', '', '', ''],
          ['SIRET', 'Nom', answer.id, 'Tél'],
          ['73282932000074', 'Forge', 'oui', '0563000000'],
          ['', ' ', '', ''],
          ['44306184100047', 'Four', 'non', ''],
        ],
      },
    ],
    items,
  )
  expect(sheet.name).toBe('Données')
  expect(sheet.rows).toEqual([
    { line: 4, cells: ['73282932000074', 'Forge', 'oui', ''] },
    { line: 6, cells: ['44306184100047', 'Four', 'non', ''] },
  ])
})
