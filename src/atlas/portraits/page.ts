import type { App } from '#platform'
import { listMetierTree } from '#registry'
import { metiersOfTree } from '#registry/model'
import { findTerritory, getTerritory, listParents } from '#territory'
import { stillMap } from '../map/still.ts'
import { communeSorts, type CommuneSort, type Portrait, type PortraitPageData } from '../model.ts'
import { craftsOf } from '../register-index.ts'
import { sourceOf } from '../source.ts'
import { portraitOf, referenceOf } from './compute.ts'

/** Communes in an order: by name as they come, else the largest figure first and the unknown ones last. */
function sorted(communes: Portrait['communes'], sort: CommuneSort): Portrait['communes'] {
  if (sort === 'name') return communes
  return communes.toSorted((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1))
}

/**
 * All that the portrait of a territory shows.
 * @throws {UserError} 404
 */
export async function portraitPage(
  app: App,
  code: string,
  lang: 'fr' | 'en',
  sort: string | null,
): Promise<PortraitPageData> {
  const communeSort = communeSorts.find((one) => one === sort) ?? 'name'
  const territory = await getTerritory(app.db, code)
  const referenceCode = await referenceOf(app, territory)
  const reference = referenceCode ? await findTerritory(app.db, referenceCode) : null
  const [portrait, parents, tree, map, source] = await Promise.all([
    portraitOf(app, territory, reference, new Date().getFullYear()),
    listParents(app.db, territory),
    listMetierTree(app.db),
    stillMap(app, craftsOf(territory.code)),
    sourceOf(app),
  ])
  return {
    territory,
    parents: parents.map(({ code, name }) => ({ code, name })),
    reference: reference ? { code: reference.code, name: reference.name } : null,
    portrait: { ...portrait, communes: sorted(portrait.communes, communeSort) },
    communeSort,
    metierLabels: Object.fromEntries(metiersOfTree(tree).map((one) => [one.slug, one.label[lang]])),
    map,
    // What nothing was imported for has no source.
    source: portrait.unknown ? null : source,
  }
}
