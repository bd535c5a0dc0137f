import { expect, test } from 'vitest'
import { parseValue } from '../../statements/values.ts'
import type { Guide, GuideItem } from '../model.ts'
import { latestGuide } from './guides.ts'
import { guideStatementItems } from './items.ts'

const label = (text: string) => ({ fr: text, en: text })
const item = (id: string, more: Partial<GuideItem> = {}): GuideItem => ({
  id,
  pillar: 'social',
  section: 'one',
  kind: 'answer',
  label: label(id),
  question: label(`${id} ?`),
  iso26000: '6.8',
  strength: false,
  windowDays: null,
  ...more,
})
const guide = (version: number, items: GuideItem[]): Guide => ({
  version,
  title: label('Guide'),
  publishedOn: '2026-11-25',
  sections: [{ id: 'one', pillar: 'social', label: label('Un') }],
  items,
})

test('each item of the guide may be stated, kept out of the plain correction page, under its ceiling', () => {
  const items = guideStatementItems()
  expect(items.map(({ id }) => id)).toEqual(latestGuide().items.map(({ id }) => id))
  expect(items.every(({ via, personal }) => via === 'survey' && !personal)).toBe(true)
  expect(items.find(({ id }) => id === 'learned-from')).toEqual({
    id: 'learned-from',
    pillar: 'social',
    kind: 'person',
    label: { fr: 'Personne qui a transmis le geste', en: 'Person who handed down the gesture' },
    ceiling: 'body',
    personal: false,
    windowDays: null,
    via: 'survey',
  })
})

test('every answer that the guide offers is a value that statements take', () => {
  for (const one of guideStatementItems()) {
    if (one.kind === 'answer')
      for (const answer of ['yes', 'no', 'partly', 'unknown'])
        expect(parseValue(one, { kind: 'answer', answer })).toEqual({ kind: 'answer', answer })
    for (const { id } of one.choices ?? [])
      expect(parseValue(one, { kind: 'choice', choice: id })).toEqual({ kind: 'choice', choice: id })
    if (one.kind === 'number')
      expect(() => parseValue(one, { kind: 'number', number: 3, unit: one.unit })).not.toThrow()
  }
})

test('over versions the latest wins, dropped items stay last, and dropped choices keep their words', () => {
  const choice = (id: string, text = id) => ({ id, label: label(text) })
  const first = guide(1, [
    item('gone', { label: label('parti') }),
    item('kept', { label: label('avant'), windowDays: 30 }),
    item('picked', { kind: 'choice', choices: [choice('a'), choice('b', 'ancien')] }),
  ])
  const second = guide(2, [
    item('picked', { kind: 'choice', choices: [choice('c'), choice('a', 'nouveau')] }),
    item('kept', { label: label('après'), ceiling: 'partners' }),
    item('new'),
  ])
  const third = guide(3, [item('picked', { kind: 'choice', choices: [choice('c'), choice('d')] }), item('kept')])
  const union = guideStatementItems([first, second, third])
  expect(union.map(({ id }) => id)).toEqual(['picked', 'kept', 'new', 'gone'])
  expect(union[0]!.choices).toEqual([choice('c'), choice('d'), choice('a', 'nouveau'), choice('b', 'ancien')])
  expect(guideStatementItems([first, second])[1]).toMatchObject({
    label: label('après'),
    ceiling: 'partners',
    windowDays: null,
  })
  expect(union[3]!.label).toEqual(label('parti'))
})
