import { expect, test } from 'vitest'
import type { Guide, GuideItem } from '../../model.ts'
import type { CurrentAnswer } from '../device/fold.ts'
import { askedOf, besides, nextOpen, partsOf } from './walk.ts'

const label = { fr: 'x', en: 'x' }
const item = (id: string, section: string, given: Partial<GuideItem> = {}): GuideItem => ({
  id,
  pillar: 'social',
  section,
  kind: 'answer',
  label,
  question: label,
  iso26000: '6.4',
  strength: false,
  windowDays: null,
  ...given,
})
const guide: Guide = {
  version: 1,
  title: label,
  publishedOn: '2026-11-01',
  sections: [
    { id: 's', pillar: 'social', label },
    { id: 't', pillar: 'social', label },
    { id: 'food', pillar: 'social', label },
  ],
  items: [
    item('a', 's'),
    item('b', 's', { relevance: { when: { item: 'a', in: ['yes'] } } }),
    item('c', 't'),
    item('d', 'food', { relevance: { sectors: ['food'] } }),
  ],
}
const visit = (given: Record<string, 'yes' | 'no'>) => ({
  answers: new Map(
    Object.entries(given).map(([id, answer]): [string, CurrentAnswer] => [
      id,
      {
        entry: {
          type: 'answer',
          id,
          contribution: 'v',
          at: '',
          item: id,
          value: { kind: 'answer', answer },
          comment: null,
        },
        earlier: [],
        state: 'waiting',
        code: null,
        message: null,
      },
    ]),
  ),
})
const wood = { sector: 'making', metier: null }
const ids = (items: readonly GuideItem[]) => items.map(({ id }) => id)

test('only what concerns the enterprise is asked, and what an answer opens', () => {
  expect(ids(askedOf(guide, visit({}), wood))).toEqual(['a', 'c'])
  expect(ids(askedOf(guide, visit({ a: 'yes' }), wood))).toEqual(['a', 'b', 'c'])
  expect(ids(askedOf(guide, visit({}), { sector: null, metier: null }))).toEqual(['a', 'c', 'd'])
})

test('sections tell how many of their questions have an answer; empty ones are left out', () => {
  const given = visit({ a: 'yes' })
  const parts = partsOf(guide, askedOf(guide, given, wood), given)
  expect(parts.map(({ section, items, done }) => [section.id, items.length, done])).toEqual([
    ['s', 2, 1],
    ['t', 1, 0],
  ])
})

test('the next question is the first without an answer, from here and then from the start', () => {
  const asked = askedOf(guide, visit({ c: 'no' }), wood)
  expect(nextOpen(asked, visit({ c: 'no' }), 'c')?.id).toBe('a')
  expect(nextOpen(asked, visit({}), 'a')?.id).toBe('c')
  expect(nextOpen(asked, visit({ a: 'no', c: 'no' }), null)).toBeNull()
})

test('before and after a question', () => {
  const asked = askedOf(guide, visit({}), wood)
  expect(besides(asked, 'a')).toMatchObject({ place: 0, previous: null, next: { id: 'c' } })
  expect(besides(asked, 'gone')).toMatchObject({ place: -1, previous: null, next: null })
})
