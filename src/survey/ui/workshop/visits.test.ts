import { expect, test } from 'vitest'
import type { Mode } from '../../model.ts'
import type { CurrentAnswer } from '../device/fold.ts'
import { countOf, sameDayVisit, sittingsOf, stateOf, type Visit } from './visits.ts'

const visit = (
  id: string,
  at: string,
  given: { mode?: Mode; body?: string; siret?: string; lastAt?: string } = {},
): Visit => ({
  id,
  open: {
    type: 'open',
    id: `o${id}`,
    contribution: id,
    at,
    target: { siret: given.siret ?? '1' },
    guide: 1,
    mode: given.mode ?? 'full',
    body: given.body ?? 'b',
  },
  prospect: null,
  answers: new Map(),
  consent: null,
  counts: { waiting: 0, sent: 0, held: 0, refused: 0 },
  refusals: [],
  unknown: 0,
  lastAt: given.lastAt ?? at,
})
const ids = (sittings: Visit[][]) => sittings.map((visits) => visits.map(({ id }) => id).join(' '))

test('group visits that were opened together stand together, the last touched first', () => {
  const at = (time: string) => `2026-11-25T${time}.000Z`
  const visits = [
    visit('a', at('10:00:00'), { mode: 'group' }),
    visit('b', at('10:00:30'), { mode: 'group', lastAt: at('12:00:00') }),
    visit('c', at('10:05:00'), { mode: 'group' }),
    visit('d', at('10:05:01'), { mode: 'group', body: 'other' }),
    visit('e', at('11:00:00')),
  ]
  expect(ids(sittingsOf(visits))).toEqual(['a b', 'e', 'd', 'c'])
})

test('the state that needs the person most is the one shown', () => {
  const counts = { waiting: 0, sent: 3, held: 0, refused: 0 }
  expect(stateOf({ counts })).toBe('sent')
  expect(stateOf({ counts: { ...counts, held: 1 } })).toBe('held')
  expect(stateOf({ counts: { ...counts, held: 1, waiting: 1 } })).toBe('waiting')
  expect(stateOf({ counts: { ...counts, waiting: 1, refused: 1 } })).toBe('refused')
})

test('choosing an enterprise again on the same day goes on with its visit, in the same mode and name', () => {
  const visits = [visit('a', '2026-11-25T08:00:00.000Z', { siret: '9' })]
  const wanted = { siret: '9', mode: 'full' as const, body: 'b', day: '2026-11-25' }
  expect(sameDayVisit(visits, wanted)?.id).toBe('a')
  expect(sameDayVisit(visits, { ...wanted, day: '2026-11-26' })).toBeNull()
  expect(sameDayVisit(visits, { ...wanted, mode: 'short' })).toBeNull()
  expect(sameDayVisit(visits, { ...wanted, body: null })).toBeNull()
})

test('people count answers and agreements, not what opens a visit', () => {
  const entry = { id: 'e', contribution: 'a', at: '' }
  const value = { kind: 'answer' as const, answer: 'yes' as const }
  const state = { state: 'waiting' as const, code: null, message: null }
  const answer: CurrentAnswer = {
    entry: { ...entry, type: 'answer' as const, item: 'i', value, comment: null },
    earlier: [],
    ...state,
  }
  const agreed = { given: true, audience: 'public' as const, uses: [], textVersion: 't', textLang: 'fr' as const }
  const one: Visit = {
    ...visit('a', '2026-11-25T08:00:00.000Z'),
    answers: new Map([
      ['i', answer],
      ['j', { ...answer, state: 'sent' }],
    ]),
    consent: { entry: { ...entry, type: 'consent', ...agreed }, ...state },
  }
  expect(countOf([one, one], 'waiting')).toBe(4)
  expect(countOf([one], 'refused')).toBe(0)
})
