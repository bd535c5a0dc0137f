import type { Database } from '#platform'
import { establishmentsDataset, parseQuery } from '#registry'
import { latestGuide, listGuides } from '../guide/guides.ts'
import type { GuideItem } from '../model.ts'
import { countAnswers, countSurveyed, listExemplary } from './counts.ts'
import type { PracticeQuery, TerritoryPractices, Traits } from './model.ts'
import { everyPractice } from './query.ts'
import { traitsOf } from './traits.ts'

/** Enterprises that a territory gives as examples, and the strong points that it takes. */
const exemplaryShown = 8
const exemplaryLeast = 3

/** Where and of which crafts figures are made: they are of all answers, whatever a list shows. */
export type Where = Pick<PracticeQuery, 'territory' | 'sectors' | 'metiers'>

/** The items of all versions of the guide: those of the latest in its order, then those that it dropped. */
export function allItems(): GuideItem[] {
  const items = new Map(latestGuide().items.map((item) => [item.id, item]))
  for (const guide of listGuides().toReversed())
    for (const item of guide.items) if (!items.has(item.id)) items.set(item.id, item)
  return [...items.values()]
}

const queryOf = ({ territory, sectors, metiers }: Where): PracticeQuery => ({
  ...everyPractice(),
  territory,
  sectors,
  metiers,
})

/** First traits, of some items or of the whole guide. */
export async function readTraits(db: Database, where: Where, items = allItems()): Promise<Traits> {
  const { territory, sectors, metiers } = where
  const query = queryOf(where)
  const [counts, asked, crafts] = await Promise.all([
    countAnswers(db, query),
    countSurveyed(db, query),
    establishmentsDataset(db).count({ ...parseQuery(new URLSearchParams()), territory, sectors, metiers }),
  ])
  return traitsOf(items, counts, asked, crafts)
}

/** First traits with the exemplary enterprises: the same figures for pages, portraits and their API. */
export async function readPractices(db: Database, where: Where): Promise<TerritoryPractices> {
  const [traits, exemplary] = await Promise.all([
    readTraits(db, where),
    listExemplary(db, queryOf(where), exemplaryLeast, exemplaryShown),
  ])
  return { ...traits, exemplary }
}

/** What a portrait shows of practices. */
export const territoryPractices = (db: Database, territory: string): Promise<TerritoryPractices> =>
  readPractices(db, { territory, sectors: [], metiers: [] })
