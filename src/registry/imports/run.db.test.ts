import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform'
import { readProvenance, readRevision } from '../queries.ts'
import { csvOf, exportColumns } from '../sirene/testing/collect.ts'
import { listImports } from './queries.ts'
import { company, createBench, type Bench } from './testing.ts'

let bench: Bench
beforeAll(async () => {
  bench = await createBench()
})
afterAll(() => bench.close())

test('one import runs at a time', async () => {
  const [first, second] = [bench.newSiret(), bench.newSiret()]
  const inTime = bench.importFiles([bench.exportFile(company(first))])
  await expect(bench.importFiles([bench.stockFile(company(second))])).rejects.toMatchObject({
    code: 'registry.import_running',
    status: 409,
    message: 'Un import est déjà en cours. Attendez qu’il soit terminé, puis recommencez.',
  })
  expect(await inTime).toMatchObject({ inserted: 1 })
  expect(await bench.importFiles([bench.stockFile(company(second))])).toMatchObject({ inserted: 1 })
})

test('an import that a dead process left running stops nobody', async () => {
  const id = '0191d7a0-0000-4000-8000-000000000001'
  await sql`insert into registry.import (id, status, requested_by, files, alive_at)
    values (${id}, 'running', 'test', '[]', now() - interval '2 minutes')`.execute(bench.app.db.kysely)
  await bench.importFiles([bench.exportFile(company(bench.newSiret()))])
  expect((await listImports(bench.app.db, 1000)).find((one) => one.id === id)).toMatchObject({ status: 'interrupted' })
})

const state = async () => ({
  revision: await readRevision(bench.app.db),
  provenance: await readProvenance(bench.app.db),
  imports: await listImports(bench.app.db, 1000),
})

test('a trial changes nothing, is no source of the register, and reports what it would refuse', async () => {
  const before = await state()
  const siret = bench.newSiret()
  const file = bench.exportFile(company(siret), company(siret, { siret: `${siret.slice(0, 13)}X` }))
  const done = await bench.importFiles([file], { dryRun: true })
  expect(done).toMatchObject({ rows: 2, accepted: 1, refused: 1, inserted: 0, formats: [{ file: 'export.csv' }] })
  expect(await bench.reportOf(done.reportKey)).toEqual([expect.stringContaining('siret.format')])
  expect(await state()).toEqual(before)
  expect(await bench.find(siret)).toBeUndefined()
})

test('an import that fails midway leaves the register untouched, and says so', async () => {
  const { kysely } = bench.app.db
  const [siret, other] = [bench.newSiret(), bench.newSiret()]
  await bench.importFiles([bench.exportFile(company(siret))])
  const before = await state()
  await sql`create function registry.refuse() returns trigger language plpgsql as $$ begin raise 'disk full'; end $$`.execute(
    kysely,
  )
  await sql`create trigger refuse before insert on registry.establishment for each row when (new.siret = ${sql.lit(other)}) execute function registry.refuse()`.execute(
    kysely,
  )
  const file = bench.exportFile(company(siret, { trancheEffectifsEtablissement: '03' }), company(other))
  await expect(bench.importFiles([file])).rejects.toThrow('disk full')
  const { revision, provenance, imports } = await state()
  expect({ revision, provenance }).toEqual({ revision: before.revision, provenance: before.provenance })
  expect(imports[0]).toMatchObject({ status: 'failed', error: 'Erreur inattendue : voir les journaux.', inserted: 0 })
  expect(await bench.find(siret)).toMatchObject({ employees: '01' })
  expect(await bench.historyOf(siret)).toEqual([])
  expect((await sql`select 1 from registry.staged_establishment`.execute(kysely)).rows).toEqual([])
  await sql`drop trigger refuse on registry.establishment`.execute(kysely)
  expect(await bench.importFiles([file])).toMatchObject({ inserted: 1, updated: 1 })
})

test('a file of no known format is refused with what to do', async () => {
  const refused = bench.importFiles([
    bench.exportFile(company(bench.newSiret())),
    bench.folder.write('a,b\n1,2\n', 'autre.csv'),
  ])
  await expect(refused).rejects.toMatchObject({
    code: 'sirene.unknown_format',
    message: expect.stringMatching(/« autre\.csv » n’est pas reconnu.*Sont acceptés/),
  })
  const [last] = await listImports(bench.app.db, 1)
  expect(last).toMatchObject({
    status: 'failed',
    error: expect.stringContaining('« autre.csv »'),
    files: ['export.csv', 'autre.csv'],
  })
  const columns = exportColumns.filter((column) => column !== 'etatAdministratifEtablissement')
  const incomplete = bench.folder.write(csvOf([company(bench.newSiret())], columns), 'incomplet.csv')
  await expect(bench.importFiles([incomplete])).rejects.toMatchObject({
    code: 'sirene.missing_column',
    message: expect.stringContaining('« etatAdministratifEtablissement »'),
  })
})
