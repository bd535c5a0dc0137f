import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GuideItem } from '../model.ts'
import type { AnswerCount } from './counts.ts'
import { practicePillars } from './model.ts'
import { traitsOf } from './traits.ts'

const label = { fr: 'x', en: 'x' }
const item = (id: string, more: Partial<GuideItem>): GuideItem => ({
  id,
  pillar: 'environment',
  section: 'materials',
  kind: 'answer',
  label,
  question: label,
  iso26000: '6.5',
  strength: true,
  windowDays: null,
  ...more,
})
const items = [
  item('done', {}),
  item('chosen', { kind: 'choice', choices: ['a', 'b', 'c'].map((id) => ({ id, label })) }),
  item('measured', { kind: 'number', unit: 'km' }),
  item('told', { kind: 'text' }),
]
const count = (one: Partial<AnswerCount>): AnswerCount => ({
  item: 'done',
  kind: 'answer',
  choice: null,
  unit: null,
  enterprises: 0,
  done: 0,
  sum: null,
  largest: null,
  ...one,
})
const said = (choice: string, enterprises: number) =>
  count({ choice, enterprises, done: choice === 'no' || choice === 'unknown' ? 0 : enterprises })
const asked30 = { surveyed: 30, doing: { environment: 0, economic: 0, social: 0 } }
const nobody = { surveyed: 0, doing: { environment: 0, economic: 0, social: 0 } }
const traitOf = (id: string, counts: AnswerCount[]) =>
  traitsOf(items, counts, asked30, 100).items.find((one) => one.item === id)!

test('yes and partly do it, no does not, and who does not know is no answer', () => {
  const trait = traitOf('done', [said('yes', 4), said('partly', 3), said('no', 3), said('unknown', 9)])
  expect(trait).toMatchObject({ state: 'known', answered: 10, doing: 7, share: 0.7 })
  expect(traitOf('done', [said('unknown', 9)])).toMatchObject({ state: 'not_surveyed', doing: null })
  expect(traitOf('done', [count({ kind: null, enterprises: 5 })])).toMatchObject({ state: 'not_surveyed' })
})

test('nobody was asked is not nobody does it', () => {
  const { surveyed, notSurveyed, pillars, items: all } = traitsOf(items, [], nobody, 4912)
  expect([surveyed, notSurveyed]).toEqual([0, 4912])
  expect(pillars.map(({ state }) => state)).toEqual(['not_surveyed', 'not_surveyed', 'not_surveyed'])
  for (const { state, doing } of all) expect([state, doing]).toEqual(['not_surveyed', null])
  expect(traitOf('done', [said('no', 5)])).toMatchObject({ state: 'known', doing: 0, answered: 5 })
})

test('one or two enterprises are withheld, on either side, and so is what would give them away', () => {
  expect(traitOf('done', [said('yes', 2)])).toMatchObject({ state: 'withheld', doing: null, answered: null })
  expect(traitOf('done', [said('yes', 2), said('no', 8)])).toMatchObject({ state: 'withheld', answered: 10 })
  expect(traitOf('done', [said('yes', 9), said('no', 1)])).toMatchObject({
    state: 'known',
    doing: 9,
    answered: null,
    share: null,
  })
  // All but one do it: of those who were surveyed, one is left.
  const nearly = { ...asked30, surveyed: 10 }
  expect(traitsOf(items, [said('yes', 9), said('no', 1)], nearly, 100).items[0]).toMatchObject({
    state: 'withheld',
    doing: null,
    answered: null,
  })
  const chosen = [3, 1, 4].map((enterprises, index) =>
    count({ item: 'chosen', kind: 'choice', choice: 'abc'[index]!, enterprises, done: enterprises }),
  )
  const { choices, ...trait } = traitOf('chosen', chosen)
  expect(trait).toMatchObject({ state: 'known', doing: 8 })
  expect(choices.filter((one) => one.count === null).length).toBeGreaterThan(1)
})

test('an amount of which one enterprise makes nearly all is withheld, the number of enterprises is not', () => {
  const measured = (enterprises: number, sum: number, largest: number, unit = 'km') =>
    traitOf('measured', [
      count({ item: 'measured', kind: 'number', unit, enterprises, done: enterprises, sum, largest }),
    ])
  expect(measured(4, 100, 40)).toMatchObject({ doing: 4, total: { sum: 100, mean: 25, unit: 'km' } })
  expect(measured(4, 100, 85)).toMatchObject({ doing: 4, total: { sum: null, mean: null } })
  expect(measured(2, 100, 50)).toMatchObject({ state: 'withheld', total: null })
  expect(measured(4, 100, 40, 'mile')).toMatchObject({ doing: 4, total: { sum: null } })
})

test('no figure is of one or two enterprises, nor is any difference of two figures of one item', () => {
  const some = fc.nat({ max: 12 })
  fc.assert(
    fc.property(fc.tuple(some, some, some, some), fc.tuple(some, some, some), some, (done, chosen, told) => {
      const counts = [
        ...(['yes', 'partly', 'no', 'unknown'] as const).map((one, index) => said(one, done[index]!)),
        ...chosen.map((enterprises, index) =>
          count({ item: 'chosen', kind: 'choice', choice: 'abc'[index]!, enterprises, done: enterprises }),
        ),
        count({ item: 'told', kind: 'text', enterprises: told, done: told }),
      ].filter(({ enterprises }) => enterprises > 0)
      for (const trait of traitsOf(items, counts, asked30, 100).items) {
        const { doing, answered, choices } = trait
        const shown = choices.flatMap((one) => one.count ?? [])
        const rest =
          answered === null || shown.length === choices.length ? 0 : answered - shown.reduce((a, b) => a + b, 0)
        for (const figure of [doing, answered, ...shown, choices.length > 0 ? rest : 0])
          if (figure !== null) expect([1, 2]).not.toContain(figure)
        if (doing !== null && answered !== null) expect([1, 2]).not.toContain(answered - doing)
      }
    }),
  )
})

test('how many were surveyed is withheld when they are one or two, with how many were not', () => {
  const asked = (surveyed: number, doing: number) =>
    traitsOf(items, [], { surveyed, doing: { environment: doing, economic: 0, social: 0 } }, 50)
  expect(asked(2, 2)).toMatchObject({ surveyed: null, notSurveyed: null })
  expect(asked(3, 3)).toMatchObject({ surveyed: 3, notSurveyed: 47 })
  expect(asked(10, 9).pillars).toMatchObject([{ state: 'withheld' }, { state: 'known', doing: 0 }, { doing: 0 }])
  expect(asked(10, 6).pillars.map(({ pillar }) => pillar)).toEqual([...practicePillars])
})
