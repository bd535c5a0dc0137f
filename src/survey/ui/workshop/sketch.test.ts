import { expect, test } from 'vitest'
import type { Pack } from '../../model.ts'
import { namesWithRoom, reachOf, sketchOf, sketchSize } from './sketch.ts'

const ring = [
  [1, 44],
  [2, 44],
  [2, 45],
  [1, 45],
  [1, 44],
]
const packOf = (contour: unknown, places: [number | null, number | null][]): Pack => ({
  id: 'p',
  body: 'b',
  territory: { code: '82', name: 'Ici' },
  madeAt: '',
  expiresAt: '',
  communes: [{ code: '82001', name: 'Ici', contour }],
  metiers: [],
  enterprises: places.map(([lon, lat], index) => ({
    siret: String(index),
    name: null,
    commune: '82001',
    address: null,
    metier: null,
    sector: null,
    lon,
    lat,
    asked: null,
  })),
})
const polygon = (coordinates: number[][]) => ({ type: 'Polygon', coordinates: [coordinates] })

test('a ring is drawn alike whichever way its file winds it', () => {
  const [one, other] = [ring, ring.toReversed()].map((coordinates) => sketchOf(packOf(polygon(coordinates), []))!)
  expect(one!.towns[0]!.x).toBeCloseTo(other!.towns[0]!.x)
  expect(one!.pointOf({ lon: 1.5, lat: 44.5 })!.x).toBeCloseTo(sketchSize.width / 2, 0)
})

test('a place that is touched is the one that is drawn there', () => {
  const sketch = sketchOf(packOf(polygon(ring), []))!
  const at = sketch.pointOf({ lon: 1.25, lat: 44.75 })!
  const back = sketch.placeAt(at.x, at.y)!
  expect(back.lon).toBeCloseTo(1.25, 5)
  expect(back.lat).toBeCloseTo(44.75, 5)
})

test('enterprises under the finger come the nearest first; those without a place are counted', () => {
  const places: [number | null, number | null][] = [
    [1.5, 44.5],
    [1.51, 44.5],
    [1.9, 44.9],
    [null, null],
  ]
  const sketch = sketchOf(packOf(polygon(ring), places))!
  const at = sketch.pointOf({ lon: 1.508, lat: 44.5 })!
  expect(reachOf(sketch, at.x, at.y, 20).map(({ siret }) => siret)).toEqual(['1', '0'])
  expect(sketch.withoutPlace).toBe(1)
})

test('without contours the enterprises make the frame; without any place there is no drawing', () => {
  const sketch = sketchOf(
    packOf(null, [
      [1, 44],
      [2, 45],
    ]),
  )!
  expect(sketch.towns).toEqual([])
  expect(sketch.points).toHaveLength(2)
  expect(sketchOf(packOf(null, [[null, null]]))).toBeNull()
  expect(sketchOf(packOf({ type: 'Point', coordinates: [1, 44] }, [[1, 44]]))).toBeNull()
})

test('names never cover each other', () => {
  const square = (x: number) => polygon(ring.map(([lon, lat]) => [1 + x / 50 + (lon! - 1) / 50, lat!]))
  const pack = packOf(null, [])
  const communes = Array.from({ length: 40 }, (_, x) => ({
    code: String(x),
    name: 'Saint-Nom-le-Long',
    contour: square(x),
  }))
  const names = namesWithRoom(sketchOf({ ...pack, communes })!)
  expect(names.length).toBeGreaterThan(1)
  for (const a of names)
    for (const b of names) if (a !== b) expect(Math.abs(a.x - b.x) > 60 || Math.abs(a.y - b.y) >= 14).toBe(true)
})
