import { createHash } from 'node:crypto'
import type { Cluster } from '../points/clusters.ts'
import type { Unit } from '../points/columns.ts'
import type { Filter } from '../points/filter.ts'
import { mercatorX, mercatorY } from '../points/grid.ts'
import type { PointIndex } from '../points/point-index.ts'
import { encodeLayers, extent, type TilePoint } from './mvt.ts'

/** To be raised with each change of the tiles' content, so that no copy of the former ones is taken for fresh. */
const format = 1

/** Properties of a feature of the layer `clusters`: those of the cluster, its bounds one by one. */
function clusterProperties({ count, approximate, bounds: [west, south, east, north] }: Cluster) {
  return { count, approximate, west, south, east, north }
}

/** Properties of a feature of the layer `points`; the coordinates are the exact ones. */
function unitProperties({ siret, name, sector, metier, positionQuality }: Unit, { lon, lat }: Cluster) {
  return { siret, name, sector, metier, positionQuality, lon, lat }
}

/** A Mercator coordinate in units of a tile; what lies on the far edge of the world stays inside. */
const within = (mercator: number, z: number, tile: number) =>
  Math.min(extent - 1, Math.max(0, Math.floor((mercator * 2 ** z - tile) * extent)))

/**
 * A vector tile of the rows that a filter keeps: layer `clusters` (`count`, `approximate`, `west`, `south`, `east`,
 * `north`) and layer `points` (units that are alone: `siret`, `name`, `sector`, `metier`, `positionQuality`, `lon`, `lat`).
 * A feature is in the tile that contains it and in no other, so that each row is counted once; MapLibre does not cut
 * circles and symbols at the edges of a tile, thus no margin repeats those of the neighbours. Tiles of `pointsZoom`
 * hold all that deeper ones do. Empty: no bytes.
 * @param z 0 to 22; x and y from 0 to 2^z − 1
 */
export function encodeTile(index: PointIndex, filter: Filter, z: number, x: number, y: number): Uint8Array {
  const clusters: TilePoint[] = []
  const points: TilePoint[] = []
  for (const cluster of index.clustersOfTile(filter, z, x, y)) {
    const place = { x: within(mercatorX(cluster.lon), z, x), y: within(mercatorY(cluster.lat), z, y) }
    if (cluster.unit) points.push({ ...place, properties: unitProperties(cluster.unit, cluster) })
    else clusters.push({ ...place, properties: clusterProperties(cluster) })
  }
  return encodeLayers([
    { name: 'clusters', points: clusters },
    { name: 'points', points },
  ])
}

/**
 * The ETag of a tile, weak since a proxy may compress it: it changes with the register's revision and with the filter
 * (`Filter.key`). `revision` must also change when the communes of a territory do.
 */
export function tileEtag(revision: number | string, filterKey: string, z: number, x: number, y: number): string {
  const hash = createHash('sha256').update(JSON.stringify([format, revision, filterKey, z, x, y]))
  return `W/"${hash.digest('base64url').slice(0, 22)}"`
}
