import { expect, test } from 'vitest'
import { parseAgreement, parseScope } from './form.ts'

function formOf(fields: Record<string, string | string[]>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) for (const one of [value].flat()) form.append(name, one)
  return form
}
const filled = { audience: 'public', uses: ['atlas', 'teaching'], until: '', textVersion: 'image-1', read: 'on' }

test('a form says who, what for and until when', () => {
  expect(parseScope(formOf(filled))).toEqual({ audience: 'public', uses: ['atlas', 'teaching'], until: null })
  expect(parseScope(formOf({ ...filled, until: '2031-02-03' })).until).toBe('2031-02-03')
})

test.each([
  ['no audience', { audience: '' }, 'audience'],
  ['an audience that does not exist', { audience: 'friends' }, 'audience'],
  ['no use', { uses: [] }, 'uses'],
  ['uses that do not exist', { uses: ['advertising'] }, 'uses'],
  ['everybody, without a use that shows', { uses: ['research'] }, 'uses'],
  ['a text that was not read', { read: '' }, 'read'],
])('%s is refused, with the field', (_, change, field) => {
  expect(() => parseAgreement(formOf({ ...filled, ...change }))).toThrow(
    expect.objectContaining({ status: 400, fields: [expect.objectContaining({ field }) as unknown] }),
  )
})

test('what is not said is the most careful: the holder, an adult, on a screen', () => {
  expect(parseAgreement(formOf(filled))).toMatchObject({
    by: 'holder',
    ageClass: 'adult',
    way: 'screen',
    textLang: 'fr',
  })
  const minor = formOf({
    ...filled,
    ageClass: 'minor',
    by: 'guardian',
    guardian: ' A. B. ',
    way: 'paper',
    evidence: 'x',
  })
  expect(parseAgreement(minor)).toMatchObject({ by: 'guardian', ageClass: 'minor', guardian: 'A. B.', way: 'paper' })
})
