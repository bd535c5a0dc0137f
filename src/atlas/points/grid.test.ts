import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  finestLevel,
  levelOf,
  mercatorX,
  mercatorY,
  mortonOf,
  mortonOfPlace,
  pointsZoom,
  squareOfMorton,
  squaresOfTile,
  squaresTouching,
} from './grid.ts'

const axis = fc.oneof(
  fc.integer({ min: 0, max: 2 ** finestLevel - 1 }),
  fc.constantFrom(0, 1, 2 ** 13 - 1, 2 ** 13, 2 ** 26 - 1),
)

test('a Morton code gives back its column and row, and its prefix those of every coarser level', () => {
  fc.assert(
    fc.property(axis, axis, fc.integer({ min: 0, max: finestLevel }), (x, y, level) => {
      const shift = finestLevel - level
      expect(squareOfMorton(mortonOf(x, y))).toEqual([x, y])
      expect(Math.floor(mortonOf(x, y) / 4 ** shift)).toBe(mortonOf(x >>> shift, y >>> shift))
    }),
  )
})

test('Morton codes are the bits of row and column in turn', () => {
  expect(mortonOf(0b011, 0b101)).toBe(0b100111)
  expect(mortonOf(2 ** 26 - 1, 2 ** 26 - 1)).toBe(2 ** 52 - 1)
  expect(mortonOf(2 ** 25, 0)).toBe(2 ** 50)
  expect(mortonOf(0, 2 ** 25)).toBe(2 ** 51)
})

test('the corners of the world are at its edge, and what lies beyond too', () => {
  expect([mercatorX(-180), mercatorX(0), mercatorX(180), mercatorY(0)]).toEqual([0, 0.5, 1, 0.5])
  expect(mercatorY(90)).toBeCloseTo(0, 12)
  expect(mercatorY(-86)).toBeCloseTo(1, 12)
  expect(mortonOfPlace(-180, 90)).toBe(0)
  expect(mortonOfPlace(180, -90)).toBe(2 ** 52 - 1)
  expect(mortonOfPlace(999, -90)).toBe(2 ** 52 - 1)
})

test('Mercator ordinates fall strictly between latitudes that are told apart, however close', () => {
  const latitude = fc.integer({ min: -85_051_128_779, max: 85_051_128_778 })
  fc.assert(
    fc.property(latitude, fc.integer({ min: 1, max: 3 }), (nano, step) => {
      expect(mercatorY((nano + step) / 1e9)).toBeLessThan(mercatorY(nano / 1e9))
      expect(mercatorY(nano / 1e9 + 1e-11)).toBe(mercatorY(nano / 1e9))
    }),
    { numRuns: 1000 },
  )
})

test('the squares of a tile are those that its box touches, without the neighbours', () => {
  expect(squaresOfTile(3, 4, 2, 6)).toEqual({ west: 32, north: 16, east: 39, south: 23 })
  expect(squaresOfTile(0, 0, 0, finestLevel)).toEqual({ west: 0, north: 0, east: 2 ** 26 - 1, south: 2 ** 26 - 1 })
  expect(squaresTouching([0, 0, 0, 0], 3)).toEqual({ west: 4, north: 4, east: 4, south: 4 })
  expect(squaresTouching([-180, -90, 180, 90], 3)).toEqual({ west: 0, north: 0, east: 7, south: 7 })
})

test('squares are of 64 px up to the zoom of single units', () => {
  expect([-1, 0, 4.9, 5, pointsZoom - 0.1, pointsZoom, 30].map(levelOf)).toEqual([
    3,
    3,
    7,
    8,
    18,
    finestLevel,
    finestLevel,
  ])
})
