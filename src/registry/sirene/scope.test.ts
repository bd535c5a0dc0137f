import { expect, test } from 'vitest'
import { departementOf } from './scope.ts'

test.each([
  ['82121', '', '82'],
  ['2A004', '20000', '2A'],
  ['97411', '97400', '974'],
  ['98735', '98713', '987'],
  ['', '82000', '82'],
  ['', '20137', '2A'],
  ['', '20200', '2B'],
  ['', '97400', '974'],
  ['', '97133', '977'],
  ['99109', '82000', '82'],
  ['82121', '31000', '82'],
  ['', '', null],
  ['8212', '8200', null],
])('commune « %s » and postcode « %s » are in %s', (commune, postcode, departement) => {
  expect(departementOf(commune, postcode)).toBe(departement)
})
