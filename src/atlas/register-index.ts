import { badInput, type App } from '#platform'
import {
  countChanges,
  listIdsOf,
  listRetiredIds,
  parseQuery,
  readRevision,
  resolveQuery,
  streamChanges,
} from '#registry'
import type { EstablishmentQuery, Point } from '#registry/model'
import { listCommuneCodes } from '#territory'
import { filterOf, type Filter } from './points/filter.ts'
import { PointIndex } from './points/point-index.ts'

/** The map's index of the public register, which follows the register's revision. */
class RegisterIndex {
  readonly #app: App
  #points: Promise<PointIndex> | null = null
  #revision = 0
  #turn: Promise<unknown> = Promise.resolve()

  constructor(app: App) {
    this.#app = app
  }

  /**
   * The index as of now: each call compares the register's revision with its own and takes in what changed, so that a
   * withdrawal is effective at the next request in every process.
   */
  current(): Promise<{ points: PointIndex; revision: number }> {
    const turn = this.#turn.then(
      () => this.#refresh(),
      () => this.#refresh(),
    )
    this.#turn = turn
    return turn
  }

  #read(): Promise<PointIndex> {
    const points = PointIndex.fromRows(streamChanges(this.#app.db, -1))
    points.catch(() => (this.#points = null))
    return points
  }

  async #takeIn(points: PointIndex): Promise<void> {
    const removed = await listRetiredIds(this.#app.db, this.#revision)
    const changed: Point[] = []
    for await (const rows of streamChanges(this.#app.db, this.#revision)) changed.push(...rows)
    // At once, so that nobody sees a part of an import.
    points.apply(changed, removed)
  }

  async #refresh(): Promise<{ points: PointIndex; revision: number }> {
    const { value } = await readRevision(this.#app.db)
    if (!this.#points) this.#points = this.#read()
    else if (value > this.#revision) {
      const many = (await countChanges(this.#app.db, this.#revision)) > manyChanges
      if (many) this.#points = this.#read()
      else await this.#takeIn(await this.#points)
    }
    const points = await this.#points
    this.#revision = value
    return { points, revision: value }
  }
}

/** Past so many changes, as after an import, reading everything anew takes less memory than holding them all. */
const manyChanges = 20_000

/** The one map index of the application. */
const indexOf = (app: App): RegisterIndex => app.once('atlas.index', () => new RegisterIndex(app))

export interface View {
  points: PointIndex
  revision: number
  query: EstablishmentQuery
  filter: Filter
}

/** A query's territory under its code of today; its territory, free text and layer resolved for the index. */
export async function viewOf(app: App, asked: EstablishmentQuery): Promise<View> {
  const query = await resolveQuery(app.db, asked)
  const [{ points, revision }, communes, ids] = await Promise.all([
    indexOf(app).current(),
    query.territory ? listCommuneCodes(app.db, query.territory).then((codes) => new Set(codes)) : null,
    listIdsOf(app.db.kysely, query),
  ])
  return { points, revision, query, filter: filterOf(query, { communes, ids }) }
}

/** Every craft of the register, or the part that a query keeps. */
export const everyCraft = (): EstablishmentQuery => parseQuery(new URLSearchParams())

/** The crafts of one territory. */
export const craftsOf = (territory: string): EstablishmentQuery => ({ ...everyCraft(), territory })

/** @throws {UserError} 400 */
export function parseTile(z: string, x: string, y: string): [number, number, number] {
  const [tz, tx, ty] = [Number(z), Number(x), Number(y)]
  const size = 2 ** tz
  if (![z, x, y].every((text) => /^\d{1,8}$/.test(text)) || tz > 22 || tx >= size || ty >= size)
    throw badInput('Cette tuile n’existe pas : donnez z (0 à 22), x et y entre 0 et 2^z − 1.')
  return [tz, tx, ty]
}

/** Reads the register into the index before the first visitor asks, without delaying the start. */
export async function warmIndex(app: App): Promise<void> {
  indexOf(app)
    .current()
    .catch((error: unknown) => app.log.error({ err: error }, 'the map index could not be read'))
}
