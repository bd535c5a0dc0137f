import type { App } from '#platform'
import { fold } from '#platform/model'
import { searchEstablishments, searchMetiers } from '#registry'
import { listOpenTerritories, searchTerritories } from '#territory'
import type { HomePageData } from './model.ts'
import { everyCraft, viewOf } from './register-index.ts'
import { sourceOf } from './source.ts'

/** What the home page shows: the search's results and the figures of the moment. */
export async function homePage(app: App, asked: string): Promise<HomePageData> {
  const text = asked.trim().slice(0, 100)
  const words = fold(text)
  const [open, { points, filter }, results, source] = await Promise.all([
    listOpenTerritories(app.db),
    viewOf(app, everyCraft()),
    words.length < 2 ? null : search(app, text, words),
    sourceOf(app),
  ])
  const counts = points.countBy(filter, 'sector')
  return {
    text,
    results,
    source,
    total: points.count(filter),
    placeless: points.countBy(filter, 'commune').get(null) ?? 0,
    sectorCounts: Object.fromEntries([...counts].map(([key, count]) => [key ?? 'none', count])),
    open: open.map(({ code, name }) => ({ code, name })),
  }
}

async function search(app: App, text: string, words: string): Promise<NonNullable<HomePageData['results']>> {
  const [territories, metiers, enterprises] = await Promise.all([
    searchTerritories(app.db, text, 8),
    searchMetiers(app.db, text, 8),
    searchEstablishments(app.db, words, 10),
  ])
  return {
    territories: territories.map(({ code, name, kind, open }) => ({ code, name, kind, open })),
    metiers: metiers.map(({ slug, label }) => ({ slug, label })),
    enterprises: enterprises.map(({ siret, name, communeName }) => ({ siret, name, communeName })),
  }
}
