import { parse } from 'csv-parse/sync'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test, type TestContext } from 'vitest'
import { collect, type Collected } from './testing/collect.ts'
import { stockColumns, unitStockColumns } from './testing.ts'

const data = resolve(import.meta.dirname, '../../../../shared/data')
const options = { today: '2026-11-24' }

/** The path of a file of open data; the test is skipped, and says so, where it is not there. */
function needed(context: TestContext, name: string): string {
  const path = join(data, name)
  if (!existsSync(path)) context.skip(`needs ../shared/data/${name}`)
  return path
}

const read = (path: string, more = {}) => collect([{ name: path.split('/').at(-1)!, path }], { ...options, ...more })

type Line = Record<string, string>
/** The naive reading to compare with. */
const naive = (path: string): Line[] => parse(readFileSync(path), { columns: true, bom: true })

const countBy = <T>(list: T[], key: (one: T) => string | null): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const one of list) counts[key(one) ?? ''] = (counts[key(one) ?? ''] ?? 0) + 1
  return counts
}

function expectNothingPrivate({ establishments, enterprises, issues }: Collected) {
  expect(JSON.stringify({ establishments, enterprises, issues })).not.toMatch(
    /NOM ?\d{2}|PRENOM|XXXXX|\[ND\]|NON-DIFFUSIBLE/,
  )
  for (const one of establishments.filter(({ diffusion }) => diffusion === 'partial')) {
    expect([one.name, one.addressLine, one.postcode, one.lon, one.lat]).toEqual([null, null, null, null, null])
  }
}

function expectBalanced({ done, establishments }: Collected) {
  for (const { rows, accepted, refused, outOfScope } of [done.totals, ...done.files])
    expect(accepted + refused + outOfScope).toBe(rows)
  expect(establishments.length).toBe(done.totals.accepted)
}

const exports = [
  ['sirene_fr_export_2024_brasseries_1105Z.csv', 'Export sirene.fr 2024 (82 colonnes)'],
  ['sirene_fr_export_2024_brasseries_82_cvl.csv', 'Export sirene.fr 2024 (82 colonnes)'],
  ['sirene_fr_export_2022_isere_47.csv', 'Export sirene.fr 2022 (76 colonnes)'],
] as const

describe.each(exports)('%s', (name, label) => {
  test('counts what a naive reading counts', async (context) => {
    const path = needed(context, `sirene/${name}`)
    const found = await read(path)
    const lines = naive(path)
    const { establishments, done, recognised, issues } = found
    expect(recognised).toMatchObject([{ formatLabel: label, unknownColumns: [], absentColumns: [] }])
    expect(issues).toEqual([])
    expect(done.totals).toEqual({ rows: lines.length, accepted: lines.length, refused: 0, outOfScope: 0, warnings: 0 })
    expectBalanced(found)
    expectNothingPrivate(found)
    // « 0000ZZ » says that there is no code.
    const value = (text = '') => (['[ND]', '0000ZZ'].includes(text) ? '' : text)
    const same = (key: keyof (typeof establishments)[number], column: string) =>
      expect(countBy(establishments, (one) => String(one[key] ?? ''))).toEqual(
        countBy(lines, (line) => value(line[column])),
      )
    same('siret', 'siret')
    same('naf', 'activitePrincipaleEtablissement')
    same('aprm', 'activitePrincipaleRegistreMetiersEtablissement')
    same('employees', 'trancheEffectifsEtablissement')
    same('communeCode', 'codeCommuneEtablissement')
    same('legalCategory', 'categorieJuridiqueUniteLegale')
    same('createdOn', 'dateCreationEtablissement')
    same('postcode', 'codePostalEtablissement')
    expect(establishments.map(({ line }) => line)).toEqual(lines.map((_, rank) => rank + 2))
  })

  test('shows every legal person in full diffusion, and no sole trader’s name', async (context) => {
    const path = needed(context, `sirene/${name}`)
    const { establishments } = await read(path)
    const lines = new Map(naive(path).map((line) => [line.siret!, line]))
    for (const one of establishments) {
      const line = lines.get(one.siret)!
      const natural = line.categorieJuridiqueUniteLegale!.startsWith('1')
      const full = line.statutDiffusionEtablissement === 'O' && line.statutDiffusionUniteLegale === 'O'
      expect([one.naturalPerson, one.diffusion]).toEqual([natural, full ? 'full' : 'partial'])
      if (!natural && full) expect(one.name, one.siret).not.toBeNull()
      if (natural && one.name) {
        const signs = [1, 2, 3].flatMap((n) => [
          line[`enseigne${n}Etablissement`],
          line[`denominationUsuelle${n}UniteLegale`],
        ])
        expect([...signs, line.denominationUsuelleEtablissement]).toContain(one.name)
      }
    }
  })
})

test('a département of an export is the rows of its communes', async (context) => {
  const path = needed(context, 'sirene/sirene_fr_export_2024_brasseries_1105Z.csv')
  const lines = naive(path)
  for (const departement of ['82', '37', '2A', '974', '75']) {
    const found = await read(path, { departement })
    const expected = lines.filter((line) => line.codeCommuneEtablissement!.startsWith(departement)).length
    expect(found.done.totals).toMatchObject({
      rows: lines.length,
      accepted: expected,
      outOfScope: lines.length - expected,
    })
    expectBalanced(found)
  }
})

test('the position of each establishment is in the box of its commune', async (context) => {
  const path = needed(context, 'sirene/sirene_fr_export_2024_brasseries_82_cvl.csv')
  const communes = needed(context, 'geo_admin/communes_centre_bbox_82_cvl.json')
  const boxes = JSON.parse(readFileSync(communes, 'utf8')) as Record<string, { bbox: [number, number, number, number] }>
  const { establishments } = await read(path)
  const located = establishments.filter(({ lon, communeCode }) => lon !== null && Object.hasOwn(boxes, communeCode!))
  expect(located.length).toBeGreaterThan(50)
  for (const { lon, lat, communeCode, siret } of located) {
    const [west, south, east, north] = boxes[communeCode!]!.bbox
    const inside = lon! > west - 0.01 && lon! < east + 0.01 && lat! > south - 0.01 && lat! < north + 0.01
    expect(inside, `${siret} in ${communeCode}`).toBe(true)
  }
})

test('the stock of 2019 keeps closed units of old nomenclatures', async (context) => {
  const found = await read(needed(context, 'sirene/StockEtablissement_2019_sample.csv'))
  expect(found.recognised).toMatchObject([
    { formatLabel: 'StockEtablissement 2019 géocodé (57 colonnes)', unknownColumns: [] },
  ])
  expect(
    found.establishments.map(({ state, naf, nafVersion, closedOn, name }) => [state, naf, nafVersion, closedOn, name]),
  ).toEqual([
    ['closed', '57.10', 'NAP', '1984-12-25', null],
    ['closed', '57.07', 'NAP', '1984-12-25', null],
    ['closed', '21.01', 'NAP', '1984-12-25', null],
  ])
  expectBalanced(found)
})

test.for([
  ['sirene/signaux_faibles_sirene_test.csv', 5, 'siret.checksum'],
  ['sirene/signaux_faibles_sirene_ul_test.csv', 4, 'siren.checksum'],
] as const)('%s, made of invented numbers, is refused row by row', async ([name, rows, reason], context) => {
  const found = await read(needed(context, name))
  expect(found.done.totals).toMatchObject({ rows, accepted: 0, refused: rows })
  expect(new Set(found.issues.map((issue) => issue.reason))).toEqual(new Set([reason]))
})

describe('JSON of the APIs', () => {
  test.for([
    ['api_sirene_v3_etablissement.json', 1],
    ['api_sirene_v3_etablissement_non_diffusable.json', 1],
    ['api_sirene_v3_results.json', 20],
    ['api_sirene_v3_unite_legale.json', 0],
    ['api_sirene_v3_unite_legale_non_diffusable.json', 0],
  ] as const)('%s gives %i establishments', async ([name, count], context) => {
    const found = await read(needed(context, `sirene/${name}`))
    expect(found.establishments).toHaveLength(count)
    expectBalanced(found)
    expectNothingPrivate(found)
  })

  test('every answer of the API Recherche d’entreprises gives its establishments once', async (context) => {
    const folder = needed(context, 'sirene/api_recherche_entreprises')
    let total = 0
    for (const name of readdirSync(folder)) {
      const path = join(folder, name)
      const found = await read(path)
      const raw = JSON.parse(readFileSync(path, 'utf8')) as {
        result: { results: { siege: { siret?: string }; matching_etablissements: { siret: string }[] }[] }
      }
      const sirets = new Set(
        raw.result.results.flatMap(({ siege, matching_etablissements: others }) => [
          siege.siret,
          ...others.map(({ siret }) => siret),
        ]),
      )
      sirets.delete(undefined)
      expect(new Set(found.establishments.map(({ siret }) => siret)), name).toEqual(sirets)
      expectBalanced(found)
      expectNothingPrivate(found)
      total += found.establishments.length
    }
    expect(total).toBeGreaterThan(100)
  })
})

test.for([
  'sirene/aprm_codes_observes.csv',
  'sirene/geo_sirene_patch_2017_sample.csv',
  'sirene/labonneboite_dev_metz_artisanat.csv',
  'sirene/datagouv_config_stock.json',
  'sirene/rhone_periodes_historique_sample.parquet',
])('%s, which is none of the formats, is refused', async (name, context) => {
  await expect(read(needed(context, name))).rejects.toMatchObject({ code: 'sirene.unknown_format' })
})

test('the columns of the synthetic stocks are those of 2026', (context) => {
  const files = JSON.parse(readFileSync(needed(context, 'sirene/datagouv_config_stock.json'), 'utf8')) as {
    name: string
    dtype: Record<string, string>
  }[]
  const columnsOf = (name: string) => Object.keys(files.find((file) => file.name === name)!.dtype)
  expect(stockColumns).toEqual(columnsOf('StockEtablissement_utf8.zip'))
  expect(unitStockColumns).toEqual(columnsOf('StockUniteLegale_utf8.zip'))
})
