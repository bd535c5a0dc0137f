import { fold } from '#platform/model'
import { queryParameters, type EstablishmentQuery } from '#registry/model'

/** What the index cannot know by itself: the communes of the query's territory, the ids that its text and layer find. */
export interface Resolved {
  communes: ReadonlySet<string> | null
  ids: readonly number[] | Uint32Array | null
}

/** A query on establishments, ready for the index. */
export interface Filter extends Resolved {
  readonly query: EstablishmentQuery
  /** The same for two queries that mean the same. */
  readonly key: string
}

/**
 * Makes a filter of a query. Without a territory `communes` is left out; without a word in the free text nor a layer,
 * `ids` is.
 * @throws {Error} when the query names a territory, a text or a layer that is not resolved
 */
export function filterOf(
  query: EstablishmentQuery,
  { communes, ids }: Resolved = { communes: null, ids: null },
): Filter {
  const needsIds = fold(query.q) !== '' || query.layer !== null
  if (query.territory && communes === null) throw new Error(`territory ${query.territory} is not resolved`)
  if (needsIds && ids === null) throw new Error('the free text or the layer is not resolved')
  return {
    query,
    key: filterKey(query),
    communes: query.territory ? communes : null,
    ids: needsIds ? ids : null,
  }
}

/** One text for all the queries that mean the same, whatever the order of their values: for caches and ETags. */
export function filterKey(query: EstablishmentQuery): string {
  const { sectors, metiers, employees, q } = query
  return queryParameters({
    ...query,
    sectors: sectors.toSorted(),
    metiers: metiers.toSorted(),
    employees: employees.toSorted(),
    q: fold(q),
  }).toString()
}
