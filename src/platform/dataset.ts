import type { Feature, Geometry } from 'geojson'

export interface DatasetPage<Row> {
  rows: Row[]
  numberMatched: number
  /** Opaque; give it back to read on. */
  next: string | null
}

/**
 * One public collection, from which the lists, maps, tables, API and exports are all made, so that their numbers are
 * equal. `Query` is already validated; rows are of the public projection only.
 */
export interface Dataset<Row = unknown, Query = unknown> {
  id: string
  /** Title in French and English. */
  title: { fr: string; en: string }
  /** JSON Schema of a row. */
  schema: Record<string, unknown>
  geometry: 'point' | 'polygon' | 'none'
  time: { property: string } | null
  licence: { id: string; title: string; url: string }
  freshness(): Promise<{ updatedAt: string | null; sources: string[] }>
  count(query: Query): Promise<number>
  /** Orders that a page may ask for, the usual one first. */
  sorts: readonly string[]
  page(query: Query, limit: number, cursor: string | null, sort?: string): Promise<DatasetPage<Row>>
  stream(query: Query): AsyncIterable<Row[]>
  feature(row: Row): Feature<Geometry | null>
}
