import { writeFileSync } from 'node:fs'
import { makeEnterprises, type Unit } from './generator/enterprises.ts'
import { makePlaces } from './generator/places.ts'
import type { Point } from './generator/voronoi.ts'

/** Middle of the territory: in the Bay of Biscay, where nobody can take it for a real place. */
const middle = { lon: -5.2, lat: 45.9 }
const kilometresADegree = { lon: 111.32 * Math.cos((middle.lat * Math.PI) / 180), lat: 111.13 }

const round = (degrees: number) => Math.round(degrees * 1e5) / 1e5
/** From kilometres around the middle to degrees, to the metre. */
const toCoordinates = ([x, y]: Point) => ({
  lon: round(middle.lon + x / kilometresADegree.lon),
  lat: round(middle.lat + y / kilometresADegree.lat),
})

const usual: Partial<Unit> = { state: 'open', diffusion: 'full', headquarters: true, positionQuality: 'none' }
const keys = [
  'siret',
  'state',
  'diffusion',
  'name',
  'naturalPerson',
  'legalCategory',
  'headquarters',
  'addressLine',
  'postcode',
  'communeCode',
  'lon',
  'lat',
  'positionQuality',
  'naf',
  'naf2025',
  'aprm',
  'employees',
  'createdOn',
  'closedOn',
  'updatedAt',
  'ess',
] as const satisfies readonly (keyof Unit)[]

/** Without what is unknown or usual, which the loader puts back. */
function shorten(unit: Unit): object {
  const told = keys.filter((key) => unit[key] !== null && unit[key] !== undefined && unit[key] !== usual[key])
  return Object.fromEntries(told.map((key) => [key, unit[key]]))
}

/** JSON with one object a line, so that a change of one shows as one line. */
const oneALine = (objects: readonly object[]) => `[\n${objects.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`

/**
 * The text of the two files of the demonstration, always the same for the same tables and code. Run by hand after a
 * change of either: `node data/demonstration/generate.ts`.
 */
export function generate(): Record<'territory.json' | 'enterprises.json', string> {
  const places = makePlaces()
  const communes = places.map(({ code, name, population, epci, inPays, ring }) => {
    const contour = ring.map((point) => Object.values(toCoordinates(point)))
    return { code, name, population, epci, inPays, contour }
  })
  const enterprises = makeEnterprises(places, toCoordinates)
  return { 'territory.json': oneALine(communes), 'enterprises.json': oneALine(enterprises.map(shorten)) }
}

if (import.meta.main)
  for (const [file, text] of Object.entries(generate())) writeFileSync(new URL(file, import.meta.url), text)
