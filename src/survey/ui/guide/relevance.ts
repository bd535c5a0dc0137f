import type { Value } from '#statements/model'
import type { Guide, GuideItem } from '../../model.ts'

/** What is known of an enterprise while the guide is asked. */
export interface GuideContext {
  /** What was answered, by item. */
  answers: Readonly<Record<string, Value | undefined>>
  /** Null when nobody knows it: an item is asked rather than missed. */
  sector: string | null
  metier: string | null
}

/** The part of a value that a rule may wait for; null for values that are not in a closed list. */
const said = (value: Value | undefined): string | null =>
  value?.kind === 'answer' ? value.answer : value?.kind === 'choice' ? value.choice : null

const includes = (list: readonly string[] | undefined, one: string | null) =>
  list === undefined || one === null || list.includes(one)

/** Whether an item is asked: every part of its relevance holds. */
export function isRelevant({ relevance }: Pick<GuideItem, 'relevance'>, context: GuideContext): boolean {
  if (!relevance) return true
  const { when, sectors, metiers } = relevance
  const given = when ? said(context.answers[when.item]) : null
  return (
    includes(sectors, context.sector) &&
    includes(metiers, context.metier) &&
    (!when || (given !== null && when.in.includes(given)))
  )
}

/**
 * The items to ask, in the order of the guide. An answer to an item that is itself not asked (the sector was corrected
 * since, say) opens nothing.
 */
export function openItems(guide: Pick<Guide, 'items'>, context: GuideContext): GuideItem[] {
  const answers: Record<string, Value | undefined> = {}
  return guide.items.filter((item) => {
    const open = isRelevant(item, { ...context, answers })
    if (open) answers[item.id] = context.answers[item.id]
    return open
  })
}
