import { VectorTile } from '@mapbox/vector-tile'
import fc from 'fast-check'
import { PbfReader } from 'pbf'
import { expect, test } from 'vitest'
import { encodeLayers, extent, type TileLayer } from './mvt.ts'

/** Layers as the reference decoder reads them. */
const decoded = (bytes: Uint8Array): TileLayer[] =>
  Object.values(new VectorTile(new PbfReader(bytes)).layers).map((layer) => {
    expect([layer.version, layer.extent]).toEqual([2, extent])
    return {
      name: layer.name,
      points: Array.from({ length: layer.length }, (_, n) => {
        const feature = layer.feature(n)
        const { x, y } = feature.loadGeometry()[0]![0]!
        return { x, y, properties: { ...feature.properties } as Record<string, string | number> }
      }),
    }
  })

const value = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.nat(),
  fc.constantFrom(
    '',
    'Œuvre d’étain 🏺',
    '𠀀',
    0,
    -1,
    2 ** 31,
    2 ** 53 - 1,
    0.1,
    -179.999999999,
    1e300,
    1.3544444444444443,
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
)
const coordinate = fc.integer({ min: 0, max: extent - 1 })
const point = fc.record({
  x: coordinate,
  y: coordinate,
  properties: fc.dictionary(fc.constantFrom('a', 'b', 'é', 'count', 'siret'), value, { noNullPrototype: true }),
})

test('the reference decoder reads what was written, to the last digit', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1 }), fc.array(point, { minLength: 1 }), (one, other) => {
      const layers = [
        { name: 'clusters', points: one },
        { name: 'points', points: other },
      ]
      expect(decoded(encodeLayers(layers))).toEqual(layers)
    }),
  )
})

test('a null property and an empty layer are left out', () => {
  const points = [{ x: 1, y: 2, properties: { name: null, siret: '01234567890123' } }]
  const bytes = encodeLayers([
    { name: 'clusters', points: [] },
    { name: 'points', points },
  ])
  expect(decoded(bytes)).toEqual([
    { name: 'points', points: [{ x: 1, y: 2, properties: { siret: '01234567890123' } }] },
  ])
  expect(encodeLayers([{ name: 'points', points: [] }]).length).toBe(0)
})
