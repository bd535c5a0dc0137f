import { afterAll, describe, expect, test } from 'vitest'
import { siretAt } from './testing.ts'
import { collect, createFolder, csvOf, readRow, stockUnit } from './testing/collect.ts'

const folder = createFolder()
afterAll(folder.remove)
const readOne = (values: Record<string, string>, options = {}) => readRow(folder, values, options)

const legal = {
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '5710',
  denominationUniteLegale: 'ORFÈVRERIE SARL',
}
test('a row without fault gives the whole record and no issue', async () => {
  const { record, issues } = await readOne({
    ...legal,
    siret: '42082007800012',
    dateCreationEtablissement: '1998-11-16',
    trancheEffectifsEtablissement: '01',
    anneeEffectifsEtablissement: '2023',
    activitePrincipaleRegistreMetiersEtablissement: '1071CZ',
    dateDernierTraitementEtablissement: '2026-03-30T16:05:50.052',
    etablissementSiege: 'true',
    numeroVoieEtablissement: '12',
    indiceRepetitionEtablissement: 'B',
    dernierNumeroVoieEtablissement: '14',
    typeVoieEtablissement: 'RUE',
    libelleVoieEtablissement: 'DES ORFÈVRES',
    complementAdresseEtablissement: 'CHEZ M DURAND',
    libelleCommuneEtablissement: 'MONTAUBAN',
    coordonneeLambertAbscisseEtablissement: '568000.5',
    coordonneeLambertOrdonneeEtablissement: '6325000.25',
    activitePrincipaleNAF25Etablissement: '10.71Y',
    economieSocialeSolidaireUniteLegale: 'O',
  })
  expect(issues).toEqual([])
  expect(record).toEqual({
    file: 'fichier.csv',
    line: 2,
    siret: '42082007800012',
    siren: '420820078',
    state: 'open',
    diffusion: 'full',
    name: 'ORFÈVRERIE SARL',
    naturalPerson: false,
    legalCategory: '5710',
    headquarters: true,
    addressLine: '12-14 B RUE DES ORFÈVRES',
    postcode: '82000',
    communeCode: '82121',
    communeLabel: 'MONTAUBAN',
    lon: expect.closeTo(1.36, 1),
    lat: expect.closeTo(44.01, 1),
    positionQuality: 'address',
    naf: '10.71C',
    nafVersion: 'NAFRev2',
    naf2025: '10.71Y',
    aprm: '1071CZ',
    employees: '01',
    employeesYear: 2023,
    createdOn: '1998-11-16',
    closedOn: null,
    updatedAt: '2026-03-30T16:05:50.052',
    ess: true,
  })
})

describe('SIRET', () => {
  test.each([
    [{ siret: '42082007800013', siren: '420820078' }, 'refused siret.checksum'],
    [{ siret: '', siren: '420820078' }, 'refused siret.missing'],
    [{ siret: '4.2082E+13', siren: '420820078' }, 'refused siret.scientific'],
    [{ siret: '588003400011', siren: '005880034' }, 'refused siret.leading_zeros'],
    [{ siret: '42082007800012', siren: '732829320' }, 'refused siret.siren_mismatch'],
  ])('%o is %s', async (values, reason) => {
    const { record, told, done } = await readOne(values)
    expect(record).toBeUndefined()
    expect(told).toEqual([reason])
    expect(done.totals).toEqual({ rows: 1, accepted: 0, refused: 1, outOfScope: 0, warnings: 0 })
  })

  test('spaces in it, or zeros missing from the SIREN, are no fault', async () => {
    expect((await readOne({ siret: '005 880 034 00011', siren: '5880034' })).record.siret).toBe('00588003400011')
  })

  test('a second row of the same SIRET is accepted, and told', async () => {
    const file = folder.write(csvOf([stockUnit(), stockUnit({ siret: siretAt(1) }), stockUnit()]))
    const { establishments, issues, done } = await collect([file], { today: '2026-11-24' })
    expect(establishments.map(({ line }) => line)).toEqual([2, 3, 4])
    expect(issues).toMatchObject([
      { line: 4, column: 'siret', reason: 'siret.duplicate', severity: 'warning', maskedValue: siretAt(0) },
    ])
    expect(done.totals).toEqual({ rows: 3, accepted: 3, refused: 0, outOfScope: 0, warnings: 1 })
  })
})

describe('state', () => {
  test.each([
    ['A', 'open', []],
    ['F', 'closed', []],
    ['', 'open', ['warning state.missing']],
    ['X', 'open', ['warning state.unknown']],
    ['f', 'open', ['warning state.unknown']],
  ])('« %s » is %s', async (etatAdministratifEtablissement, state, issues) => {
    const { record, told } = await readOne({ etatAdministratifEtablissement, dateDebut: '2020-05-01' })
    expect(record.state).toBe(state)
    expect(record.closedOn).toBe(state === 'closed' ? '2020-05-01' : null)
    expect(told).toEqual(issues)
  })
})

describe('a wrong field is refused alone', () => {
  test.each([
    ['dateCreationEtablissement', '5015-04-05', 'createdOn', 'date.out_of_range'],
    ['dateCreationEtablissement', '0001-01-16', 'createdOn', 'date.out_of_range'],
    ['dateCreationEtablissement', '2026-11-25', 'createdOn', 'date.out_of_range'],
    ['dateCreationEtablissement', '16/11/1998', 'createdOn', 'date.malformed'],
    ['dateDernierTraitementEtablissement', '2024-03-22T15:40:95', 'updatedAt', 'date.malformed'],
    ['anneeEffectifsEtablissement', '3023', 'employeesYear', 'year.malformed'],
    ['trancheEffectifsEtablissement', '1', 'employees', 'employees.unknown'],
    ['etablissementSiege', 'oui', 'headquarters', 'boolean.malformed'],
    ['activitePrincipaleEtablissement', '10.7', 'naf', 'naf.malformed'],
    ['activitePrincipaleNAF25Etablissement', '10.7', 'naf2025', 'naf2025.malformed'],
    ['activitePrincipaleRegistreMetiersEtablissement', '1071C', 'aprm', 'aprm.malformed'],
    ['codeCommuneEtablissement', '1004', 'communeCode', 'commune.malformed'],
    ['codePostalEtablissement', '1000', 'postcode', 'postcode.malformed'],
  ] as const)('%s « %s »', async (column, value, field, reason) => {
    const { record, issues, done } = await readOne({ [column]: value })
    expect(record[field]).toBeNull()
    expect(issues).toMatchObject([{ file: 'fichier.csv', line: 2, column, reason, severity: 'warning' }])
    expect(done.totals).toEqual({ rows: 1, accepted: 1, refused: 0, outOfScope: 0, warnings: 1 })
  })

  test('a value withheld, or an APRM of zeros, is empty, not wrong', async () => {
    const { record, told } = await readOne({
      trancheEffectifsEtablissement: '[ND]',
      activitePrincipaleRegistreMetiersEtablissement: '0000ZZ',
    })
    expect([record.employees, record.aprm, record.diffusion, told]).toEqual([null, null, 'full', []])
  })
})

describe('activity', () => {
  test.each([
    ['11.05Z', 'NAFRev2', '11.05Z', 'NAFRev2'],
    ['1105Z', 'NAFRev2', '11.05Z', 'NAFRev2'],
    ['11.05Z', '', '11.05Z', 'NAFRev2'],
    ['74.1J', 'NAF1993', '74.1J', 'NAF1993'],
    ['57.10', 'NAP', '57.10', 'NAP'],
    ['57.10', '', '57.10', null],
    ['', 'NAFRev2', null, null],
  ])('%s of %s', async (code, version, naf, nafVersion) => {
    const { record, told } = await readOne({
      activitePrincipaleEtablissement: code,
      nomenclatureActivitePrincipaleEtablissement: version,
    })
    expect({ naf: record.naf, nafVersion: record.nafVersion, told }).toEqual({ naf, nafVersion, told: [] })
  })
})
