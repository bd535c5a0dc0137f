import { afterAll, describe, expect, test } from 'vitest'
import { createFolder, readRow } from './testing/collect.ts'

const folder = createFolder()
afterAll(folder.remove)
const readOne = (values: Record<string, string>, options = {}) => readRow(folder, values, options)

describe('place', () => {
  test.each([
    ['', '82000', null, []],
    ['99109', '', null, []],
    ['2a004', '20000', '2A004', []],
    ['75104', '75004', '75104', []],
  ])('commune « %s »', async (codeCommuneEtablissement, codePostalEtablissement, communeCode, issues) => {
    const { record, told } = await readOne({ codeCommuneEtablissement, codePostalEtablissement })
    expect([record.communeCode, told]).toEqual([communeCode, issues])
  })

  test.each([
    [{ libelleVoieEtablissement: 'CHEZ MME DURAND' }, null],
    [{ numeroVoieEtablissement: '2', libelleVoieEtablissement: 'C/O DURAND' }, null],
    [
      { numeroVoieEtablissement: '2', typeVoieEtablissement: 'AV', libelleVoieEtablissement: 'DE\u0000 GAULLE' },
      '2 AV DE  GAULLE',
    ],
    [{}, null],
  ])('address %o', async (values, addressLine) => {
    expect((await readOne(values)).record.addressLine).toBe(addressLine)
  })

  const metres = { coordonneeLambertAbscisseEtablissement: '568000', coordonneeLambertOrdonneeEtablissement: '6325000' }
  const degrees = { longitude: '1.36', latitude: '44.01' }
  test.each([
    [{ ...metres, numeroVoieEtablissement: '1', libelleVoieEtablissement: 'RUE HAUTE' }, 'address'],
    [{ ...metres, libelleVoieEtablissement: 'RUE HAUTE' }, 'street'],
    [metres, 'commune'],
    [{ ...degrees, geo_type: 'housenumber', geo_score: '0.9' }, 'address'],
    [{ ...degrees, geo_type: 'street', geo_score: '0.9' }, 'street'],
    [{ ...degrees, geo_type: 'locality', geo_score: '0.9' }, 'street'],
    [{ ...degrees, geo_type: 'municipality', geo_score: '0.9' }, 'commune'],
    [{ ...degrees, geo_type: 'housenumber', geo_score: '0.3' }, 'commune'],
    [{ ...degrees, geo_type: 'other' }, 'commune'],
  ])('%o is as sure as %s', async (values, quality) => {
    const { record, told } = await readOne(values)
    expect(record).toMatchObject({
      positionQuality: quality,
      lon: expect.closeTo(1.36, 1),
      lat: expect.closeTo(44.01, 1),
    })
    expect(told).toEqual([])
  })

  test.each([
    [{ longitude: '0', latitude: '0' }, []],
    [{ longitude: '', latitude: '' }, []],
    [{ coordonneeLambertAbscisseEtablissement: '[ND]', coordonneeLambertOrdonneeEtablissement: '[ND]' }, []],
    [{ longitude: 'NOT_VALID', latitude: 'NOT_VALID' }, ['warning coordinates.malformed']],
    [{ longitude: '1,36', latitude: '44,01' }, ['warning coordinates.malformed']],
    [{ longitude: '44.01', latitude: '1.36' }, ['warning coordinates.out_of_bounds']],
    [
      { coordonneeLambertAbscisseEtablissement: '6325000', coordonneeLambertOrdonneeEtablissement: '568000' },
      ['warning coordinates.out_of_bounds'],
    ],
    [
      { coordonneeLambertAbscisseEtablissement: '568000', coordonneeLambertOrdonneeEtablissement: '' },
      ['warning coordinates.malformed'],
    ],
    [{ ...metres, codeCommuneEtablissement: '98735' }, ['warning coordinates.unknown_system']],
  ])('%o is nowhere', async (values, issues) => {
    const { record, told } = await readOne(values)
    expect(record).toMatchObject({ lon: null, lat: null, positionQuality: 'none' })
    expect(told).toEqual(issues)
  })

  test('wrong degrees leave the metres', async () => {
    const { record, told } = await readOne({ ...metres, longitude: 'x', latitude: 'y' })
    expect([record.lon !== null, told]).toEqual([true, ['warning coordinates.malformed']])
  })

  test('overseas metres are read in the system of their département', async () => {
    const { record } = await readOne({
      codeCommuneEtablissement: '97411',
      coordonneeLambertAbscisseEtablissement: '338242.25963364705',
      coordonneeLambertOrdonneeEtablissement: '7690041.171916906',
    })
    expect(record).toMatchObject({ lon: expect.closeTo(55.45, 1), lat: expect.closeTo(-20.88, 1) })
  })
})

describe('one département', () => {
  test.each([
    [{ codeCommuneEtablissement: '82121' }, true],
    [{ codeCommuneEtablissement: '', codePostalEtablissement: '82100' }, true],
    [{ codeCommuneEtablissement: '31555', codePostalEtablissement: '82100' }, false],
    [{ codeCommuneEtablissement: '', codePostalEtablissement: '' }, false],
    [{ codeCommuneEtablissement: '31555', siret: 'x' }, false],
  ])('%o', async (values, inScope) => {
    const { done, issues } = await readOne(values, { departement: '82' })
    expect(done.totals).toEqual({
      rows: 1,
      accepted: Number(inScope),
      refused: 0,
      outOfScope: Number(!inScope),
      warnings: 0,
    })
    expect(issues).toEqual([])
  })
})
