import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeNames } from './names.ts'
import { frameOf, project, unproject, worldSize } from './view.ts'

const size = { width: 540, height: 460 }
const view = { zoom: 9, lat: 45.9, lon: -5.2 }
const frame = frameOf(view, size.width, size.height)

/** The place at some pixels of the frame. */
function placeAt(x: number, y: number): { lon: number; lat: number } {
  const scale = worldSize * 2 ** view.zoom
  const [cx, cy] = project(view.lon, view.lat)
  const [lon, lat] = unproject(cx + (x - size.width / 2) / scale, cy + (y - size.height / 2) / scale)
  return { lon, lat }
}

const pixel = fc.record({ x: fc.integer({ min: 0, max: 540 }), y: fc.integer({ min: 0, max: 460 }) })
const towns = fc.array(fc.tuple(pixel, fc.stringMatching(/^[A-Z][a-z-]{2,18}$/)), { maxLength: 30 })
const spots = fc.array(
  fc.tuple(pixel, fc.integer({ min: 6, max: 24 })).map(([at, radius]) => ({ ...at, radius })),
  { maxLength: 30 },
)

/** The least box that the letters of a placed name fill. */
function boxOf({ name, x, y, anchor }: ReturnType<typeof placeNames>[number], letters: number) {
  const width = name.length * letters * 0.5
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor]
  return { left, right: left + width, top: y - letters * 0.7, bottom: y }
}

test('names touch neither circles, nor one another, nor the edge', () => {
  fc.assert(
    fc.property(towns, spots, fc.constantFrom(13, 19), (places, discs, letters) => {
      const named = places.map(([{ x, y }, name]) => ({ name, ...placeAt(x, y) }))
      const boxes = placeNames(named, discs, frame, letters, 16).map((one) => boxOf(one, letters))
      expect(boxes.length).toBeLessThanOrEqual(16)
      for (const [index, box] of boxes.entries()) {
        expect(box.left >= 0 && box.top >= 0 && box.right <= 540 && box.bottom <= 460).toBe(true)
        for (const { x, y, radius } of discs) {
          const [dx, dy] = [Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)]
          expect(Math.hypot(dx, dy)).toBeGreaterThanOrEqual(radius)
        }
        for (const other of boxes.slice(0, index))
          expect(
            box.left >= other.right || other.left >= box.right || box.top >= other.bottom || other.top >= box.bottom,
          ).toBe(true)
      }
    }),
  )
})

test('the first town keeps its name beside its circle when there is room', () => {
  const names = placeNames(
    [{ name: 'Montauban', ...placeAt(270, 230) }],
    [{ x: 270, y: 230, radius: 20 }],
    frame,
    13,
    16,
  )
  expect(names).toHaveLength(1)
  expect(names[0]).toMatchObject({ x: 270, anchor: 'middle' })
  expect(names[0]!.y).toBeGreaterThan(250)
})

test('a free town is named on its own point', () => {
  const [name] = placeNames([{ name: 'Lafrançaise', ...placeAt(100, 100) }], [], frame, 13, 16)
  expect(Math.abs(name!.y - 104)).toBeLessThan(4)
})
