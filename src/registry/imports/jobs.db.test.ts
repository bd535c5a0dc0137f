import { createReadStream, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { siretAt } from '../sirene/testing.ts'
import { createFolder, csvOf, stockUnit } from '../sirene/testing/collect.ts'
import { importJob, purgeReportsJob, type ImportOrder } from './jobs.ts'
import { findImportOfJob, listImports } from './queries.ts'
import { runImport } from './run.ts'

let own: TestApp
const folder = createFolder()
beforeAll(async () => {
  own = await createTestApp()
})
afterAll(async () => {
  folder.remove()
  await own.close()
})

/** What the page keeps of a file that was sent, and orders. */
async function sent(content: string): Promise<ImportOrder> {
  const key = 'uploads/test/0'
  await own.app.storage.put(key, createReadStream(folder.write(content).path))
  return { departement: '82', contours: null, files: [{ key, name: 'envoi.csv' }] }
}

const work = (id: string, order: ImportOrder) =>
  importJob.work({ app: own.app, id, progress: async () => undefined }, order)

async function listKeys(): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of own.app.storage.list()) keys.push(key)
  return keys
}

test('what was sent is imported, then removed; asked again by the queue, nothing is done twice', async () => {
  const id = '0191d7a0-0000-7000-8000-000000000001'
  const order = await sent(csvOf([stockUnit()]))
  await work(id, order)
  expect(await findImportOfJob(own.app.db, id)).toMatchObject({ status: 'done', inserted: 1, departement: '82' })
  expect(await listKeys()).toEqual([])
  await work(id, order)
  expect(await listImports(own.app.db)).toHaveLength(1)
})

test('what cannot be imported is told and removed; asked again by the queue, it says the same', async () => {
  const id = '0191d7a0-0000-7000-8000-000000000002'
  const order = await sent('a,b\n1,2\n')
  const refusal = { message: expect.stringMatching(/« envoi\.csv » n’est pas reconnu/) }
  await expect(work(id, order)).rejects.toMatchObject(refusal)
  expect(await findImportOfJob(own.app.db, id)).toMatchObject({ status: 'failed', error: refusal.message })
  expect(await listKeys()).toEqual([])
  const before = await listImports(own.app.db)
  await expect(work(id, order)).rejects.toMatchObject(refusal)
  expect(await listImports(own.app.db)).toEqual(before)
})

test('what was sent waits while another import runs', async () => {
  const id = '0191d7a0-0000-7000-8000-000000000003'
  const files = [folder.write(csvOf([stockUnit({ siret: siretAt(1) })]), 'autre.csv')]
  const other = runImport(own.app, { files, departement: null, requestedBy: 'test' })
  const order = await sent(csvOf([stockUnit({ siret: siretAt(2) })]))
  const refused = work(id, { ...order, departement: null })
  await expect(refused).rejects.toMatchObject({ code: 'registry.import_running' })
  await other
  await work(id, order)
  expect(await findImportOfJob(own.app.db, id)).toMatchObject({ status: 'done', inserted: 1 })
})

test('reports leave after thirty days', async () => {
  const { app } = own
  const files = [folder.write(csvOf([stockUnit({ siret: '12345678901234' })]))]
  const request = { files, departement: null, requestedBy: 'test' }
  const [old, recent] = [await runImport(app, request), await runImport(app, request)]
  const trial = await runImport(app, { ...request, dryRun: true })
  const upload = 'uploads/0191d7a0-0000-4000-8000-000000000002/0'
  await app.storage.put(upload, Readable.from([Buffer.from('x')]))
  const age = (key: string, days: number) =>
    utimesSync(join(app.config.dataDir, 'files', key), new Date(), new Date(Date.now() - days * 86_400_000))
  await sql`update registry.import set finished_at = now() - interval '31 days' where id = ${old.id}`.execute(
    app.db.kysely,
  )
  age(trial.reportKey!, 31)
  age(upload, 3)
  await purgeReportsJob.work({ app, id: '', progress: async () => {} }, {})
  const kept = await listKeys()
  expect(kept).toContain(recent.reportKey)
  for (const key of [old.reportKey, trial.reportKey, upload]) expect(kept).not.toContain(key)
  expect((await listImports(app.db, 1000)).find((one) => one.id === old.id)).toMatchObject({ reportKey: null })
})
