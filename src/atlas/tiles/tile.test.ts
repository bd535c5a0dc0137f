import type { Point } from '#registry/model'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import { expect, test } from 'vitest'
import { filterOf, type Filter } from '../points/filter.ts'
import { mercatorX, mercatorY, pointsZoom } from '../points/grid.ts'
import { PointIndex } from '../points/point-index.ts'
import { createPopulation, createRandom, everything, randomQuery } from '../points/testing.ts'
import { extent } from './mvt.ts'
import { encodeTile, tileEtag } from './tile.ts'

const size = 4000
const population = createPopulation(size, 21)
const { rows } = population
const edges: [number, number][] = [
  [-180, 0],
  [180, 0],
  [180, 90],
  [-180, -90],
  [0, 0],
  [0, 85.0511287798066],
  [90, -86],
]
const all: Point[] = [...rows, ...edges.map(([lon, lat], n) => ({ ...rows[0]!, id: size + 1 + n, lon, lat }))]
const index = await PointIndex.fromRows([all])
const everyone = filterOf(everything)

interface Feature {
  layer: string
  lon: number
  lat: number
  properties: Record<string, string | number | boolean>
}

function featuresOf(filter: Filter, z: number, x: number, y: number): Feature[] {
  const { layers } = new VectorTile(new PbfReader(encodeTile(index, filter, z, x, y)))
  return Object.values(layers).flatMap((layer) =>
    Array.from({ length: layer.length }, (_, n) => {
      const feature = layer.feature(n)
      const { x: left, y: top } = feature.loadGeometry()[0]![0]!
      expect(Math.min(left, top, extent - 1 - left, extent - 1 - top)).toBeGreaterThanOrEqual(0)
      const { geometry } = feature.toGeoJSON(x, y, z)
      if (geometry.type !== 'Point') throw new Error(geometry.type)
      const [lon, lat] = geometry.coordinates as [number, number]
      return { layer: layer.name, lon, lat, properties: feature.properties }
    }),
  )
}

const countOf = ({ layer, properties }: Feature) => (layer === 'points' ? 1 : (properties.count as number))
const tilesOf = (z: number) =>
  Array.from({ length: 4 ** z }, (_, n): [number, number] => [n % 2 ** z, Math.floor(n / 2 ** z)])

test('the tiles of a zoom share out every placed row between them, each once', () => {
  const random = createRandom(4)
  for (let n = 0; n < 20; n++) {
    const asked = n === 0 ? { query: everything, communes: null, ids: null } : randomQuery(random, population)
    const filter = filterOf(asked.query, asked)
    for (let z = 0; z <= 4; z++) {
      const counts = tilesOf(z).flatMap(([x, y]) => featuresOf(filter, z, x, y).map(countOf))
      const sum = counts.reduce((total, count) => total + count, 0)
      expect(sum, `zoom ${z}`).toBe(index.count(filter) - index.countUnplaced(filter))
    }
  }
})

test('a tile decodes to the clusters of its square, where they are', () => {
  for (const [z, x, y] of [
    [0, 0, 0],
    [5, 16, 11],
    [8, 128, 90],
    [3, 7, 7],
    [3, 0, 4],
  ] as const) {
    const clusters = index.clustersOfTile(everyone, z, x, y)
    const found = featuresOf(everyone, z, x, y)
    const expected = clusters
      .filter((one) => !one.unit)
      .map(({ count, approximate, bounds: [west, south, east, north] }) => ({
        count,
        approximate,
        west,
        south,
        east,
        north,
      }))
    expect(found.filter((one) => one.layer === 'clusters').map((one) => one.properties)).toEqual(expected)
    const units = clusters.filter((one) => one.unit).map((one) => one.unit!.siret)
    expect(found.filter((one) => one.layer === 'points').map((one) => one.properties.siret)).toEqual(units)
    const ordered = [...clusters.filter((one) => !one.unit), ...clusters.filter((one) => one.unit)]
    const unit = 1 / 4096 / 2 ** z
    for (const [n, one] of found.entries()) {
      expect(Math.abs(mercatorX(one.lon) - mercatorX(ordered[n]!.lon))).toBeLessThan(1.01 * unit)
      expect(Math.abs(mercatorY(one.lat) - mercatorY(ordered[n]!.lat))).toBeLessThan(1.01 * unit)
    }
  }
})

test('units stand alone with their own properties from the zoom of single units on; those of one place stay together', () => {
  const lone = rows.find(
    (one) =>
      one.lon !== null &&
      one.name &&
      one.metier &&
      one.sector &&
      rows.every((other) => other === one || other.lon !== one.lon),
  )!
  const stacked = rows.find(
    (one) =>
      one.positionQuality === 'commune' &&
      rows.filter((other) => other.lon === one.lon && other.lat === one.lat).length > 2,
  )!
  const tileAt = ({ lon, lat }: Point) =>
    [mercatorX(lon!), mercatorY(lat!)].map((part) => Math.floor(part * 2 ** pointsZoom)) as [number, number]
  const features = featuresOf(everyone, pointsZoom, ...tileAt(lone))
  const { siret, name, sector, metier, positionQuality, lon, lat } = lone
  expect(features.find((one) => one.properties.siret === siret)?.properties).toEqual({
    siret,
    name,
    sector,
    metier,
    positionQuality,
    lon,
    lat,
  })
  const stack = featuresOf(everyone, pointsZoom, ...tileAt(stacked)).find((one) => one.properties.west === stacked.lon)
  const members = rows.filter((one) => one.lon === stacked.lon && one.lat === stacked.lat)
  expect(stack?.properties).toMatchObject({
    count: members.length,
    west: stacked.lon,
    east: stacked.lon,
    south: stacked.lat,
    north: stacked.lat,
  })
  expect(stack?.properties.approximate).toBe(members.filter((one) => one.positionQuality === 'commune').length)
})

test('nothing is one empty tile', () => {
  const nobody = filterOf({ ...everything, metiers: ['inconnu'] })
  expect(encodeTile(index, nobody, 0, 0, 0).length).toBe(0)
})

test('an ETag changes with each of the things that the tile depends on, and with nothing else', () => {
  const tags = [
    tileEtag(1, '', 0, 0, 0),
    tileEtag(2, '', 0, 0, 0),
    tileEtag(1, 'sector=food', 0, 0, 0),
    tileEtag(1, '', 1, 0, 0),
    tileEtag(1, '', 1, 1, 0),
    tileEtag(1, '', 1, 0, 1),
    tileEtag(1, '1', 0, 0, 0),
    tileEtag('1-2', '', 0, 0, 0),
  ]
  expect(new Set(tags).size).toBe(tags.length)
  expect(tileEtag(1, '', 0, 0, 0)).toBe(tags[0])
  for (const tag of tags) expect(tag).toMatch(/^W\/"[\w-]{22}"$/)
})
