import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { carriesName, holderOf, publicName, publicSign } from './names.ts'

const holder = (family: string, ...given: string[]) => holderOf([family], given)!

describe('a sign that carries its holder’s name', () => {
  test.each([
    ['DUPONT PLOMBERIE', 'as a word'],
    ['Plomberie dupont', 'in lower case'],
    ['CHEZ ANAÏS', 'by the given name'],
    ['ANAIS COIFFURE', 'without its accents'],
    ['DUPONT-COIFF', 'hyphenated'],
    ['DUPONTCOIFF', 'joined'],
    ['ATELIERDUPONT', 'joined at the end'],
    ['A. DUPONT', 'with an initial'],
    ['ADUPONT', 'with an initial joined'],
    ['DU PONT BOIS', 'in two words'],
    ['D U P O N T', 'spelt out'],
    ['D.U.P.O.N.T. DECO', 'spelt out with points'],
    ['ANAISDUPONT', 'whole and joined'],
    ['AD COIFFURE', 'by its initials'],
    ['A.D. COIFFURE', 'by its initials with points'],
    ['D.A. DÉCO', 'by its initials reversed'],
    ['L’ATELIER D’ANAÏS', 'after an elision'],
  ])('%s %s is hidden', (sign) => {
    expect(carriesName(sign, holder('DUPONT', 'ANAÏS'))).toBe(true)
  })

  test.each(['LE FOURNIL', 'PLOMBERIE DES PONTS', 'LE CADRE', 'DÉCO ET CIE', 'BRASSERIE LA POULETTE'])(
    '%s is not hidden',
    (sign) => {
      expect(carriesName(sign, holder('DUPONT', 'ANAÏS'))).toBe(false)
    },
  )

  test('short names hide as words, not inside others', () => {
    const one = holder('LY', 'LÉA')
    expect(carriesName('LY COUTURE', one)).toBe(true)
    expect(carriesName('LEA NAILS', one)).toBe(true)
    expect(carriesName('LEALY', one)).toBe(true)
    expect(carriesName('LLY', one)).toBe(true)
    expect(carriesName('LYRE ET VIOLON', one)).toBe(false)
  })

  test('compound names hide by each of their parts, not by their particles', () => {
    const one = holder('DE LA TOUR', 'JEAN-PIERRE', 'MARIE')
    for (const sign of ['LA TOUR', 'CHEZ PIERRE', 'JEANPIERRE', 'DELATOUR BOIS', 'JP TOUR', 'JPT MENUISERIE']) {
      expect(carriesName(sign, one), sign).toBe(true)
    }
    expect(carriesName('LE PAIN DE LA VALLÉE', one)).toBe(false)
  })

  test('names of usage and pseudonyms hide too', () => {
    const one = holderOf(['MARTIN', 'BERNARD', 'ZORRO'], ['LUC'])!
    for (const sign of ['BERNARD BOIS', 'ZORRO', 'MARTIN']) expect(carriesName(sign, one), sign).toBe(true)
  })

  test('any name of four letters or more hides, whatever surrounds it', () => {
    const name = fc.stringMatching(/^[A-Z]{4,10}$/)
    const around = fc.stringMatching(/^[A-Z .'-]{0,12}$/)
    fc.assert(
      fc.property(name, name, around, around, (family, given, before, after) => {
        const one = holder(family, given)
        expect(carriesName(before + family + after, one)).toBe(true)
        expect(carriesName(before + given.toLowerCase() + after, one)).toBe(true)
        expect(carriesName(`${before} ${family.split('').join(' ')} ${after}`, one)).toBe(true)
      }),
    )
  })
})

test('a sign of a holder whose names are not known is hidden', () => {
  for (const [family, given] of [
    ['', 'LUC'],
    ['MARTIN', ''],
    ['[ND]', '[ND]'],
    ['XXXXXX', 'XXXXXX'],
    ['李', '明'],
  ] as const) {
    expect(publicSign(['LE FOURNIL'], holderOf([family], [given])), `${family} ${given}`).toBeNull()
  }
})

test('the first sign that may be shown is', () => {
  expect(publicSign(['MARTIN BOIS', 'L’ÉTABLI', 'LE RABOT'], holder('MARTIN', 'LUC'))).toBe('L’ÉTABLI')
  expect(publicSign(['МАСТЕР', '***'], holder('MARTIN', 'LUC'))).toBeNull()
})

test('masks and withheld values are no names', () => {
  expect(
    publicName(['', '[ND]', '[NON-DIFFUSIBLE]', 'NOM6730', 'NOM 0316', 'PRENOM30 NOM6730', 'XXXXXX', 'ORFÈVRE SARL']),
  ).toBe('ORFÈVRE SARL')
  expect(publicName(['[ND]', ''])).toBeNull()
})
