import { afterAll, describe, expect, test } from 'vitest'
import { collect, createFolder, csvOf, exportColumns, readRow, stockUnit } from './testing/collect.ts'

const folder = createFolder()
afterAll(folder.remove)
const readOne = (values: Record<string, string>, options = {}) => readRow(folder, values, options)

const legal = {
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '5710',
  denominationUniteLegale: 'ORFÈVRERIE SARL',
}
const sole = {
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '1000',
  nomUniteLegale: 'DURAND',
  prenom1UniteLegale: 'LUC',
}

describe('names', () => {
  test.each([
    [
      'the sign first',
      { ...legal, enseigne1Etablissement: 'LE CREUSET', denominationUsuelleEtablissement: 'ORFÈVRE' },
      'LE CREUSET',
    ],
    ['then the usual name of the place', { ...legal, denominationUsuelleEtablissement: 'ORFÈVRE' }, 'ORFÈVRE'],
    ['then the legal name', legal, 'ORFÈVRERIE SARL'],
    [
      'then the usual name of the unit',
      { ...legal, denominationUniteLegale: '', denominationUsuelle1UniteLegale: 'ORFÈVRES' },
      'ORFÈVRES',
    ],
    ['never a stand-in', { ...legal, denominationUniteLegale: 'NOM6730' }, null],
  ])('a legal person is shown under %s', async (_, values, name) => {
    const { record } = await readOne(values)
    expect([record.name, record.naturalPerson]).toEqual([name, false])
  })

  test.each([
    ['its sign', { enseigne1Etablissement: 'LE CREUSET' }, 'LE CREUSET'],
    [
      'another sign when the first carries the name',
      { enseigne1Etablissement: 'DURAND BOIS', enseigne2Etablissement: 'LE RABOT' },
      'LE RABOT',
    ],
    ['the usual name of the unit', { denominationUsuelle2UniteLegale: 'LE RABOT' }, 'LE RABOT'],
    [
      'nothing when all carry the name',
      { enseigne1Etablissement: 'CHEZ LUC', denominationUsuelleEtablissement: 'L.DURAND' },
      null,
    ],
    [
      'nothing when the sign carries the name of usage',
      { nomUsageUniteLegale: 'MARTIN', enseigne1Etablissement: 'MARTIN & CO' },
      null,
    ],
    [
      'nothing when the sign is the pseudonym',
      { pseudonymeUniteLegale: 'ZORRO', enseigne1Etablissement: 'ZORRO' },
      null,
    ],
    ['nothing when the holder is not known', { nomUniteLegale: '', enseigne1Etablissement: 'LE RABOT' }, null],
    [
      'nothing when the family name alone is not known',
      { nomUniteLegale: '', nomUsageUniteLegale: 'MARTIN', enseigne1Etablissement: 'LE RABOT' },
      null,
    ],
    ['nothing when the given name is not known', { prenom1UniteLegale: '', enseigne1Etablissement: 'LE RABOT' }, null],
    ['never the legal name', { denominationUniteLegale: 'LE RABOT' }, null],
    ['nothing without a sign', {}, null],
  ])('a sole trader is shown under %s', async (_, values, name) => {
    const { record } = await readOne({ ...sole, ...values })
    expect([record.name, record.naturalPerson]).toEqual([name, true])
  })

  test('a family name makes a sole trader of any category', async () => {
    const { record } = await readOne({ ...legal, nomUniteLegale: 'DURAND', prenom1UniteLegale: 'LUC' })
    expect([record.name, record.naturalPerson]).toEqual([null, true])
  })

  test('a unit of unknown kind has no name', async () => {
    const { record } = await readOne({
      ...legal,
      categorieJuridiqueUniteLegale: '',
      enseigne1Etablissement: 'LE RABOT',
    })
    expect([record.name, record.naturalPerson]).toEqual([null, null])
    const alone = await readOne({ enseigne1Etablissement: 'LE RABOT' })
    expect([alone.record.name, alone.record.naturalPerson]).toEqual([null, null])
  })

  test('a sole trader whose columns of names are missing has no name', async () => {
    const columns = exportColumns.filter((column) => !column.startsWith('prenom'))
    const file = folder.write(csvOf([stockUnit({ ...sole, enseigne1Etablissement: 'LE RABOT' })], columns))
    expect((await collect([file], { today: '2026-11-24' })).establishments[0]!.name).toBeNull()
  })
})

describe('partial diffusion', () => {
  const place = {
    numeroVoieEtablissement: '12',
    libelleVoieEtablissement: 'RUE HAUTE',
    libelleCommuneEtablissement: 'MONTAUBAN',
    coordonneeLambertAbscisseEtablissement: '568000',
    coordonneeLambertOrdonneeEtablissement: '6325000',
    longitude: '1.35',
    latitude: '44.01',
    enseigne1Etablissement: 'LE CREUSET',
    denominationUsuelleEtablissement: 'LE CREUSET',
  }
  test.each([
    ['status P of the establishment', { ...legal, statutDiffusionEtablissement: 'P' }],
    ['status N of the establishment', { ...legal, statutDiffusionEtablissement: 'N' }],
    ['status P of the unit', { ...legal, statutDiffusionUniteLegale: 'P' }],
    ['a legal name withheld', { ...legal, denominationUniteLegale: '[ND]' }],
    ['a family name withheld', { ...sole, nomUniteLegale: '[ND]' }],
    ['a sign withheld', { ...legal, enseigne2Etablissement: '[ND]' }],
    ['a street withheld', { ...legal, typeVoieEtablissement: '[ND]' }],
  ])('%s empties name, address and position', async (_, values) => {
    const { record, told } = await readOne({ ...place, ...values })
    expect(record).toMatchObject({
      diffusion: 'partial',
      name: null,
      addressLine: null,
      postcode: null,
      lon: null,
      lat: null,
      positionQuality: 'none',
      communeCode: '82121',
      communeLabel: 'MONTAUBAN',
    })
    expect(told).toEqual([])
  })

  test('a status that is unknown or missing opens nothing', async () => {
    for (const statutDiffusionEtablissement of ['', 'X']) {
      const { record, told } = await readOne({ ...place, ...legal, statutDiffusionEtablissement })
      expect([record.diffusion, record.name, told]).toEqual(['partial', null, ['warning diffusion.unknown']])
    }
  })
})
