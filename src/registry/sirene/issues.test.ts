import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskValue } from './issues.ts'

test('codes, dates and numbers are shown', () => {
  expect(maskValue('siret', '42082007800013')).toBe('42082007800013')
  expect(maskValue('siret', '4.21E+13')).toBe('4.21E+13')
  expect(maskValue('dateCreationEtablissement', '5015-04-05')).toBe('5015-04-05')
  expect(maskValue('activitePrincipaleEtablissement', '1105')).toBe('1105')
  expect(maskValue('coordonneeLambertAbscisseEtablissement', '-12.5')).toBe('-12.5')
})

test('what may be a name is not', () => {
  expect(maskValue('enseigne1Etablissement', 'BOULANGERIE.')).toBe('B… (12 caractères)')
  expect(maskValue('libelleVoieEtablissement', '12')).toBe('1… (2 caractères)')
  expect(maskValue('etatAdministratifEtablissement', 'X')).toBe('X… (1 caractère)')
})

test('nor is a name that slipped into a column of codes', () => {
  const name = fc.stringMatching(/^[A-ZÉÈÏ]{3,12}( [0-9A-Z]{1,4})?$/)
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('siret', 'dateDebut', 'codePostalEtablissement', 'x', 'siren'),
      (text, column) => {
        expect(maskValue(column, text)).toBe(`${text[0]}… (${text.length} caractères)`)
      },
    ),
  )
})
