import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkDegrees, fromDegrees, systemOf, toDegrees } from './projection.ts'

/** Lambert's conformal conic projection with two parallels, on GRS 80. */
function lambert93(lon: number, lat: number): [number, number] {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const a = 6378137
  const e = Math.sqrt(0.006694380022903416)
  const m = (phi: number) => Math.cos(phi) / Math.sqrt(1 - (e * Math.sin(phi)) ** 2)
  const t = (phi: number) =>
    Math.tan(Math.PI / 4 - phi / 2) / ((1 - e * Math.sin(phi)) / (1 + e * Math.sin(phi))) ** (e / 2)
  const [south, north] = [radians(44), radians(49)]
  const n = Math.log(m(south) / m(north)) / Math.log(t(south) / t(north))
  const radius = (phi: number) => ((a * m(south)) / (n * t(south) ** n)) * t(phi) ** n
  const angle = n * radians(lon - 3)
  const rho = radius(radians(lat))
  return [700000 + rho * Math.sin(angle), 6600000 + radius(radians(46.5)) - rho * Math.cos(angle)]
}

describe('metres to degrees', () => {
  test('the origin of Lambert-93 is 3° E, 46.5° N, by definition', () => {
    expect(toDegrees('2154', 700000, 6600000)).toEqual([3, 46.5])
  })

  test('Lambert-93 follows Snyder’s formulas (1987, 15-1 to 15-11) to a millimetre', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 9.5, noNaN: true }),
        fc.double({ min: 41.5, max: 51, noNaN: true }),
        (lon, lat) => {
          const [x, y] = fromDegrees('2154', lon, lat)
          const [expectedX, expectedY] = lambert93(lon, lat)
          expect(Math.hypot(x - expectedX, y - expectedY)).toBeLessThan(0.001)
        },
      ),
    )
  })

  test.each([
    ['974', '97411', 338242.25963364705, 7690041.171916906, 55.45, -20.88],
    ['971', '97118', 643228.0457317376, 1788663.0104018766, -61.66, 16.17],
    ['972', '97228', 712486.25, 1631646.95, -61.03, 14.75],
    ['973', '97307', 351028.78867769905, 530602.8648302219, -52.34, 4.8],
    ['976', '97610', 523933.40813258674, 8590830.726392334, 45.22, -12.75],
  ])('a unit of %s is in its commune %s', (departement, _, x, y, lon, lat) => {
    const found = toDegrees(systemOf(departement)!, x, y)!
    expect(Math.abs(found[0] - lon)).toBeLessThan(0.05)
    expect(Math.abs(found[1] - lat)).toBeLessThan(0.05)
  })

  test('come back to a centimetre everywhere in a territory', () => {
    const boxes = {
      2154: [-5, 42, 8, 51],
      5490: [-61.8, 14.4, -60.8, 16.5],
      2972: [-54, 2.5, -52, 5.5],
      2975: [55.2, -21.4, 55.8, -20.9],
      4471: [45, -13, 45.3, -12.6],
      4467: [-56.5, 46.7, -56.1, 47.1],
    } as const
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.entries(boxes)),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([epsg, [west, south, east, north]], a, b) => {
          const lon = west + a * (east - west)
          const lat = south + b * (north - south)
          const found = toDegrees(epsg, ...fromDegrees(epsg, lon, lat))!
          expect(Math.abs(found[0] - lon)).toBeLessThan(1e-7)
          expect(Math.abs(found[1] - lat)).toBeLessThan(1e-7)
        },
      ),
    )
  })

  test('outside the territory are no position', () => {
    expect(toDegrees('2154', 0, 0)).toBeNull()
    expect(toDegrees('2154', 338242, 7690041)).toBeNull()
    expect(toDegrees('2975', 700000, 6600000)).toBeNull()
    expect(toDegrees('2154', 9e8, 9e8)).toBeNull()
  })
})

test('degrees are kept where they may be', () => {
  expect(checkDegrees('2154', 1.355123456789, 44.018)).toEqual([1.3551235, 44.018])
  expect(checkDegrees('2154', 44.018, 1.355)).toBeNull()
  expect(checkDegrees(null, 55.45, -20.88)).toEqual([55.45, -20.88])
  expect(checkDegrees('2154', 55.45, -20.88)).toBeNull()
})
