import fc from 'fast-check'
import { expect, test } from 'vitest'
import { modes } from '../../model.ts'
import { hashOf, screenOf, type Screen } from './screens.ts'

test('nothing, or what nobody knows, is home', () => {
  for (const hash of ['', '#', '#/', '#/inconnu/1', '#/visite', '#/groupe', '#/entreprise'])
    expect(screenOf(hash)).toEqual({ name: 'home' })
})

test('the address of a screen leads to it', () => {
  const mode = fc.constantFrom(...modes)
  const visit = fc.uuid()
  const slug = fc.stringMatching(/^[a-z]+(-[a-z]+)?$/)
  const screen: fc.Arbitrary<Screen> = fc.oneof(
    fc.record({ name: fc.constant('find' as const), mode }),
    fc.record({ name: fc.constant('create' as const), mode }),
    fc.record({ name: fc.constant('before' as const), mode, siret: fc.stringMatching(/^\d{14}$/) }),
    fc.record({ name: fc.constantFrom('visit' as const, 'consent' as const, 'others' as const), visit }),
    fc.record({ name: fc.constant('section' as const), visit, section: slug }),
    fc.record({ name: fc.constant('question' as const), visit, item: slug }),
    fc.record({
      name: fc.constant('group' as const),
      visits: fc.array(visit, { minLength: 1, maxLength: 6 }),
      item: fc.option(slug),
    }),
  )
  fc.assert(fc.property(screen, (one) => void expect(screenOf(hashOf(one))).toEqual(one)))
})
