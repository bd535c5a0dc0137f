import type { Value } from '#statements/model'
import type { Guide, GuideItem, GuideSection } from '../../model.ts'
import type { Contribution } from '../device/fold.ts'
import { openItems } from '../guide/relevance.ts'

/** A section of the guide as one visit asks it. */
export interface Part {
  section: GuideSection
  items: GuideItem[]
  /** Number of them that have an answer. */
  done: number
}

type Answered = Pick<Contribution, 'answers'>
type Craft = { sector: string | null; metier: string | null }

/** Values of a visit, by item. */
export const valuesOf = ({ answers }: Answered): Record<string, Value> =>
  Object.fromEntries([...answers].map(([item, { entry }]) => [item, entry.value]))

/** The questions that concern an enterprise, given what was answered, in the order of the guide. */
export const askedOf = (guide: Guide, visit: Answered, craft: Craft): GuideItem[] =>
  openItems(guide, { answers: valuesOf(visit), ...craft })

/** Questions by section, in the order of the guide; sections of which nothing is asked are left out. */
export const partsOf = (guide: Guide, asked: readonly GuideItem[], { answers }: Answered): Part[] =>
  guide.sections
    .map((section) => {
      const items = asked.filter((item) => item.section === section.id)
      return { section, items, done: items.filter(({ id }) => answers.has(id)).length }
    })
    .filter(({ items }) => items.length > 0)

/** The first question without an answer after another one, then from the start; null when all have one. */
export function nextOpen(asked: readonly GuideItem[], { answers }: Answered, after: string | null): GuideItem | null {
  const from = asked.findIndex(({ id }) => id === after) + 1
  return [...asked.slice(from), ...asked.slice(0, from)].find(({ id }) => !answers.has(id)) ?? null
}

/** The questions before and after one. */
export function besides(asked: readonly GuideItem[], item: string) {
  const place = asked.findIndex(({ id }) => id === item)
  return { place, previous: place > 0 ? asked[place - 1]! : null, next: place < 0 ? null : (asked[place + 1] ?? null) }
}
