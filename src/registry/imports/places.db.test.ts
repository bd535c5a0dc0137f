import { afterAll, beforeAll, expect, test } from 'vitest'
import { readCommuneCodes } from '#territory'
import { company, lambert, createBench, type Bench } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})
afterAll(() => bench.close())

test('a position stays known while the address is the same, and leaves with it', async () => {
  const siret = bench.newSiret()
  await bench.importFiles([bench.exportFile(company(siret, lambert))])
  const { lon, lat } = (await bench.find(siret))!
  expect([lon, lat]).toEqual([expect.closeTo(1.38, 1), expect.closeTo(44, 0)])
  const without = { dateDernierTraitementEtablissement: '2025-01-01', trancheEffectifsEtablissement: '02' }
  await bench.importFiles([bench.exportFile(company(siret, without))])
  expect(await bench.find(siret)).toMatchObject({ lon, lat, position_quality: 'address', employees: '02' })
  await bench.importFiles([bench.exportFile(company(siret, { ...without, numeroVoieEtablissement: '14' }))])
  expect(await bench.find(siret)).toMatchObject({ lon: 1.35, lat: 44.02, position_quality: 'commune' })
})

test('without coordinates it is at the centre of its commune, and says so; without a centre, nowhere', async () => {
  const [inside, outside] = [bench.newSiret(), bench.newSiret()]
  await bench.importFiles([bench.exportFile(company(inside), company(outside, { codeCommuneEtablissement: '82112' }))])
  expect(await bench.find(inside)).toMatchObject({ lon: 1.35, lat: 44.02, position_quality: 'commune' })
  expect(await bench.find(outside)).toMatchObject({ lon: null, lat: null, position_quality: 'none' })
})

test('the geolocated file alone places known units, but for partial diffusion and centroids', async () => {
  const [known, partial, centroid] = [bench.newSiret(), bench.newSiret(), bench.newSiret()]
  await bench.importFiles([
    bench.exportFile(
      company(known),
      company(partial, { statutDiffusionEtablissement: 'P' }),
      company(centroid, lambert),
    ),
  ])
  const before = await bench.find(centroid)
  const at = { x_longitude: '1.36', y_latitude: '44.01', qualite_xy: '11' }
  const positions = bench.positionFile(
    { siret: known, ...at },
    { siret: partial, ...at },
    { siret: centroid, ...at, qualite_xy: '33' },
  )
  expect(await bench.importFiles([positions])).toMatchObject({ accepted: 3, updated: 1, inserted: 0 })
  expect(await bench.find(known)).toMatchObject({
    lon: 1.36,
    lat: 44.01,
    position_quality: 'address',
    name: 'L’ÉTAMEUR DU QUERCY',
  })
  expect(await bench.find(partial)).toMatchObject({ lon: 1.35, position_quality: 'commune' })
  expect(await bench.find(centroid)).toEqual(before)
  expect(await bench.importFiles([positions])).toMatchObject({ updated: 0 })
})

test('a merged commune is the one of today; an unknown one is told, and kept as declared', async () => {
  const codes = await readCommuneCodes(bench.app.db.kysely)
  const [former, today] = [...codes].find(([code, now]) => code !== now && code.startsWith('49'))!
  const [merged, unknown] = [bench.newSiret(), bench.newSiret()]
  const done = await bench.importFiles([
    bench.exportFile(
      company(merged, { codeCommuneEtablissement: former }),
      company(unknown, { codeCommuneEtablissement: '82999' }),
    ),
  ])
  expect(done).toMatchObject({ accepted: 2, warnings: 1 })
  expect(await bench.find(merged)).toMatchObject({ commune: today, commune_declared: former })
  expect(await bench.find(unknown)).toMatchObject({
    commune: null,
    commune_declared: '82999',
    position_quality: 'none',
  })
  expect(await bench.reportOf(done.reportKey)).toEqual([
    expect.stringMatching(/^export\.csv;3;codeCommuneEtablissement;82999;champ écarté;commune\.unknown;/),
  ])
})
