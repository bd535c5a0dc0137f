import type { Disclosure } from '#accounts/model'
import type { Item } from '#statements/model'
import type { GuideItem } from '../model.ts'
import { listGuides } from './guides.ts'

/** An item of the guide, as what may be stated about an enterprise. */
export type StatementItem = Omit<Item, 'subject'> & { via: 'survey'; ceiling?: Disclosure }

const statementItem = ({ id, pillar, kind, label, unit, choices, ceiling, windowDays }: GuideItem): StatementItem => ({
  id,
  pillar,
  kind,
  label,
  ...(unit === undefined ? {} : { unit }),
  ...(choices === undefined ? {} : { choices }),
  ...(ceiling === undefined ? {} : { ceiling }),
  personal: false,
  windowDays,
  via: 'survey',
})

/** The latest of an item, with the choices of all versions: an answer to an old one keeps its words. */
const withChoicesOf = (before: GuideItem | undefined, item: GuideItem): GuideItem =>
  before?.choices && item.choices
    ? {
        ...item,
        choices: [
          ...item.choices,
          ...before.choices.filter((old) => !item.choices!.some((choice) => choice.id === old.id)),
        ],
      }
    : item

/**
 * The items of every version of the guide, for `#statements`: of an item that several versions have, the latest counts.
 * Items that the latest version dropped come last.
 */
export function guideStatementItems(guides = listGuides()): StatementItem[] {
  const union = new Map<string, GuideItem>()
  for (const guide of guides) {
    const older = new Map(union)
    union.clear()
    for (const item of guide.items) union.set(item.id, withChoicesOf(older.get(item.id), item))
    for (const [id, item] of older) if (!union.has(id)) union.set(id, item)
  }
  return [...union.values()].map(statementItem)
}
