import { countBits, createBits, hasBit, retain, setBit, type Bits } from './bits.ts'
import type { Columns, Facet } from './columns.ts'
import type { Filter } from './filter.ts'
import type { SlotTable } from './slots.ts'

type Test = (slot: number) => boolean

/** Whether a row has one of the wanted values of a facet: null is never wanted, as in SQL. */
function hasValue(facet: Facet, wanted: Iterable<string>): Test {
  const { codes } = facet
  const table = new Uint8Array(facet.values.length)
  for (const value of wanted) {
    const number = facet.numberOf(value)
    if (number !== undefined) table[number] = 1
  }
  return (slot) => table[codes[slot]!] === 1
}

const without = (facet: Facet, refuses: (value: string) => boolean) =>
  facet.values.filter((value) => value !== null && !refuses(value)) as string[]

/** Both borders are inside, on exact doubles; a row without coordinates (NaN) is outside. */
function isInside({ lon, lat }: Columns, [west, south, east, north]: readonly [number, number, number, number]): Test {
  return (slot) => lon[slot]! >= west && lon[slot]! <= east && lat[slot]! >= south && lat[slot]! <= north
}

function hasId({ ids }: Columns, slots: SlotTable, wanted: ArrayLike<number>, size: number): Test {
  const found = createBits(size)
  for (let i = 0; i < wanted.length; i++) {
    const slot = slots.get(ids, wanted[i]!)
    if (slot >= 0) setBit(found, slot)
  }
  return (slot) => hasBit(found, slot)
}

/** The conditions of a filter, one by one: those of the registry's SQL, the most selective first. */
function testsOf(columns: Columns, slots: SlotTable, { query, communes, ids }: Filter): Test[] {
  const { facets } = columns
  const { sectors, metiers, employees, createdFrom, createdTo, craft, state, bbox } = query
  const out: Test[] = []
  if (ids) out.push(hasId(columns, slots, ids, columns.capacity))
  if (communes) out.push(hasValue(facets.commune, communes))
  if (bbox) out.push(isInside(columns, bbox))
  if (metiers.length > 0) out.push(hasValue(facets.metier, metiers))
  if (employees.length > 0) out.push(hasValue(facets.employees, employees))
  if (sectors.length > 0) out.push(hasValue(facets.sector, sectors))
  if (createdFrom !== null || createdTo !== null) {
    const [from, to] = [createdFrom ?? -Infinity, createdTo ?? Infinity]
    out.push(
      hasValue(
        facets.year,
        without(facets.year, (year) => Number(year) < from || Number(year) > to),
      ),
    )
  }
  if (state !== 'all') out.push(hasValue(facets.state, [state]))
  if (craft === 'craft')
    out.push(
      hasValue(
        facets.craftRule,
        without(facets.craftRule, (rule) => rule === 'none'),
      ),
    )
  return out
}

/** Words of a block of rows (1,024 rows), the least that is tested at once. */
const blockWords = 32

/**
 * The rows that a filter keeps. Only the blocks that are asked for are tested, once: rows that are near on the map are
 * in the same blocks, so a first view of a part of the map costs what that part holds.
 */
export class Selection {
  readonly filter: Filter
  readonly #bits: Bits
  readonly #tests: Test[]
  readonly #tested: Uint8Array

  constructor(columns: Columns, slots: SlotTable, alive: Bits, filter: Filter) {
    this.filter = filter
    this.#bits = alive.slice()
    this.#tests = testsOf(columns, slots, filter)
    this.#tested = new Uint8Array(Math.ceil(alive.length / blockWords))
  }

  /** A set of slots of which those in [from, to) are the rows kept; what it says of others may be wrong. */
  between(from: number, to: number): Bits {
    const last = Math.min(this.#tested.length, Math.ceil(to / (32 * blockWords)))
    for (let block = Math.floor(from / (32 * blockWords)); block < last; block++) {
      if (this.#tested[block] === 1) continue
      this.#tested[block] = 1
      const start = block * blockWords
      const end = Math.min(this.#bits.length, start + blockWords)
      for (const test of this.#tests) retain(this.#bits, start, end, test)
    }
    return this.#bits
  }

  /** Number of rows kept. */
  count(): number {
    return countBits(this.between(0, this.#bits.length * 32))
  }
}
