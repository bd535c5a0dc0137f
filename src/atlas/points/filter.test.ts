import { expect, test } from 'vitest'
import { filterKey, filterOf } from './filter.ts'
import { everything } from './testing.ts'

test('queries that mean the same have one key', () => {
  const one = filterKey({
    ...everything,
    sectors: ['food', 'making'],
    metiers: ['b', 'a'],
    employees: ['01', '11'],
    q: 'Café  noir',
  })
  const other = filterKey({
    ...everything,
    sectors: ['making', 'food'],
    metiers: ['a', 'b'],
    employees: ['11', '01'],
    q: 'cafe NOIR!',
  })
  expect(one).toBe(other)
})

test('queries that differ have different keys', () => {
  const changes = [
    {},
    { craft: 'craft' },
    { craft: 'craft', state: 'open' },
    { state: 'open' },
    { state: 'closed' },
    { territory: '82' },
    { q: '82' },
    { sectors: ['food'] },
    { metiers: ['food'] },
    { createdFrom: 2000 },
    { createdTo: 2000 },
    { bbox: [0, 0, 1, 1] },
    { bbox: [0, 0, 1, 1.5] },
    { employees: ['01'] },
  ] as const
  const keys = changes.map((change) => filterKey({ ...everything, ...change } as typeof everything))
  expect(new Set(keys).size).toBe(keys.length)
})

test('a query whose territory or text is not resolved makes no filter', () => {
  expect(() => filterOf({ ...everything, territory: '82' })).toThrow('territory 82')
  expect(() => filterOf({ ...everything, q: 'potier' })).toThrow('text')
  expect(filterOf({ ...everything, territory: '82', q: 'potier' }, { communes: new Set(), ids: [] })).toMatchObject({
    ids: [],
  })
})

test('a text without a word is no condition, as in SQL', () => {
  expect(filterOf({ ...everything, q: ' — ' }, { communes: null, ids: [] }).ids).toBe(null)
})
