import fc from 'fast-check'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, sql } from '#platform'
import { fold } from '#platform/model'
import { readCommuneCodes } from '#territory'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { readProvenance, readRevision } from '../queries.ts'
import type { SourceFile } from '../sirene/model.ts'
import { siretAt, unitStockColumns } from '../sirene/testing.ts'
import { createFolder, csvOf, exportColumns, stockUnit } from '../sirene/testing/collect.ts'
import { foldedName } from './merge.ts'
import { listImports } from './queries.ts'
import { runImport, type ImportRequest } from './run.ts'

let own: TestApp
const folder = createFolder()
beforeAll(async () => {
  own = await createTestApp()
  await sql`update territory.territory set center = point(1.35, 44.02) where code = '82121'`.execute(own.app.db.kysely)
})
afterAll(async () => {
  folder.remove()
  await own.close()
})

let count = 0
/** A SIRET that no other test uses. */
const newSiret = () => siretAt(count++, 40_000_000)

type Unit = Record<string, string>

/** The file of a legal person with a name, an address and coordinates, but for what is given. */
const company = (siret: string, values: Unit = {}): Unit => ({
  ...stockUnit({ siret }),
  dateDernierTraitementEtablissement: '2024-03-01T10:00:00',
  numeroVoieEtablissement: '12',
  typeVoieEtablissement: 'RUE',
  libelleVoieEtablissement: 'DES ORFEVRES',
  libelleCommuneEtablissement: 'MONTAUBAN',
  statutDiffusionUniteLegale: 'O',
  categorieJuridiqueUniteLegale: '5499',
  denominationUniteLegale: 'L’ÉTAMEUR DU QUERCY',
  trancheEffectifsEtablissement: '01',
  ...values,
})

const exportFile = (...units: Unit[]) => folder.write(csvOf(units, exportColumns), 'export.csv')
const stockFile = (...units: Unit[]) => folder.write(csvOf(units), 'stock.csv')
const unitFile = (...units: Unit[]) => folder.write(csvOf(units, unitStockColumns), 'unites.csv')
const positionColumns = ['siret', 'x', 'y', 'qualite_xy', 'epsg', 'y_latitude', 'x_longitude']
const positionFile = (...units: Unit[]) => folder.write(csvOf(units, positionColumns, ';'), 'positions.csv')

const importFiles = (files: SourceFile[], more: Partial<ImportRequest> = {}) =>
  runImport(own.app, { files, departement: null, requestedBy: 'test', ...more })

interface Row {
  name: string | null
  address: string | null
  diffusion: string
  natural_person: boolean | null
  state: string
  closed_on: string | null
  employees: string | null
  commune: string | null
  commune_declared: string | null
  lon: number | null
  lat: number | null
  position_quality: string
  search: string
  version: number
}

async function find(siret: string): Promise<Row> {
  const found = await sql<Row>`select *, closed_on::text as closed_on, position[0] as lon, position[1] as lat
    from registry.establishment where siret = ${siret}`.execute(own.app.db.kysely)
  return found.rows[0]!
}

async function historyOf(siret: string): Promise<Record<string, unknown>[]> {
  const found = await sql<{ record: Record<string, unknown> }>`
    select record from registry.establishment_history where siret = ${siret} order by replaced_at`.execute(
    own.app.db.kysely,
  )
  return found.rows.map(({ record }) => record)
}

async function reportOf(key: string | null): Promise<string[]> {
  const report = key && (await own.app.storage.read(key))
  return report ? (await text(report)).split('\r\n').slice(1, -1) : []
}

test('a newer row updates and keeps the former one in the history; an older one changes nothing', async () => {
  const siret = newSiret()
  expect(await importFiles([exportFile(company(siret))])).toMatchObject({ inserted: 1, updated: 0, unchanged: 0 })
  const newer = { dateDernierTraitementEtablissement: '2025-01-01T10:00:00.123', trancheEffectifsEtablissement: '03' }
  expect(await importFiles([exportFile(company(siret, newer))])).toMatchObject({
    inserted: 0,
    updated: 1,
    unchanged: 0,
  })
  expect(await find(siret)).toMatchObject({ employees: '03', name: 'L’ÉTAMEUR DU QUERCY' })
  expect(await historyOf(siret)).toMatchObject([
    { employees: '01', name: 'L’ÉTAMEUR DU QUERCY', address: '12 RUE DES ORFEVRES' },
  ])
  const older = { dateDernierTraitementEtablissement: '2024-12-31', trancheEffectifsEtablissement: '11' }
  expect(await importFiles([exportFile(company(siret, older))])).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await find(siret)).toMatchObject({ employees: '03' })
  expect(await historyOf(siret)).toHaveLength(1)
  const sameSecond = { dateDernierTraitementEtablissement: '2025-01-01T10:00:00', trancheEffectifsEtablissement: '02' }
  expect(await importFiles([exportFile(company(siret, sameSecond))])).toMatchObject({ updated: 1 })
})

test('a unit that becomes partial leaves its name and address nowhere', async () => {
  const siret = newSiret()
  const secret = { denominationUniteLegale: 'ZYTHOLOGIE SECRETE', libelleVoieEtablissement: 'DU REFUGE CACHE' }
  await importFiles([exportFile(company(siret, secret))])
  await importFiles([exportFile(company(siret, { ...secret, trancheEffectifsEtablissement: '03' }))])
  expect(await historyOf(siret)).toHaveLength(1)
  const server = await createServer({ app: own.app, pages: 'none' })
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
  const done = await importFiles([exportFile(company(siret, { ...partial, siret }), company(siret, partial))])
  expect(done).toMatchObject({ updated: 1, refused: 1 })
  expect(await find(siret)).toMatchObject({
    diffusion: 'partial',
    name: null,
    address: null,
    postcode: null,
    position_quality: 'commune',
  })
  expect(await historyOf(siret)).toEqual([])
  const tables = await sql<{
    name: string
  }>`select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('registry', 'platform')`.execute(
    own.app.db.kysely,
  )
  for (const { name } of tables.rows) {
    const found = await sql`select 1 from ${sql.raw(name)} t where t::text ~* 'zythologie|refuge cache'`.execute(
      own.app.db.kysely,
    )
    expect(found.rows, name).toEqual([])
  }
  // The address asked for, in lower case, is part of the answer.
  expect(await answers()).not.toMatch(/ZYTHOLOGIE|REFUGE/)
  expect(await answers()).toContain('"numberMatched":0')
  for await (const { key } of own.app.storage.list())
    expect(await text((await own.app.storage.read(key))!)).not.toMatch(/zythologie|refuge/i)
  await server.close()
})

test('the opposition of the legal unit holds until a file tells otherwise', async () => {
  const siret = newSiret()
  const siren = siret.slice(0, 9)
  const unit = {
    siren,
    statutDiffusionUniteLegale: 'P',
    categorieJuridiqueUniteLegale: '5499',
    denominationUniteLegale: '[ND]',
  }
  await importFiles([stockFile(company(siret)), unitFile(unit)])
  expect(await find(siret)).toMatchObject({ diffusion: 'partial', name: null, address: null })
  expect(await importFiles([stockFile(company(siret))])).toMatchObject({ unchanged: 1 })
  expect(await find(siret)).toMatchObject({ diffusion: 'partial', address: null })
  await importFiles([exportFile(company(siret))])
  expect(await find(siret)).toMatchObject({
    diffusion: 'full',
    name: 'L’ÉTAMEUR DU QUERCY',
    address: '12 RUE DES ORFEVRES',
  })
})

test('the stock alone tells no name; the legal units beside it do', async () => {
  const [legal, sole] = [newSiret(), newSiret()]
  const stock = stockFile(company(legal), company(sole, { enseigne1Etablissement: 'LE FOURNIL' }))
  await importFiles([stock])
  expect([await find(legal), await find(sole)]).toMatchObject([
    { name: null, natural_person: null },
    { name: null, natural_person: null },
  ])
  const units = unitFile(
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
  expect(await importFiles([stock, units])).toMatchObject({ updated: 2 })
  expect([await find(legal), await find(sole)]).toMatchObject([
    { name: 'CÈDRE & FILS', natural_person: false, search: expect.stringMatching(/^cedre fils /) },
    { name: 'LE FOURNIL', natural_person: true, search: expect.stringMatching(/^le fournil /) },
  ])
  expect(await importFiles([stock, units])).toMatchObject({ unchanged: 2 })
  // Without them again, what they told stays.
  expect(await importFiles([stock])).toMatchObject({ unchanged: 2 })
})

test('the stock alone after an export keeps the known name, at the new place', async () => {
  const siret = newSiret()
  await importFiles([exportFile(company(siret))])
  const moved = {
    codeCommuneEtablissement: '82112',
    libelleCommuneEtablissement: 'MOISSAC',
    dateDernierTraitementEtablissement: '2025-01-01',
  }
  expect(await importFiles([stockFile(company(siret, moved))])).toMatchObject({ updated: 1 })
  const { name, search, commune } = await find(siret)
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
    select e.name, ${foldedName} as folded from unnest(${names}::text[]) as e(name)`.execute(own.app.db.kysely)
  expect(found.rows).toHaveLength(200)
  for (const { name, folded } of found.rows) expect(folded, name).toBe(fold(name))
})

const lambert = { coordonneeLambertAbscisseEtablissement: '570000', coordonneeLambertOrdonneeEtablissement: '6324000' }

test('a position stays known while the address is the same, and leaves with it', async () => {
  const siret = newSiret()
  await importFiles([exportFile(company(siret, lambert))])
  const { lon, lat } = await find(siret)
  expect([lon, lat]).toEqual([expect.closeTo(1.38, 1), expect.closeTo(44, 0)])
  const without = { dateDernierTraitementEtablissement: '2025-01-01', trancheEffectifsEtablissement: '02' }
  await importFiles([exportFile(company(siret, without))])
  expect(await find(siret)).toMatchObject({ lon, lat, position_quality: 'address', employees: '02' })
  await importFiles([exportFile(company(siret, { ...without, numeroVoieEtablissement: '14' }))])
  expect(await find(siret)).toMatchObject({ lon: 1.35, lat: 44.02, position_quality: 'commune' })
})

test('without coordinates it is at the centre of its commune, and says so; without a centre, nowhere', async () => {
  const [inside, outside] = [newSiret(), newSiret()]
  await importFiles([exportFile(company(inside), company(outside, { codeCommuneEtablissement: '82112' }))])
  expect(await find(inside)).toMatchObject({ lon: 1.35, lat: 44.02, position_quality: 'commune' })
  expect(await find(outside)).toMatchObject({ lon: null, lat: null, position_quality: 'none' })
})

test('the geolocated file alone places known units, but for partial diffusion and centroids', async () => {
  const [known, partial, centroid] = [newSiret(), newSiret(), newSiret()]
  await importFiles([
    exportFile(company(known), company(partial, { statutDiffusionEtablissement: 'P' }), company(centroid, lambert)),
  ])
  const before = await find(centroid)
  const at = { x_longitude: '1.36', y_latitude: '44.01', qualite_xy: '11' }
  const positions = positionFile(
    { siret: known, ...at },
    { siret: partial, ...at },
    { siret: centroid, ...at, qualite_xy: '33' },
  )
  expect(await importFiles([positions])).toMatchObject({ accepted: 3, updated: 1, inserted: 0 })
  expect(await find(known)).toMatchObject({
    lon: 1.36,
    lat: 44.01,
    position_quality: 'address',
    name: 'L’ÉTAMEUR DU QUERCY',
  })
  expect(await find(partial)).toMatchObject({ lon: 1.35, position_quality: 'commune' })
  expect(await find(centroid)).toEqual(before)
  expect(await importFiles([positions])).toMatchObject({ updated: 0 })
})

test('only a row that says closed closes; absence closes nothing', async () => {
  const [absent, closed] = [newSiret(), newSiret()]
  await importFiles([exportFile(company(absent), company(closed))])
  const row = company(closed, {
    etatAdministratifEtablissement: 'F',
    dateDebut: '2024-12-31',
    dateDernierTraitementEtablissement: '2025-01-02',
  })
  expect(await importFiles([exportFile(row)])).toMatchObject({ rows: 1, updated: 1 })
  expect(await find(absent)).toMatchObject({ state: 'open', closed_on: null })
  expect(await find(closed)).toMatchObject({ state: 'closed', closed_on: '2024-12-31' })
  expect(await historyOf(closed)).toMatchObject([{ state: 'open' }])
})

test('a merged commune is the one of today; an unknown one is told, and kept as declared', async () => {
  const codes = await readCommuneCodes(own.app.db.kysely)
  const [former, today] = [...codes].find(([code, now]) => code !== now && code.startsWith('49'))!
  const [merged, unknown] = [newSiret(), newSiret()]
  const done = await importFiles([
    exportFile(
      company(merged, { codeCommuneEtablissement: former }),
      company(unknown, { codeCommuneEtablissement: '82999' }),
    ),
  ])
  expect(done).toMatchObject({ accepted: 2, warnings: 1 })
  expect(await find(merged)).toMatchObject({ commune: today, commune_declared: former })
  expect(await find(unknown)).toMatchObject({ commune: null, commune_declared: '82999', position_quality: 'none' })
  expect(await reportOf(done.reportKey)).toEqual([
    expect.stringMatching(/^export\.csv;3;codeCommuneEtablissement;82999;champ écarté;commune\.unknown;/),
  ])
})

test('the last row of a SIRET counts, the ones before are told', async () => {
  const siret = newSiret()
  const done = await importFiles([exportFile(company(siret), company(siret, { trancheEffectifsEtablissement: '12' }))])
  expect(done).toMatchObject({ rows: 2, accepted: 2, warnings: 1, inserted: 1 })
  expect(await find(siret)).toMatchObject({ employees: '12' })
  expect(await reportOf(done.reportKey)).toEqual([
    expect.stringMatching(/^export\.csv;3;siret;\d{14};champ écarté;siret\.duplicate;/),
  ])
})

test('one import runs at a time', async () => {
  const [first, second] = [newSiret(), newSiret()]
  const inTime = importFiles([exportFile(company(first))])
  await expect(importFiles([stockFile(company(second))])).rejects.toMatchObject({
    code: 'registry.import_running',
    status: 409,
    message: 'Un import est déjà en cours. Attendez qu’il soit terminé, puis recommencez.',
  })
  expect(await inTime).toMatchObject({ inserted: 1 })
  expect(await importFiles([stockFile(company(second))])).toMatchObject({ inserted: 1 })
})

test('an import that a dead process left running stops nobody', async () => {
  const id = '0191d7a0-0000-4000-8000-000000000001'
  await sql`insert into registry.import (id, status, requested_by, files, alive_at)
    values (${id}, 'running', 'test', '[]', now() - interval '2 minutes')`.execute(own.app.db.kysely)
  await importFiles([exportFile(company(newSiret()))])
  expect((await listImports(own.app.db, 1000)).find((one) => one.id === id)).toMatchObject({ status: 'interrupted' })
})

const state = async () => ({
  revision: await readRevision(own.app.db),
  provenance: await readProvenance(own.app.db),
  imports: await listImports(own.app.db, 1000),
})

test('a trial changes nothing, is no source of the register, and reports what it would refuse', async () => {
  const before = await state()
  const siret = newSiret()
  const file = exportFile(company(siret), company(siret, { siret: `${siret.slice(0, 13)}X` }))
  const done = await importFiles([file], { dryRun: true })
  expect(done).toMatchObject({ rows: 2, accepted: 1, refused: 1, inserted: 0, formats: [{ file: 'export.csv' }] })
  expect(await reportOf(done.reportKey)).toEqual([expect.stringContaining('siret.format')])
  expect(await state()).toEqual(before)
  expect(await find(siret)).toBeUndefined()
})

test('an import that fails midway leaves the register untouched, and says so', async () => {
  const { kysely } = own.app.db
  const [siret, other] = [newSiret(), newSiret()]
  await importFiles([exportFile(company(siret))])
  const before = await state()
  await sql`create function registry.refuse() returns trigger language plpgsql as $$ begin raise 'disk full'; end $$`.execute(
    kysely,
  )
  await sql`create trigger refuse before insert on registry.establishment for each row when (new.siret = ${sql.lit(other)}) execute function registry.refuse()`.execute(
    kysely,
  )
  const file = exportFile(company(siret, { trancheEffectifsEtablissement: '03' }), company(other))
  await expect(importFiles([file])).rejects.toThrow('disk full')
  const { revision, provenance, imports } = await state()
  expect({ revision, provenance }).toEqual({ revision: before.revision, provenance: before.provenance })
  expect(imports[0]).toMatchObject({ status: 'failed', error: 'Erreur inattendue : voir les journaux.', inserted: 0 })
  expect(await find(siret)).toMatchObject({ employees: '01' })
  expect(await historyOf(siret)).toEqual([])
  expect((await sql`select 1 from registry.staged_establishment`.execute(kysely)).rows).toEqual([])
  await sql`drop trigger refuse on registry.establishment`.execute(kysely)
  expect(await importFiles([file])).toMatchObject({ inserted: 1, updated: 1 })
})

test('a file of no known format is refused with what to do', async () => {
  const refused = importFiles([exportFile(company(newSiret())), folder.write('a,b\n1,2\n', 'autre.csv')])
  await expect(refused).rejects.toMatchObject({
    code: 'sirene.unknown_format',
    message: expect.stringMatching(/« autre\.csv » n’est pas reconnu.*Sont acceptés/),
  })
  const [last] = await listImports(own.app.db, 1)
  expect(last).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('« autre.csv »'),
    files: ['export.csv', 'autre.csv'],
  })
  const columns = exportColumns.filter((column) => column !== 'etatAdministratifEtablissement')
  const incomplete = folder.write(csvOf([company(newSiret())], columns), 'incomplet.csv')
  await expect(importFiles([incomplete])).rejects.toMatchObject({
    code: 'sirene.missing_column',
    message: expect.stringContaining('« etatAdministratifEtablissement »'),
  })
})
