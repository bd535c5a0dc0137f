import type { Filter, Resolved } from './filter.ts'
import type { Selection } from './selection.ts'

function sameCommunes(one: Resolved['communes'], other: Resolved['communes']): boolean {
  if (one === other) return true
  return one !== null && other !== null && one.size === other.size && one.isSubsetOf(other)
}

function sameIds(one: Resolved['ids'], other: Resolved['ids']): boolean {
  if (one === other) return true
  if (one === null || other === null || one.length !== other.length) return false
  return one.every((id: number, i: number) => id === other[i])
}

/** The last selections, least recently used out first: the tiles of one screen share their filter. */
export class Selections {
  readonly #kept = new Map<string, Selection>()
  readonly #room: number

  constructor(room: number) {
    this.#room = room
  }

  /**
   * The selection of a filter, made when it is not kept. The communes of a territory and the ids of a text change
   * without the query that names them: they are compared too.
   */
  get(filter: Filter, make: () => Selection): Selection {
    const kept = this.#kept.get(filter.key)
    const fits = kept && sameCommunes(kept.filter.communes, filter.communes) && sameIds(kept.filter.ids, filter.ids)
    const selection = fits ? kept : make()
    this.#kept.delete(filter.key)
    this.#kept.set(filter.key, selection)
    if (this.#kept.size > this.#room) this.#kept.delete(this.#kept.keys().next().value!)
    return selection
  }

  clear(): void {
    this.#kept.clear()
  }
}
