import type { App } from '#platform'
import { establishmentsDataset, getMetier, listByAge, listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { listCommuneNames } from '#territory'
import { stillMap } from './map/still.ts'
import type { MetierPageData, MetiersPageData } from './model.ts'
import { everyCraft, viewOf } from './register-index.ts'
import { sourceOf } from './source.ts'

/** The tree of crafts with the number of active establishments of each. */
export async function metiersPage(app: App): Promise<MetiersPageData> {
  const [tree, { points, filter }, source] = await Promise.all([
    listMetierTree(app.db),
    viewOf(app, everyCraft()),
    sourceOf(app),
  ])
  const counts = points.countBy(filter, 'metier')
  return {
    source,
    sectors: tree.map(({ slug, label, families }) => ({
      slug,
      label,
      families: families.map((family) => ({
        slug: family.slug,
        label: family.label,
        metiers: family.metiers.map((one) => ({ slug: one.slug, label: one.label, count: counts.get(one.slug) ?? 0 })),
      })),
    })),
  }
}

/**
 * All that a craft's page shows.
 * @throws {UserError} 404
 */
export async function metierPage(app: App, slug: string): Promise<MetierPageData> {
  const metier = await getMetier(app.db, slug)
  const query = { ...everyCraft(), metiers: [slug] }
  const { points, filter } = await viewOf(app, query)
  const top = [...points.countBy(filter, 'commune')]
    .flatMap(([code, count]) => (code ? [{ code, count }] : []))
    .sort((a, b) => b.count - a.count || a.code.localeCompare(b.code))
    .slice(0, 10)
  const [names, tree, map, oldest, youngest, count, source] = await Promise.all([
    listCommuneNames(
      app.db,
      top.map((one) => one.code),
    ),
    listMetierTree(app.db),
    stillMap(app, query),
    listByAge(app.db, slug, 'oldest', 5),
    listByAge(app.db, slug, 'youngest', 5),
    establishmentsDataset(app.db).count(query),
    sourceOf(app),
  ])
  return {
    source,
    metier,
    count,
    map,
    communes: top.map((one) => ({ ...one, name: names.get(one.code) ?? one.code })),
    oldest,
    youngest,
    neighbours: metiersOfTree(tree)
      .filter((one) => one.family === metier.family && one.slug !== slug)
      .map(({ slug, label }) => ({ slug, label })),
  }
}
