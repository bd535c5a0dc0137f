import { afterAll, describe, expect, test } from 'vitest'
import { collect, createFolder, csvOf, stockUnit } from './testing/collect.ts'
import { checkDigit, siretAt, unitStockColumns } from './testing.ts'

const folder = createFolder()
afterAll(folder.remove)

const at = (n: number, values: Record<string, string> = {}) => stockUnit({ siret: siretAt(n), ...values })
const unit = (n: number, values: Record<string, string> = {}) => ({
  siren: siretAt(n).slice(0, 9),
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '5710',
  ...values,
})
const sole = { categorieJuridiqueUniteLegale: '1000', nomUniteLegale: 'DURAND', prenom1UniteLegale: 'LUC' }

/** Another establishment of the unit of a SIRET. */
const sibling = (siret: string) => {
  const start = `${siret.slice(0, 9)}0002`
  return start + checkDigit(start)
}

async function read(establishments: Record<string, string>[], units: Record<string, string>[], options = {}) {
  const files = [
    folder.write(csvOf(units, unitStockColumns), 'unites.csv'),
    folder.write(csvOf(establishments), 'etablissements.csv'),
  ]
  return collect(files, options)
}

describe('StockUniteLegale, given before the establishments', () => {
  test('tells the units of those accepted, the others being out of scope', async () => {
    const { enterprises, done, recognised } = await read(
      [at(1), at(2), at(3, { etatAdministratifEtablissement: 'F' })],
      [unit(1, { denominationUniteLegale: 'UN' }), unit(3, { economieSocialeSolidaireUniteLegale: 'O' }), unit(4)],
    )
    expect(recognised.map(({ formatLabel }) => formatLabel)).toEqual([
      'StockUniteLegale (35 colonnes)',
      'StockEtablissement 2026 (54 colonnes)',
    ])
    expect(enterprises).toEqual([
      {
        siren: siretAt(1).slice(0, 9),
        naturalPerson: false,
        legalCategory: '5710',
        legalName: 'UN',
        diffusion: 'full',
        ess: null,
        signNames: [],
      },
      {
        siren: siretAt(3).slice(0, 9),
        naturalPerson: false,
        legalCategory: '5710',
        legalName: null,
        diffusion: 'full',
        ess: true,
        signNames: [],
      },
    ])
    expect(done.files).toEqual([
      { file: 'unites.csv', rows: 3, accepted: 2, refused: 0, outOfScope: 1 },
      { file: 'etablissements.csv', rows: 3, accepted: 3, refused: 0, outOfScope: 0 },
    ])
  })

  test('shows the signs of legal persons', async () => {
    const { enterprises } = await read(
      [
        at(1, { enseigne1Etablissement: 'DURAND ET FILS' }),
        at(1, { siret: sibling(siretAt(1)), denominationUsuelleEtablissement: 'LE QUAI' }),
      ],
      [unit(1, { denominationUniteLegale: 'DURAND SARL' })],
    )
    expect(enterprises[0]).toMatchObject({
      legalName: 'DURAND SARL',
      signNames: [
        { siret: siretAt(1), name: 'DURAND ET FILS' },
        { siret: sibling(siretAt(1)), name: 'LE QUAI' },
      ],
    })
  })

  test('shows those of sole traders that do not carry their name, and never the name', async () => {
    const { enterprises, establishments } = await read(
      [
        at(1, { enseigne1Etablissement: 'DURAND BOIS' }),
        at(2, { enseigne1Etablissement: 'LE RABOT' }),
        at(3),
        at(4, { enseigne1Etablissement: 'LE CREUSET', statutDiffusionEtablissement: 'P' }),
        at(5, { enseigne1Etablissement: 'LE FOUR' }),
        at(6, { enseigne1Etablissement: 'LE FOUR' }),
      ],
      [
        unit(1, sole),
        unit(2, { ...sole, denominationUniteLegale: 'LUC DURAND' }),
        unit(3, { ...sole, denominationUsuelle1UniteLegale: 'L’ÉTABLI' }),
        unit(4, sole),
        unit(5, { ...sole, nomUniteLegale: '[ND]', prenom1UniteLegale: '[ND]' }),
        unit(6, { ...sole, statutDiffusionUniteLegale: 'P' }),
      ],
    )
    expect(establishments.every(({ name, naturalPerson }) => name === null && naturalPerson === null)).toBe(true)
    expect(
      enterprises.map(({ naturalPerson, legalName, diffusion, signNames }) => [
        naturalPerson,
        legalName,
        diffusion,
        signNames,
      ]),
    ).toEqual([
      [true, null, 'full', []],
      [true, null, 'full', [{ siret: siretAt(2), name: 'LE RABOT' }]],
      [true, null, 'full', [{ siret: siretAt(3), name: 'L’ÉTABLI' }]],
      [true, null, 'full', []],
      [true, null, 'partial', []],
      [true, null, 'partial', []],
    ])
  })

  test('decides by the last row of a SIRET', async () => {
    const { enterprises } = await read(
      [at(1, { enseigne1Etablissement: 'AVANT' }), at(1, { enseigne1Etablissement: 'APRÈS' })],
      [unit(1)],
    )
    expect(enterprises[0]!.signNames).toEqual([{ siret: siretAt(1), name: 'APRÈS' }])
  })

  test('refuses a wrong SIREN and one told twice', async () => {
    const { issues, done } = await read(
      [at(1)],
      [unit(1), unit(1), unit(2, { siren: '732829321' }), unit(2, { siren: '73282932' })],
    )
    expect(issues.map(({ line, reason, severity }) => [line, reason, severity])).toEqual([
      [3, 'siren.duplicate', 'refused'],
      [4, 'siren.checksum', 'refused'],
      [5, 'siren.format', 'refused'],
    ])
    expect(done.files[0]).toEqual({ file: 'unites.csv', rows: 4, accepted: 1, refused: 3, outOfScope: 0 })
  })

  test('hides a unit whose status is not known, and says so', async () => {
    const { enterprises, issues } = await read(
      [at(1)],
      [unit(1, { statutDiffusionUniteLegale: '', denominationUniteLegale: 'UN' })],
    )
    expect(enterprises[0]).toMatchObject({ diffusion: 'partial', legalName: null })
    expect(issues).toMatchObject([{ reason: 'diffusion.unknown', severity: 'warning' }])
  })
})

describe('Insee’s geolocated file', () => {
  const columns =
    'siret,x,y,qualite_xy,epsg,plg_qp24,plg_iris,plg_code_commune,distance_precision,y_latitude,x_longitude'.split(',')
  const position = (n: number, values: Record<string, string>) => ({
    siret: siretAt(n),
    x: '568000',
    y: '6325000',
    qualite_xy: '11',
    epsg: '2154',
    plg_code_commune: '82121',
    ...values,
  })
  const readPositions = (
    rows: Record<string, string>[],
    establishments: Record<string, string>[] | null,
    options = {},
  ) => {
    const files = [folder.write(csvOf(rows, columns, ';'), 'positions.csv')]
    if (establishments) files.push(folder.write(csvOf(establishments), 'etablissements.csv'))
    return collect(files, options)
  }

  test('gives each row’s position in its own system, with its quality', async () => {
    const { positions, recognised, issues } = await readPositions(
      [
        position(1, {}),
        position(2, { qualite_xy: '12', epsg: '2975', x: '338242.26', y: '7690041.17' }),
        position(3, { qualite_xy: '21', epsg: '5490', x: '643228.05', y: '1788663.01' }),
        position(4, { qualite_xy: '22' }),
        position(5, { qualite_xy: '33' }),
        position(6, { x: '', y: '', epsg: '', x_longitude: '1.355', y_latitude: '44.018' }),
      ],
      null,
    )
    expect(recognised[0]).toMatchObject({ formatLabel: 'Géolocalisation de l’Insee (11 colonnes)', unknownColumns: [] })
    expect(issues).toEqual([])
    expect(
      positions.map(({ lon, lat, positionQuality }) => [Math.round(lon), Math.round(lat), positionQuality]),
    ).toEqual([
      [1, 44, 'address'],
      [55, -21, 'street'],
      [-62, 16, 'street'],
      [1, 44, 'street'],
      [1, 44, 'commune'],
      [1, 44, 'address'],
    ])
  })

  test('concerns the establishments accepted alone', async () => {
    const { positions, done } = await readPositions([position(1, {}), position(2, {})], [at(2)])
    expect(positions.map(({ siret }) => siret)).toEqual([siretAt(2)])
    expect(done.files[0]).toEqual({ file: 'positions.csv', rows: 2, accepted: 1, refused: 0, outOfScope: 1 })
  })

  test('alone, keeps those of the département', async () => {
    const { positions, done } = await readPositions(
      [position(1, {}), position(2, { plg_code_commune: '31555' })],
      null,
      { departement: '82' },
    )
    expect(positions.map(({ siret }) => siret)).toEqual([siretAt(1)])
    expect(done.totals).toMatchObject({ rows: 2, accepted: 1, outOfScope: 1 })
  })

  test('tells what is wrong, and gives no position then', async () => {
    const { positions, issues, done } = await readPositions(
      [
        position(1, { epsg: '27572' }),
        position(2, { x: 'x' }),
        position(3, { y: '' }),
        position(4, { epsg: '2975' }),
        position(5, { siret: '42082007800013' }),
        position(6, { x: '', y: '', epsg: '' }),
        position(7, { qualite_xy: '99' }),
      ],
      null,
    )
    expect(issues.map(({ line, column, reason, severity }) => [line, column, reason, severity])).toEqual([
      [2, 'epsg', 'coordinates.unknown_system', 'warning'],
      [3, 'x', 'coordinates.malformed', 'warning'],
      [4, 'y', 'coordinates.malformed', 'warning'],
      [5, 'x', 'coordinates.out_of_bounds', 'warning'],
      [6, 'siret', 'siret.checksum', 'refused'],
      [8, 'qualite_xy', 'quality.unknown', 'warning'],
    ])
    expect(positions).toMatchObject([{ siret: siretAt(7), positionQuality: 'commune' }])
    expect(done.totals).toEqual({ rows: 7, accepted: 6, refused: 1, outOfScope: 0, warnings: 5 })
  })
})
