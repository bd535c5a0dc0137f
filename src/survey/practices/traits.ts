import type { GuideItem } from '../model.ts'
import type { AnswerCount, SurveyedCounts } from './counts.ts'
import { practicePillars, type ItemTrait, type PillarTrait, type Traits } from './model.ts'
import { isAmountWithheld, isFew, withholdParts } from './withhold.ts'

const sumOf = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
const isNoAnswer = ({ kind, choice }: AnswerCount) => kind === null || (kind === 'answer' && choice === 'unknown')

type Figures = Pick<ItemTrait, 'state' | 'answered' | 'doing' | 'share'>

const unknown: Figures = { state: 'not_surveyed', answered: 0, doing: null, share: null }
const withheld: Figures = { state: 'withheld', answered: null, doing: null, share: null }

/**
 * How many do it, of how many who answered. Where one or two do not, how many answered is withheld, which would tell it;
 * and how many do it too, where so many were surveyed that whoever is left is known.
 */
function doingOf(doing: number, others: number, surveyed: number): Figures {
  const answered = doing + others
  if (answered === 0) return unknown
  if (isFew(answered)) return withheld
  if (isFew(doing)) return { ...withheld, answered }
  if (!isFew(others)) return { state: 'known', answered, doing, share: doing / answered }
  return surveyed - doing < 2 ? withheld : { ...withheld, state: 'known', doing }
}

/** Where all who answered do it: they told something. */
const toldOf = (told: number): Figures => ({ ...doingOf(told, 0, told), share: null })

/** The choices of an item, none of which is a "no": all who chose do it. */
function choicesOf(item: GuideItem, counts: readonly AnswerCount[]) {
  const choices = item.choices ?? []
  const of = (id: string) => sumOf(counts.filter((one) => one.choice === id).map(({ enterprises }) => enterprises))
  const { total, parts } = withholdParts(choices.map(({ id }) => of(id)))
  return { total, choices: choices.map(({ id, label }, index) => ({ id, label, count: parts[index]! })) }
}

/** A number's sum and mean; only numbers in the unit of the item are added. */
function totalOf(unit: string, counts: readonly AnswerCount[]): ItemTrait['total'] {
  const same = counts.filter((one) => one.kind === 'number' && one.unit === unit)
  const enterprises = sumOf(same.map((one) => one.enterprises))
  const sum = sumOf(same.map((one) => one.sum ?? 0))
  const largest = Math.max(0, ...same.map((one) => one.largest ?? 0))
  if (isAmountWithheld(enterprises, sum, largest)) return { sum: null, mean: null, unit }
  return { sum, mean: sum / enterprises, unit }
}

function itemTrait(item: GuideItem, all: readonly AnswerCount[], surveyed: number): ItemTrait {
  const { id, pillar, section, label, kind } = item
  const counts = all.filter((one) => one.item === id && !isNoAnswer(one))
  const answered = sumOf(counts.map(({ enterprises }) => enterprises))
  const head = { item: id, pillar, section, label, kind, choices: [], total: null }
  if (kind === 'answer') {
    const doing = sumOf(counts.map(({ done }) => done))
    return { ...head, ...doingOf(doing, answered - doing, surveyed) }
  }
  const told = toldOf(answered)
  if (kind === 'number') return { ...head, ...told, total: told.state === 'known' ? totalOf(item.unit!, counts) : null }
  if (kind !== 'choice') return { ...head, ...told }
  const { total, choices } = choicesOf(item, counts)
  return { ...head, ...(total === null ? withheld : told), choices }
}

/** How many do something of a pillar, of those who were surveyed: their number is given elsewhere. */
function pillarTrait(pillar: PillarTrait['pillar'], { surveyed, doing }: SurveyedCounts): PillarTrait {
  if (surveyed === 0) return { pillar, state: 'not_surveyed', doing: null }
  const [shown] = withholdParts([doing[pillar], surveyed - doing[pillar]]).parts as [number | null, number | null]
  return { pillar, state: shown === null ? 'withheld' : 'known', doing: shown }
}

/**
 * First traits from what enterprises answered: figures of one or two enterprises, and amounts nearly all of one, are
 * withheld with what would give them away.
 * @param items of the guide, in its order
 * @param crafts open crafts of the register, whether they were surveyed or not
 */
export function traitsOf(
  items: readonly GuideItem[],
  counts: readonly AnswerCount[],
  asked: SurveyedCounts,
  crafts: number,
): Traits {
  const { surveyed } = asked
  return {
    crafts,
    surveyed: isFew(surveyed) ? null : surveyed,
    notSurveyed: isFew(surveyed) ? null : crafts - surveyed,
    pillars: practicePillars.map((pillar) => pillarTrait(pillar, asked)),
    items: items.map((item) => itemTrait(item, counts, surveyed)),
  }
}
