import fc from 'fast-check'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, sql } from '#platform'
import { fold } from '#platform/model'
import { foldedName } from './merge.ts'
import { company, lambert, createBench, type Bench } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})
afterAll(() => bench.close())

test('a newer row updates and keeps the former one in the history; an older one changes nothing', async () => {
  const siret = bench.newSiret()
  expect(await bench.importFiles([bench.exportFile(company(siret))])).toMatchObject({
    inserted: 1,
    updated: 0,
    unchanged: 0,
  })
  const newer = { dateDernierTraitementEtablissement: '2025-01-01T10:00:00.123', trancheEffectifsEtablissement: '03' }
  expect(await bench.importFiles([bench.exportFile(company(siret, newer))])).toMatchObject({
    inserted: 0,
    updated: 1,
    unchanged: 0,
  })
  expect(await bench.find(siret)).toMatchObject({ employees: '03', name: 'L’ÉTAMEUR DU QUERCY' })
  expect(await bench.historyOf(siret)).toMatchObject([
    { employees: '01', name: 'L’ÉTAMEUR DU QUERCY', address: '12 RUE DES ORFEVRES' },
  ])
  const older = { dateDernierTraitementEtablissement: '2024-12-31', trancheEffectifsEtablissement: '11' }
  expect(await bench.importFiles([bench.exportFile(company(siret, older))])).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await bench.find(siret)).toMatchObject({ employees: '03' })
  expect(await bench.historyOf(siret)).toHaveLength(1)
  const sameSecond = { dateDernierTraitementEtablissement: '2025-01-01T10:00:00', trancheEffectifsEtablissement: '02' }
  expect(await bench.importFiles([bench.exportFile(company(siret, sameSecond))])).toMatchObject({ updated: 1 })
})

test('a unit that becomes partial leaves its name and address nowhere', async () => {
  const siret = bench.newSiret()
  const secret = { denominationUniteLegale: 'ZYTHOLOGIE SECRETE', libelleVoieEtablissement: 'DU REFUGE CACHE' }
  await bench.importFiles([bench.exportFile(company(siret, secret))])
  await bench.importFiles([bench.exportFile(company(siret, { ...secret, trancheEffectifsEtablissement: '03' }))])
  expect(await bench.historyOf(siret)).toHaveLength(1)
  const server = await createServer({ app: bench.app, pages: 'none' })
  const answers = async () => {
    const urls = [
      '/api/establishments.csv?craft=all',
      '/api/establishments?craft=all&q=zythologie',
      '/tiles/atlas/0/0/0.mvt?craft=all&q=zythologie',
    ]
    const all = await Promise.all(urls.map((url) => server.inject({ url })))
    return all.map(({ rawPayload }) => rawPayload.toString('latin1')).join('\n')
  }
  expect(await answers()).toMatch(/ZYTHOLOGIE[^]*REFUGE/)
  const partial = {
    ...secret,
    statutDiffusionEtablissement: 'P',
    dateDernierTraitementEtablissement: '2025-02-01T00:00:00',
    siret: siret.slice(0, 13) + ((Number(siret[13]) + 1) % 10),
  }
  // The same unit, and a row at fault that bears its name, for the report.
  const done = await bench.importFiles([
    bench.exportFile(company(siret, { ...partial, siret }), company(siret, partial)),
  ])
  expect(done).toMatchObject({ updated: 1, refused: 1 })
  expect(await bench.find(siret)).toMatchObject({
    diffusion: 'partial',
    name: null,
    address: null,
    postcode: null,
    position_quality: 'commune',
  })
  expect(await bench.historyOf(siret)).toEqual([])
  const tables = await sql<{
    name: string
  }>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('registry', 'platform')`.execute(
    bench.app.db.kysely,
  )
  for (const { name } of tables.rows) {
    const found = await sql`select 1 from ${sql.raw(name)} t where t::text ~* 'zythologie|refuge cache'`.execute(
      bench.app.db.kysely,
    )
    expect(found.rows, name).toEqual([])
  }
  // The address asked for, in lower case, is part of the answer.
  expect(await answers()).not.toMatch(/ZYTHOLOGIE|REFUGE/)
  expect(await answers()).toContain('"numberMatched":0')
  for await (const { key } of bench.app.storage.list())
    expect(await text((await bench.app.storage.read(key))!)).not.toMatch(/zythologie|refuge/i)
  // Copies already taken hold its name: they are told, once.
  await bench.importFiles([bench.exportFile(company(siret, { ...partial, etatAdministratifEtablissement: 'F' }))])
  const retired = (await server.inject('/api/retired?kind=establishment&limit=1000')).json<{
    items: { id: string }[]
  }>()
  expect(retired.items.filter(({ id }) => id === siret)).toHaveLength(1)
  await server.close()
})

test('the opposition of the legal unit holds until a file tells otherwise', async () => {
  const siret = bench.newSiret()
  const siren = siret.slice(0, 9)
  const unit = {
    siren,
    statutDiffusionUniteLegale: 'P',
    categorieJuridiqueUniteLegale: '5499',
    denominationUniteLegale: '[ND]',
  }
  const stock = bench.stockFile(company(siret, lambert))
  await bench.importFiles([stock, bench.unitFile(unit)])
  const hidden = { diffusion: 'partial', name: null, address: null, lon: 1.35, lat: 44.02, position_quality: 'commune' }
  expect(await bench.find(siret)).toMatchObject(hidden)
  expect(await bench.importFiles([stock])).toMatchObject({ unchanged: 1 })
  expect(await bench.find(siret)).toMatchObject(hidden)
  await bench.importFiles([bench.exportFile(company(siret))])
  expect(await bench.find(siret)).toMatchObject({
    diffusion: 'full',
    name: 'L’ÉTAMEUR DU QUERCY',
    address: '12 RUE DES ORFEVRES',
  })
})

test('the stock alone tells no name; the legal units beside it do', async () => {
  const [legal, sole] = [bench.newSiret(), bench.newSiret()]
  const stock = bench.stockFile(company(legal), company(sole, { enseigne1Etablissement: 'LE FOURNIL' }))
  await bench.importFiles([stock])
  expect([await bench.find(legal), await bench.find(sole)]).toMatchObject([
    { name: null, natural_person: null },
    { name: null, natural_person: null },
  ])
  const units = bench.unitFile(
    {
      siren: legal.slice(0, 9),
      statutDiffusionUniteLegale: 'O',
      categorieJuridiqueUniteLegale: '5499',
      denominationUniteLegale: 'CÈDRE & FILS',
    },
    {
      siren: sole.slice(0, 9),
      statutDiffusionUniteLegale: 'O',
      categorieJuridiqueUniteLegale: '1000',
      nomUniteLegale: 'LAVANDELLE',
      prenom1UniteLegale: 'ODILE',
    },
  )
  expect(await bench.importFiles([stock, units])).toMatchObject({ updated: 2 })
  expect([await bench.find(legal), await bench.find(sole)]).toMatchObject([
    { name: 'CÈDRE & FILS', natural_person: false, search: expect.stringMatching(/^cedre fils /) },
    { name: 'LE FOURNIL', natural_person: true, search: expect.stringMatching(/^le fournil /) },
  ])
  expect(await bench.importFiles([stock, units])).toMatchObject({ unchanged: 2 })
  // Without them again, what they told stays.
  expect(await bench.importFiles([stock])).toMatchObject({ unchanged: 2 })
})

test('the stock alone after an export keeps the known name, at the new place', async () => {
  const siret = bench.newSiret()
  await bench.importFiles([bench.exportFile(company(siret))])
  const moved = {
    codeCommuneEtablissement: '82112',
    libelleCommuneEtablissement: 'MOISSAC',
    dateDernierTraitementEtablissement: '2025-01-01',
  }
  expect(await bench.importFiles([bench.stockFile(company(siret, moved))])).toMatchObject({ updated: 1 })
  const { name, search, commune } = (await bench.find(siret))!
  expect({ name, commune }).toEqual({ name: 'L’ÉTAMEUR DU QUERCY', commune: '82112' })
  expect(search).toMatch(/^l etameur du quercy .*moissac/)
  expect(search).not.toContain('montauban')
})

test('names are folded the same in SQL and in TypeScript', async () => {
  const word = fc.constantFrom(
    'L’Étameur',
    'CŒUR',
    'Æther',
    'ŒUVRE',
    'à-propos',
    'Ça & là',
    'NIÑO',
    'naïf',
    '  ',
    '12,5',
    'ø',
    'ß',
    'É',
    'İ',
  )
  const names = fc.sample(
    fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' ')),
    200,
  )
  const found = await sql<{ name: string; folded: string }>`
    select e.name, ${foldedName} as folded from unnest(${names}::text[]) as e(name)`.execute(bench.app.db.kysely)
  expect(found.rows).toHaveLength(200)
  for (const { name, folded } of found.rows) expect(folded, name).toBe(fold(name))
})

test('only a row that says closed closes; absence closes nothing', async () => {
  const [absent, closed] = [bench.newSiret(), bench.newSiret()]
  await bench.importFiles([bench.exportFile(company(absent), company(closed))])
  const row = company(closed, {
    etatAdministratifEtablissement: 'F',
    dateDebut: '2024-12-31',
    dateDernierTraitementEtablissement: '2025-01-02',
  })
  expect(await bench.importFiles([bench.exportFile(row)])).toMatchObject({ rows: 1, updated: 1 })
  expect(await bench.find(absent)).toMatchObject({ state: 'open', closed_on: null })
  expect(await bench.find(closed)).toMatchObject({ state: 'closed', closed_on: '2024-12-31' })
  expect(await bench.historyOf(closed)).toMatchObject([{ state: 'open' }])
})

test('the last row of a SIRET counts, the ones before are told', async () => {
  const siret = bench.newSiret()
  const done = await bench.importFiles([
    bench.exportFile(company(siret), company(siret, { trancheEffectifsEtablissement: '12' })),
  ])
  expect(done).toMatchObject({ rows: 2, accepted: 2, warnings: 1, inserted: 1 })
  expect(await bench.find(siret)).toMatchObject({ employees: '12' })
  expect(await bench.reportOf(done.reportKey)).toEqual([
    expect.stringMatching(/^export\.csv;3;siret;\d{14};champ écarté;siret\.duplicate;/),
  ])
})
