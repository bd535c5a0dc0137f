import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '#statements/model'
import { latestGuide } from './guides.ts'
import type { GuideItem, Relevance } from '../model.ts'
import { isRelevant, openItems, type GuideContext } from '../ui/guide/relevance.ts'

const sectors = ['food', 'building', 'making', 'services']
const metiers = ['macon', 'coiffeur', 'ceramiste']
const replies = ['yes', 'no', 'partly', 'unknown', 'a', 'b']

const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const some = (list: readonly string[]) => fc.subarray([...list], { minLength: 1 })
const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom('yes', 'no', 'partly', 'unknown').map((answer) => ({ kind: 'answer', answer }) as Value),
  fc.constantFrom('a', 'b').map((choice) => ({ kind: 'choice', choice }) as Value),
  fc.constantFrom('yes', 'a').map((text) => ({ kind: 'text', text }) as Value),
)

const bare: Omit<GuideItem, 'id' | 'relevance'> = {
  pillar: 'social',
  section: 'one',
  kind: 'answer',
  label: { fr: '', en: '' },
  question: { fr: '', en: '' },
  iso26000: '6.8',
  strength: false,
  windowDays: null,
}

/** A guide whose items depend on earlier ones, and what is known of an enterprise. */
const cases = fc
  .array(
    fc.record({
      parent: maybe(fc.record({ back: fc.nat(4), in: some(replies) })),
      sectors: maybe(some(sectors)),
      metiers: maybe(some(metiers)),
      value: maybe(value),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .chain((rows) =>
    fc.record({
      items: fc.constant(
        rows.map(({ parent, ...row }, index): GuideItem => {
          const when =
            parent && index > 0 ? { item: `i${Math.max(0, index - 1 - parent.back)}`, in: parent.in } : undefined
          return { ...bare, id: `i${index}`, relevance: { when, sectors: row.sectors, metiers: row.metiers } }
        }),
      ),
      context: fc.record({
        answers: fc.constant(Object.fromEntries(rows.map((row, index) => [`i${index}`, row.value]))),
        sector: fc.option(fc.constantFrom(...sectors), { nil: null }),
        metier: fc.option(fc.constantFrom(...metiers), { nil: null }),
      }),
    }),
  )

/** The rule once more, from the bottom up: an item is asked when its own conditions hold and its parent is asked. */
function oracle(items: readonly GuideItem[], id: string, context: GuideContext): boolean {
  const { when, sectors: inSectors, metiers: ofMetiers } = items.find((one) => one.id === id)!.relevance as Relevance
  if (inSectors && context.sector !== null && inSectors.indexOf(context.sector) < 0) return false
  if (ofMetiers && context.metier !== null && ofMetiers.indexOf(context.metier) < 0) return false
  if (!when) return true
  if (!oracle(items, when.item, context)) return false
  const given = context.answers[when.item]
  if (given?.kind === 'answer') return when.in.some((one) => one === given.answer)
  if (given?.kind === 'choice') return when.in.some((one) => one === given.choice)
  return false
}

const idsOf = (items: readonly GuideItem[]) => items.map(({ id }) => id)

test('items are open exactly as the rule says, in the order of the guide', () => {
  fc.assert(
    fc.property(cases, ({ items, context }) => {
      expect(idsOf(openItems({ items }, context))).toEqual(idsOf(items).filter((id) => oracle(items, id, context)))
    }),
    { numRuns: 2000 },
  )
})

test('not to know the sector or the craft never hides an item', () => {
  fc.assert(
    fc.property(cases, ({ items, context }) => {
      const wider = new Set(idsOf(openItems({ items }, { ...context, sector: null, metier: null })))
      for (const id of idsOf(openItems({ items }, context))) expect(wider).toContain(id)
    }),
  )
})

test('an answer opens or closes only what depends on it, and what comes after', () => {
  fc.assert(
    fc.property(cases, fc.nat(11), maybe(value), ({ items, context }, at, other) => {
      const changed = { ...context, answers: { ...context.answers, [`i${at}`]: other } }
      const before = idsOf(openItems({ items: items.slice(0, at + 1) }, context))
      expect(idsOf(openItems({ items: items.slice(0, at + 1) }, changed))).toEqual(before)
    }),
  )
})

test('openItems changes nothing of what it is given', () => {
  fc.assert(
    fc.property(cases, ({ items, context }) => {
      const copy = structuredClone({ items, context })
      openItems({ items }, context)
      expect({ items, context }).toEqual(copy)
    }),
  )
})

const unknown: GuideContext = { answers: {}, sector: null, metier: null }
const answered = (answer: 'yes' | 'no' | 'partly' | 'unknown'): Value => ({ kind: 'answer', answer })

test('the guide opens what follows a yes, closes it after a no, and goes two steps deep', () => {
  const open = (answers: GuideContext['answers'], sector = 'building') =>
    new Set(idsOf(openItems(latestGuide(), { answers, sector, metier: null })))
  expect(open({})).not.toContain('safer-products-how')
  expect(open({ 'safer-products': answered('partly') })).toContain('safer-products-how')
  expect(open({ 'safer-products': answered('no') })).not.toContain('safer-products-how')
  const heritage = { 'heritage-works': answered('yes'), 'heritage-kind': { kind: 'choice', choice: 'houses' } } as const
  expect(open(heritage)).toContain('heritage-place')
  expect(open({ ...heritage, 'heritage-kind': { kind: 'choice', choice: 'furniture' } })).not.toContain(
    'heritage-place',
  )
  expect(open({ ...heritage, 'heritage-works': answered('no') })).not.toContain('heritage-place')
  expect(open(heritage, 'food')).not.toContain('heritage-place')
})

test('every strong point may be picked in some sector without any answer', () => {
  for (const item of latestGuide().items.filter(({ strength }) => strength)) {
    expect(isRelevant(item, unknown), item.id).toBe(true)
    expect(
      sectors.some((sector) => isRelevant(item, { ...unknown, sector })),
      item.id,
    ).toBe(true)
  }
})
