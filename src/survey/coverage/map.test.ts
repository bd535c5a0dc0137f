import { expect, test } from 'vitest'
import { drawCommunes, coverageMapSize } from './map.ts'
import { shadeOf, shades } from './model.ts'

/** A square, wound as on the sphere: clockwise. */
const square = (west: number, south: number, step = 0.1) => ({
  code: `${west} ${south}`,
  name: 'X',
  population: null,
  contour: {
    type: 'Polygon' as const,
    coordinates: [
      [
        [west, south],
        [west, south + step],
        [west + step, south + step],
        [west + step, south],
        [west, south],
      ],
    ],
  },
})

const numbersOf = (path: string) => (path.match(/-?[\d.]+/g) ?? []).map(Number)

test('every commune is drawn within the frame, side by side with its neighbour', () => {
  const shapes = drawCommunes([square(1, 44), square(1.1, 44)])
  for (const { path } of shapes) {
    const xs = numbersOf(path).filter((_, i) => i % 2 === 0)
    const ys = numbersOf(path).filter((_, i) => i % 2 === 1)
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(7.9)
    expect(Math.max(...xs)).toBeLessThanOrEqual(coverageMapSize.width - 7.9)
    expect(Math.min(...ys, 0)).toBe(0)
    expect(Math.max(...ys)).toBeLessThanOrEqual(coverageMapSize.height - 7.9)
  }
  const [left, right] = shapes.map(({ path }) => numbersOf(path).filter((_, i) => i % 2 === 0)) as [number[], number[]]
  expect(Math.max(...left)).toBeCloseTo(Math.min(...right), 1)
  expect(drawCommunes([])).toEqual([])
})

test('points that the eye cannot tell apart are left out', () => {
  const many = square(1, 44)
  const [a, b] = [many.contour.coordinates[0]![0]!, many.contour.coordinates[0]![1]!]
  const between = Array.from({ length: 5000 }, (_, i) => [a[0]!, a[1]! + ((b[1]! - a[1]!) * (i + 1)) / 5001])
  many.contour.coordinates[0]!.splice(1, 0, ...between)
  const [shape] = drawCommunes([many])
  expect(numbersOf(shape!.path).length).toBeLessThan(1500)
})

test('nobody to visit, nobody visited and everybody visited are told apart', () => {
  expect(shadeOf({ units: 0, surveyed: 0 })).toBeNull()
  expect(shadeOf({ units: 1000, surveyed: 0 })).toBe(0)
  expect(shadeOf({ units: 1000, surveyed: 1 })).toBe(1)
  expect(shadeOf({ units: 2, surveyed: 2 })).toBe(shades.length)
})
