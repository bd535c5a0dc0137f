import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { geoArea } from 'd3-geo'
import type { Position } from 'geojson'
import { expect, test } from 'vitest'
import { fold } from '#platform/model'
import { generate } from '../../../data/demonstration/generate.ts'
import { boundsOf, dissolve } from '../contours.ts'
import { isTerritoryCode } from '../model.ts'
import { contoursOf, readDemonstrationCommunes } from './load.ts'
import { demonstrationTerritory } from './territory.ts'

const folder = new URL('../../../data/demonstration/', import.meta.url)
const communes = readDemonstrationCommunes()
const contours = contoursOf(communes)
const named = new Map(communes.map((commune) => [commune.code, commune]))

interface RealCommune {
  code: string
  nom: string
  codesPostaux?: string[]
}
const readFrance = (name: string) =>
  createRequire(import.meta.url)(`@etalab/decoupage-administratif/data/${name}.json`) as RealCommune[]

type Segment = [ax: number, ay: number, bx: number, by: number]

/** Each border once, whichever neighbour it is read from. */
function uniqueSegments(rings: readonly Position[][]): Segment[] {
  const found = new Map<string, Segment>()
  for (const ring of rings)
    for (let i = 1; i < ring.length; i++) {
      const ends = [ring[i - 1]!, ring[i]!].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!)
      found.set(ends.join(' '), ends.flat() as Segment)
    }
  return [...found.values()]
}

const sideOf = ([ax, ay, bx, by]: Segment, x: number, y: number) =>
  Math.sign(Math.round(((bx - ax) * (y - ay) - (by - ay) * (x - ax)) * 1e12))

/** Whether two segments touch elsewhere than at a common end. */
function meet(a: Segment, b: Segment): boolean {
  const [from, to] = [sideOf(a, b[0], b[1]), sideOf(a, b[2], b[3])]
  const [start, end] = [sideOf(b, a[0], a[1]), sideOf(b, a[2], a[3])]
  return from * to < 0 && start * end < 0
}

function crossings(segments: Segment[]): [Segment, Segment][] {
  const byLongitude = segments.toSorted((a, b) => a[0] - b[0])
  return byLongitude.flatMap((one, i) => {
    const met: [Segment, Segment][] = []
    for (let j = i + 1; j < byLongitude.length && byLongitude[j]![0] <= one[2]; j++)
      if (meet(one, byLongitude[j]!)) met.push([one, byLongitude[j]!])
    return met
  })
}

test('the committed files are those that the generator writes', () => {
  for (const [file, text] of Object.entries(generate())) {
    expect(readFileSync(new URL(file, folder), 'utf8') === text, `${file} is not up to date: run generate.ts`).toBe(
      true,
    )
    expect(text.length).toBeLessThan(250_000)
  }
})

test('forty communes, in three EPCI and a Pays', () => {
  expect(communes).toHaveLength(40)
  expect([...new Set(communes.map(({ epci }) => epci))].sort()).toEqual(
    demonstrationTerritory.epcis.map(({ code }) => code),
  )
  expect(communes.filter(({ inPays }) => inPays).length).toBeGreaterThan(5)
  expect(Math.max(...communes.map(({ population }) => population))).toBe(18_240)
  expect(communes.filter(({ population }) => population < 500).length).toBeGreaterThan(15)
})

test('no border crosses another one, and neighbours share theirs', () => {
  const rings = communes.map(({ contour }) => contour)
  const segments = uniqueSegments(rings)
  expect(crossings(segments)).toEqual([])
  const shared = rings.reduce((sum, ring) => sum + ring.length - 1, 0) - segments.length
  const [outline] = dissolve(contours, () => 'all').get('all')!.coordinates as Position[][]
  expect(segments.length - shared).toBe(outline!.length - 1)
})

test('the communes cover the territory exactly: areas add up, and every union is in one piece without a hole', () => {
  const unions = [
    dissolve(contours, () => 'departement'),
    dissolve(contours, (code) => named.get(code)!.epci),
    dissolve(contours, (code) => (named.get(code)!.inPays ? 'pays' : null)),
  ]
  for (const [code, { type, coordinates }] of unions.flatMap((union) => [...union])) {
    expect(type, code).toBe('Polygon')
    expect(coordinates, code).toHaveLength(1)
  }
  const own = [...dissolve(contours, (code) => code).values()].map((contour) => geoArea(contour))
  const total = own.reduce((sum, area) => sum + area, 0)
  expect(total / geoArea(unions[0]!.get('departement')!)).toBeCloseTo(1, 9)
  const squareKilometres = own.map((area) => area * 6371 ** 2)
  expect(Math.min(...squareKilometres)).toBeGreaterThan(10)
  expect(Math.max(...squareKilometres)).toBeLessThan(120)
})

test('it lies in the Bay of Biscay, about fifty kilometres wide', () => {
  const [west, south, east, north] = boundsOf(dissolve(contours, () => 'all').get('all')!)
  expect(west).toBeGreaterThan(-5.7)
  expect(east).toBeLessThan(-4.7)
  expect(south).toBeGreaterThan(45.5)
  expect(north).toBeLessThan(46.3)
  expect((east - west) * 77.5).toBeGreaterThan(40)
})

test('its codes have the right shape and are nobody’s', () => {
  const { departement, epcis, pays } = demonstrationTerritory
  const codes = [departement.code, pays.code, ...epcis.map(({ code }) => code), ...communes.map(({ code }) => code)]
  expect(codes.filter((code) => !isTerritoryCode(code))).toEqual([])
  const real = ['communes', 'epci', 'departements', 'regions'].flatMap((name) =>
    readFrance(name).map(({ code }) => code),
  )
  expect(real.length).toBeGreaterThan(35_000)
  expect(codes.filter((code) => real.includes(code))).toEqual([])
  expect(real.filter((code) => code.startsWith(departement.code))).toEqual([])
})

test('no commune, EPCI or département of France has one of its names, nor a postcode in 96', () => {
  const { departement, epcis, pays } = demonstrationTerritory
  const names = [departement, pays, ...epcis, ...communes].map(({ name }) => name)
  expect(new Set(names.map(fold)).size).toBe(45)
  const real = new Set(
    ['communes', 'epci', 'departements', 'regions'].flatMap((name) => readFrance(name).map(({ nom }) => fold(nom))),
  )
  expect(names.filter((name) => real.has(fold(name)))).toEqual([])
  const postcodes = readFrance('communes').flatMap(({ codesPostaux }) => codesPostaux ?? [])
  expect(postcodes.filter((postcode) => postcode.startsWith('96'))).toEqual([])
})
