import { sql, type Executor } from '#platform'
import type { Bilingual, EstablishmentQuery } from './model.ts'

type Sql = ReturnType<typeof sql>

/** Enterprises that share something which another capability knows: a label, a practice, a place in a chain. */
export interface Layer {
  id: string
  label: Bilingual
  /** What being in it means, and what not being in it does not mean. */
  explanation: Bilingual
  /** A query of the one column `siret`, of what everybody may read. */
  sirets: Sql
}

const layers = new Map<string, Layer>()

/** Says once, when the program is put together, which enterprises a map, a list or an export may be limited to. */
export function defineLayer(layer: Layer): void {
  layers.set(layer.id, layer)
}

/** Every layer, in the order in which they were defined. */
export const listLayers = (): Layer[] => [...layers.values()]

export const findLayer = (id: string): Layer | null => layers.get(id) ?? null

/** The condition that an establishment `e` is in the layer of a query. */
export const inLayer = (id: string): Sql => sql`e.siret in (${findLayer(id)!.sirets})`

/** A text that differs whenever a layer holds other enterprises; empty without a layer. */
export async function readLayerState(db: Executor, { layer }: Pick<EstablishmentQuery, 'layer'>): Promise<string> {
  if (!layer) return ''
  const found = await sql<{ state: string | null }>`
    select md5(string_agg(l.siret, ',' order by l.siret)) as state
    from (select distinct siret from (${findLayer(layer)!.sirets}) of_layer) l`.execute(db)
  return `${layer} ${found.rows[0]?.state ?? ''}`
}
