import type { Establishment, PositionQuality, Sector, Point } from '#registry/model'
import { mortonOfPlace } from './grid.ts'

/** What a map shows of one establishment. */
export type Unit = Pick<Establishment, 'id' | 'siret' | 'name' | 'sector' | 'metier' | 'positionQuality'>

/** Columns of few values, by which units are filtered and counted; `year` is that of the creation. */
export const facetNames = [
  'sector',
  'metier',
  'employees',
  'state',
  'craftRule',
  'positionQuality',
  'commune',
  'year',
] as const
export type FacetName = (typeof facetNames)[number]

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array

/** Morton code of a row without coordinates: after every place. */
export const noPlace = 2 ** 52

function resized<T extends Numbers>(from: T, length: number): T {
  const to = new (from.constructor as new (length: number) => T)(length)
  to.set(from.subarray(0, length))
  return to
}

function picked<T extends Numbers>(from: T, order: Uint32Array, capacity: number): T {
  const to = new (from.constructor as new (length: number) => T)(capacity)
  for (let slot = 0; slot < order.length; slot++) to[slot] = from[order[slot]!]!
  return to
}

/** A column of values numbered in the order of their first appearance; number 0 is null. */
export class Facet {
  codes: Uint8Array | Uint16Array | Uint32Array
  readonly values: (string | null)[]
  readonly #numbers: Map<string | null, number>

  constructor(codes: Facet['codes'], values: (string | null)[] = [null]) {
    this.codes = codes
    this.values = values
    this.#numbers = new Map(values.map((value, number) => [value, number]))
  }

  /** The number of a value; undefined when no row ever had it. */
  numberOf(value: string | null): number | undefined {
    return this.#numbers.get(value)
  }

  valueAt(slot: number): string | null {
    return this.values[this.codes[slot]!]!
  }

  set(slot: number, value: string | null): void {
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.values.push(value) - 1
      this.#numbers.set(value, number)
      if (number >= 2 ** (8 * this.codes.BYTES_PER_ELEMENT)) this.codes = widened(this.codes)
    }
    this.codes[slot] = number
  }

  picked(order: Uint32Array, capacity: number): Facet {
    return new Facet(picked(this.codes, order, capacity), this.values)
  }
}

const widened = (codes: Facet['codes']) =>
  codes instanceof Uint8Array ? Uint16Array.from(codes) : Uint32Array.from(codes)

/** Rows as typed arrays, 57 bytes each and the names; a row is known by its slot, the next free one when it is added. */
export class Columns {
  length = 0
  capacity: number
  ids: Uint32Array
  /** 14 digits are exact in a double. */
  sirets: Float64Array
  names: (string | null)[] = []
  /** Degrees; NaN without coordinates. */
  lon: Float64Array
  lat: Float64Array
  /** Morton code of the place, or `noPlace`. */
  morton: Float64Array
  facets: Record<FacetName, Facet>

  constructor(capacity: number) {
    this.capacity = capacity
    this.ids = new Uint32Array(capacity)
    this.sirets = new Float64Array(capacity)
    this.lon = new Float64Array(capacity)
    this.lat = new Float64Array(capacity)
    this.morton = new Float64Array(capacity)
    const facets = facetNames.map((name) => [name, new Facet(new Uint8Array(capacity))])
    this.facets = Object.fromEntries(facets) as Record<FacetName, Facet>
  }

  /** Adds a row at the end and gives its slot. */
  push(row: Point): number {
    if (this.length === this.capacity) this.#resize(Math.max(64, this.capacity * 2))
    const slot = this.length++
    const placed = row.lon !== null && row.lat !== null
    this.ids[slot] = row.id
    this.sirets[slot] = Number(row.siret)
    this.names[slot] = row.name
    this.lon[slot] = placed ? row.lon! : Number.NaN
    this.lat[slot] = placed ? row.lat! : Number.NaN
    this.morton[slot] = placed ? mortonOfPlace(row.lon!, row.lat!) : noPlace
    // PostgreSQL writes the year first.
    const year = row.createdOn === null ? null : String(Number.parseInt(row.createdOn, 10))
    for (const name of facetNames) this.facets[name].set(slot, name === 'year' ? year : row[name])
    return slot
  }

  #resize(capacity: number): void {
    this.capacity = capacity
    this.ids = resized(this.ids, capacity)
    this.sirets = resized(this.sirets, capacity)
    this.lon = resized(this.lon, capacity)
    this.lat = resized(this.lat, capacity)
    this.morton = resized(this.morton, capacity)
    for (const facet of Object.values(this.facets)) facet.codes = resized(facet.codes, capacity)
  }

  /** The rows of the given slots, in that order, with room for `spare` more. */
  picked(order: Uint32Array, spare: number): Columns {
    const capacity = order.length + spare
    const out = new Columns(0)
    out.length = order.length
    out.capacity = capacity
    out.ids = picked(this.ids, order, capacity)
    out.sirets = picked(this.sirets, order, capacity)
    out.names = Array.from(order, (slot) => this.names[slot]!)
    out.lon = picked(this.lon, order, capacity)
    out.lat = picked(this.lat, order, capacity)
    out.morton = picked(this.morton, order, capacity)
    for (const name of facetNames) out.facets[name] = this.facets[name].picked(order, capacity)
    return out
  }

  unit(slot: number): Unit {
    return {
      id: this.ids[slot]!,
      siret: String(this.sirets[slot]).padStart(14, '0'),
      name: this.names[slot]!,
      sector: this.facets.sector.valueAt(slot) as Sector | null,
      metier: this.facets.metier.valueAt(slot),
      positionQuality: this.facets.positionQuality.valueAt(slot) as PositionQuality,
    }
  }
}
