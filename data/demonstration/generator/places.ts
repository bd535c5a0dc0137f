import { demonstrationTerritory } from '../../../src/territory/demonstration/territory.ts'
import { distanceToBorder, isInside } from './borders.ts'
import { drawTerritory, type Parish } from './geography.ts'
import { createRandom, type Random } from './random.ts'
import { bankOf, riverAt } from './relief.ts'
import { readTable, readToponyms } from './tables.ts'
import { distance, type Point } from './voronoi.ts'

export interface Street {
  name: string
  middle: Point
  /** From the middle to the last house, in kilometres. */
  reach: Point
  /** Without house numbers: a hamlet or a business park. */
  scattered: boolean
}

export interface Place {
  code: string
  name: string
  population: number
  postcode: string
  epci: string
  /** Whether it is in the Pays. */
  inPays: boolean
  /** Closed, counter-clockwise, in kilometres. */
  ring: Point[]
  streets: Street[]
}

/** Kilometres from the middle of a village to its last streets. */
const villageRadius = (population: number) => 0.12 + 0.008 * Math.sqrt(population)

/** Where the village is: near its bank when there is one, and never on a border. */
function findVillage({ point: site, bank, ring }: Parish, margin: number, random: Random): Point {
  const [rx, ry] = riverAt(site[1])
  const wished: Point = bank ? [0.3 * site[0] + 0.7 * rx, 0.3 * site[1] + 0.7 * ry] : site
  const candidates = Array.from({ length: 400 }, (): Point => [
    wished[0] + random.between(-4, 4),
    wished[1] + random.between(-4, 4),
  ])
  const fitting = candidates.filter((point) => isInside(point, ring) && distanceToBorder(point, ring) > margin)
  if (fitting.length === 0) throw new Error('A commune is too narrow for its village')
  return fitting.reduce((best, point) => (distance(point, wished) < distance(best, wished) ? point : best))
}

function around([x, y]: Point, minimum: number, maximum: number, random: Random): Point {
  const angle = random.between(0, 2 * Math.PI)
  const away = random.between(minimum, maximum)
  return [x + away * Math.cos(angle), y + away * Math.sin(angle)]
}

function pointInside(ring: readonly Point[], make: () => Point): Point {
  for (let i = 0; i < 500; i++) {
    const point = make()
    if (isInside(point, ring) && distanceToBorder(point, ring) > 0.15) return point
  }
  throw new Error('No place was found inside a commune')
}

function layStreets(parish: Parish, population: number, random: Random): Street[] {
  const radius = villageRadius(population)
  const village = findVillage(parish, radius * 1.1, random)
  const within = (minimum: number, maximum: number) =>
    pointInside(parish.ring, () => around(village, minimum, maximum, random))
  const some = (kind: 'lane' | 'hamlet' | 'park', count: number) => random.shuffled(readToponyms(kind)).slice(0, count)
  const street = (name: string, middle: Point, length: number, scattered: boolean): Street => {
    const reach = around([0, 0], length, length, random)
    return { name, middle, reach, scattered }
  }
  return [
    ...some('lane', Math.round(4 + Math.sqrt(population) / 4)).map((name) =>
      street(name, around(village, 0, radius * 0.8, random), radius * random.between(0.1, 0.2), false),
    ),
    ...some('hamlet', 5).map((name) => street(name, within(radius, 4), 0.1, true)),
    ...some('park', population > 800 ? 1 : 0).map((name) =>
      street(name, within(radius * 0.9, radius + 0.6), 0.14, true),
    ),
  ]
}

/** The EPCI of the town holds the valley but its end, the two others their side of the river. */
function epciOf({ point, bank }: Parish): string {
  const [middle, west, east] = demonstrationTerritory.epcis
  if (bank && point[1] > -16) return middle.code
  return bankOf(point) === 'left' ? east.code : west.code
}

/** The forty communes, in the order of their names, which is the order of their codes. */
export function makePlaces(): Place[] {
  const parishes = drawTerritory('trois-fours')
  const rows = readTable('communes.csv', ['place', 'name', 'population', 'postcode'])
  const places = parishes.map((parish, index) => {
    const { place, name, population, postcode } = rows[index]!
    if ((place === 'river') !== (parish.bank !== null)) throw new Error(`${name} is not where its name says`)
    return {
      name,
      population: Number(population),
      postcode,
      epci: epciOf(parish),
      inPays: bankOf(parish.point) === 'left',
      ring: parish.ring,
      streets: layStreets(parish, Number(population), createRandom(`streets of ${name}`)),
    }
  })
  places.sort((a, b) => a.name.localeCompare(b.name, 'fr'))
  return places.map((place, index) => ({
    code: `${demonstrationTerritory.departement.code}${String(index + 1).padStart(3, '0')}`,
    ...place,
  }))
}
