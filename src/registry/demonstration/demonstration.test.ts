import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { geoContains } from 'd3-geo'
import type { Polygon, Position } from 'geojson'
import { expect, test } from 'vitest'
import { demonstrationTerritory } from '#territory'
import { classify, createNomenclature } from '../crafts/nomenclature.ts'
import { referenceMetiers } from '../metiers/reference.ts'
import { isSiren, isSiret } from '../sirene/siret.ts'
import { readDemonstrationRecords } from './load.ts'

const root = join(import.meta.dirname, '../../..')
const nomenclatures = join(root, '../shared/data/nomenclatures')
const records = readDemonstrationRecords()

interface Commune {
  code: string
  name: string
  contour: Position[]
}
const communes = JSON.parse(readFileSync(join(root, 'data/demonstration/territory.json'), 'utf8')) as Commune[]
// On the sphere an outline is wound clockwise, against the right-hand rule of the file.
const contours = new Map<string | null, Polygon>(
  communes.map(({ code, contour }) => [code, { type: 'Polygon', coordinates: [contour.toReversed()] }]),
)

const share = (matching: (record: (typeof records)[number]) => boolean) =>
  records.filter(matching).length / records.length

test('six hundred SIRET, all different, that pass the checksum in a range never attributed', () => {
  expect(records).toHaveLength(600)
  expect(new Set(records.map(({ siret }) => siret)).size).toBe(600)
  expect(records.filter(({ siret, siren }) => !isSiret(siret) || !isSiren(siren) || !siret.startsWith(siren))).toEqual(
    [],
  )
  expect(records.filter(({ siren }) => !siren.startsWith('00000'))).toEqual([])
})

test('the four sectors have their usual shares, one unit in eight is no craft, and each rule answers for some', () => {
  const nomenclature = createNomenclature(referenceMetiers())
  const crafts = records.map((record) => classify(nomenclature, record))
  const counts = Object.fromEntries(
    Map.groupBy(crafts, ({ sector }) => sector ?? 'none')
      .entries()
      .map(([sector, of]) => [sector, of.length]),
  )
  expect(counts).toEqual({ building: 211, services: 159, making: 79, food: 79, none: 72 })
  expect(crafts.filter(({ craftRule, metier }) => (craftRule === 'none') !== (metier === null))).toEqual([])
  expect(new Set(crafts.map(({ metier }) => metier)).size).toBeGreaterThan(60)
  expect(new Set(crafts.map(({ craftRule }) => craftRule))).toEqual(new Set(['aprm', 'naf', 'naf_partial', 'none']))
})

test('each precise position lies inside its commune', () => {
  const precise = records.filter(({ positionQuality }) => positionQuality === 'address' || positionQuality === 'street')
  expect(precise.length).toBeGreaterThan(400)
  const outside = precise.filter(({ communeCode, lon, lat }) => !geoContains(contours.get(communeCode)!, [lon!, lat!]))
  expect(outside.map(({ siret }) => siret)).toEqual([])
})

test('a position and its quality go together', () => {
  const wrong = records.filter(
    ({ lon, lat, positionQuality }) =>
      (lon === null) !== (positionQuality === 'none') || (lon === null) !== (lat === null),
  )
  expect(wrong).toEqual([])
  expect(share(({ positionQuality }) => positionQuality === 'none')).toBeGreaterThan(0.1)
  expect(records.filter(({ communeCode }) => communeCode === null)).toHaveLength(4)
  expect(records.filter(({ communeCode }) => communeCode !== null && !contours.has(communeCode))).toEqual([])
})

test('partial diffusion gives no name, no address and no place', () => {
  const partial = records.filter(({ diffusion }) => diffusion === 'partial')
  expect(partial.length).toBeGreaterThan(40)
  expect(partial.filter(({ name, addressLine, postcode, lon }) => name ?? addressLine ?? postcode ?? lon)).toEqual([])
})

test('every company that may be shown has a name, natural persons at most a sign', () => {
  const companies = records.filter(({ naturalPerson, diffusion }) => naturalPerson === false && diffusion === 'full')
  expect(companies.filter(({ name, legalCategory }) => name === null || legalCategory === '1000')).toEqual([])
  const main = companies.filter(({ headquarters }) => headquarters).map(({ name }) => name)
  expect(new Set(main).size).toBe(main.length)
  expect(companies.length).toBeGreaterThan(main.length)
  const persons = records.filter(({ naturalPerson }) => naturalPerson)
  expect(persons.filter(({ legalCategory }) => legalCategory !== '1000')).toEqual([])
  expect(persons.length / records.length).toBeGreaterThan(0.45)
  expect(persons.filter(({ name }) => name === null).length).toBeGreaterThan(persons.length / 2)
})

test('dates follow each other, from the sixties to 2026', () => {
  const created = records.map(({ createdOn }) => createdOn!).sort()
  expect(created[0]).toMatch(/^196/)
  expect(created.at(-1)).toMatch(/^2026-/)
  expect(records.filter(({ state, closedOn }) => (state === 'closed') !== (closedOn !== null))).toEqual([])
  expect(
    records.filter(
      ({ createdOn, closedOn, updatedAt }) => (closedOn ?? createdOn!) > updatedAt! || (closedOn ?? '9') < createdOn!,
    ),
  ).toEqual([])
  expect(share(({ state }) => state === 'closed')).toBeGreaterThan(0.04)
})

test('half of the crafts have an APRM code, which starts with their NAF code', () => {
  expect(share(({ aprm }) => aprm !== null)).toBeCloseTo(0.47, 1)
  const wrong = records.filter(
    ({ aprm, naf }) => aprm !== null && (!/^\d{4}[A-Z]{2}$/.test(aprm) || !aprm.startsWith(naf!.replace('.', ''))),
  )
  expect(wrong).toEqual([])
})

test('every NAF code exists', (context) => {
  const files = ['naf_rev2_libelles.csv', 'naf_2025_sous_classes.csv'].map((name) => join(nomenclatures, name))
  for (const file of files) if (!existsSync(file)) return context.skip(`needs ${relative(root, file)}`)
  const [old, current] = files.map(
    (file) =>
      new Set(
        readFileSync(file, 'utf8')
          .split('\n')
          .map((line) => line.slice(0, 6)),
      ),
  )
  expect(records.filter(({ naf }) => !old!.has(naf!)).map(({ naf }) => naf)).toEqual([])
  expect(records.filter(({ naf2025 }) => naf2025 && !current!.has(naf2025)).map(({ naf2025 }) => naf2025)).toEqual([])
})

test('its département is the fictional one', () => {
  const { code } = demonstrationTerritory.departement
  expect(records.filter(({ communeCode }) => communeCode && !communeCode.startsWith(code))).toEqual([])
})
