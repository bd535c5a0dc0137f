import type { Point } from '#registry/model'
import { clearBit, createBits, hasBit, nextBit, setBit, type Bits } from './bits.ts'
import { clustersOf, type Cluster } from './clusters.ts'
import { Columns, noPlace, type FacetName } from './columns.ts'
import type { Filter } from './filter.ts'
import { levelOf, squaresOfTile, squaresTouching, type SquareRange } from './grid.ts'
import { Selection } from './selection.ts'
import { Selections } from './selections.ts'
import { SlotTable } from './slots.ts'

const keptSelections = 32
const whole: SquareRange = { west: 0, north: 0, east: Infinity, south: Infinity }

/**
 * The establishments of the public projection in memory: exact counts, clusters and single units under any filter at
 * any zoom. Rows lie in Morton order, so that a square of the grid is one range; rows that changed since the last sort
 * follow, and are searched one by one. A row without coordinates is kept and counted too.
 */
export class PointIndex {
  #columns = new Columns(0)
  #slots = new SlotTable(0)
  #alive: Bits = createBits(0)
  #sorted = 0
  #placed = 0
  #dead = 0
  readonly #selections = new Selections(keptSelections)

  /** An index of all the rows of a stream, read batch by batch. */
  static async fromRows(batches: AsyncIterable<Point[]> | Iterable<Point[]>): Promise<PointIndex> {
    const index = new PointIndex()
    for await (const rows of batches) for (const row of rows) index.#put(row)
    index.compact()
    return index
  }

  /** Number of rows. */
  get size(): number {
    return this.#columns.length - this.#dead
  }

  /** Number of changes since the rows were sorted. */
  get unsorted(): number {
    return this.#columns.length - this.#sorted + this.#dead
  }

  /** Number of rows that a filter keeps, with or without coordinates. */
  count(filter: Filter): number {
    return this.#select(filter).count()
  }

  /** Number of rows that a filter keeps and no map can show. */
  countUnplaced(filter: Filter): number {
    const { morton, length } = this.#columns
    const bits = this.#select(filter).between(this.#placed, length)
    let count = 0
    for (let slot = nextBit(bits, this.#placed, length); slot < length; slot = nextBit(bits, slot + 1, length))
      if (morton[slot] === noPlace) count++
    return count
  }

  /** Number of rows that a filter keeps for each value of a facet, null included; values without a row are left out. */
  countBy(filter: Filter, name: FacetName): Map<string | null, number> {
    const { codes, values } = this.#columns.facets[name]
    const counts = new Uint32Array(values.length)
    const { length } = this.#columns
    const bits = this.#select(filter).between(0, length)
    for (let slot = nextBit(bits, 0, length); slot < length; slot = nextBit(bits, slot + 1, length))
      counts[codes[slot]!]!++
    return new Map(values.flatMap((value, number) => (counts[number]! > 0 ? [[value, counts[number]!] as const] : [])))
  }

  /**
   * The rows that a filter keeps, by square of the grid of a zoom, in Morton order. With a viewport (west, south, east,
   * north in degrees), the squares that it touches, each with all its members. Over the world, the counts and
   * `countUnplaced` add up to `count`.
   */
  clusters(filter: Filter, zoom: number, viewport: readonly number[] | null = null): Cluster[] {
    const level = levelOf(zoom)
    return this.#clusters(filter, level, viewport ? squaresTouching(viewport, level) : whole)
  }

  /** The same for a tile: its own squares, so that the tiles of a zoom share the rows out between them. */
  clustersOfTile(filter: Filter, z: number, x: number, y: number): Cluster[] {
    const level = levelOf(z)
    return this.#clusters(filter, level, squaresOfTile(z, x, y, level))
  }

  /**
   * Removes and adds rows, or replaces those of the same id; effective at once. The rows are sorted again when those
   * that changed are too many (1,000 and 5 %).
   */
  apply(changed: Iterable<Point>, removed: Iterable<number> = []): void {
    for (const id of removed) this.#remove(id)
    for (const row of changed) this.#put(row)
    this.#selections.clear()
    if (this.unsorted > Math.max(1000, this.size / 20)) this.compact()
  }

  /** Sorts the rows again and forgets the removed ones; no answer changes. */
  compact(): void {
    const order = this.#order()
    this.#columns = this.#columns.picked(order, Math.max(1024, order.length >>> 4))
    this.#sorted = order.length
    this.#dead = 0
    this.#slots = new SlotTable(order.length)
    this.#alive = createBits(this.#columns.capacity)
    let placed = 0
    for (let slot = 0; slot < order.length; slot++) {
      setBit(this.#alive, slot)
      this.#slots.put(this.#columns.ids, slot)
      if (this.#columns.morton[slot] !== noPlace) placed = slot + 1
    }
    this.#placed = placed
    this.#selections.clear()
  }

  #select(filter: Filter): Selection {
    return this.#selections.get(filter, () => new Selection(this.#columns, this.#slots, this.#alive, filter))
  }

  #clusters(filter: Filter, level: number, range: SquareRange): Cluster[] {
    const rows = { columns: this.#columns, sorted: this.#sorted, placed: this.#placed, selection: this.#select(filter) }
    return clustersOf(rows, level, range)
  }

  #remove(id: number): void {
    const slot = this.#slots.get(this.#columns.ids, id)
    if (slot < 0 || !hasBit(this.#alive, slot)) return
    clearBit(this.#alive, slot)
    // A withdrawn name leaves the memory too.
    this.#columns.names[slot] = null
    this.#dead++
  }

  #put(row: Point): void {
    this.#remove(row.id)
    const slot = this.#columns.push(row)
    this.#slots.put(this.#columns.ids, slot)
    if (slot >= this.#alive.length * 32) {
      const wider = createBits(this.#columns.capacity)
      wider.set(this.#alive)
      this.#alive = wider
    }
    setBit(this.#alive, slot)
  }

  /** The living slots in the order of their Morton code, then id: the sorted ones merged with the others. */
  #order(): Uint32Array {
    const { morton, ids, length } = this.#columns
    const before = (one: number, other: number) => morton[one]! - morton[other]! || ids[one]! - ids[other]!
    const recent: number[] = []
    let slot = nextBit(this.#alive, this.#sorted, length)
    for (; slot < length; slot = nextBit(this.#alive, slot + 1, length)) recent.push(slot)
    recent.sort(before)
    const order = new Uint32Array(this.size)
    let old = nextBit(this.#alive, 0, length)
    for (let i = 0, next = 0; i < order.length; i++) {
      const takesOld = old < this.#sorted && (next === recent.length || before(old, recent[next]!) < 0)
      order[i] = takesOld ? old : recent[next++]!
      if (takesOld) old = nextBit(this.#alive, old + 1, length)
    }
    return order
  }
}
