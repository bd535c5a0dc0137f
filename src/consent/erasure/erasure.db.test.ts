import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newId, sql, type App, type Capability } from '#platform'
import { runCommand } from '../../platform/testing/command-line.ts'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { emptyPlace } from '../../platform/testing/databases.ts'
import { compose } from '../../compose.ts'
import { declareRecord, giveConsent, withdrawConsent } from '../commands.ts'
import { forgetJob } from '../jobs.ts'
import { agreement, personOf } from '../testing.ts'
import { eraseSubject, measureErasure, prepareErasures } from './commands.ts'
import { readLedger } from './ledger.ts'

const marker = 'Zéphirine-Quatrepoint'
const anna = personOf('anna')
const subject = { kind: 'person', id: 'anna' }
const fileKey = 'media/ab/portrait'

let testApp: TestApp
beforeEach(async () => {
  testApp = await createTestApp()
})
afterEach(() => testApp.close())

/** Holds a file of a person, as a capability with content does. */
const album: Capability = {
  name: 'album',
  erase: async (_trx, { kind, id }) => ({ files: kind === 'person' && id === 'anna' ? [fileKey] : [], tables: [] }),
}
const withAlbum = (app: App): App => ({ ...app, capabilities: [...app.capabilities, album] })

/** A public record of Anna, an agreement that names her guardian, a mail in clear, and a file. */
async function fill(app: App) {
  const record = { kind: 'statement', id: newId() }
  await declareRecord(app.db, anna, { ...record, asked: 'public', body: null, holder: subject, identifying: false })
  const minor = { ...record, ...agreement, ageClass: 'minor' as const, textVersion: 'minor-1' }
  await giveConsent(app.db, anna, minor)
  await giveConsent(app.db, anna, { ...minor, by: 'guardian', guardian: marker })
  await app.storage.put(fileKey, Readable.from([Buffer.from(marker)]))
  return record
}

/** Files below a folder that hold the marker. */
function holders(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map((entry) => join(entry.parentPath, entry.name)).filter((file) => readFileSync(file).includes(marker))
}

const ledgerOf = (app: App) => join(app.config.dataDir, 'erasures.jsonl')
const count = async (app: App, text: string) =>
  (await sql<{ count: number }>`select count(*)::int as count from ${sql.raw(text)}`.execute(app.db.kysely)).rows[0]!
    .count

test('an erasure destroys content on the disk, retires what was public, and leaves ids in both ledgers', async () => {
  const app = withAlbum(testApp.app)
  const record = await fill(app)
  const id = await eraseSubject(app, anna, subject, 'request')
  expect(await count(app, 'consent.event')).toBe(0)
  expect(await count(app, 'consent.public_record')).toBe(0)
  expect(await count(app, `platform.retired where id = '${record.id}'`)).toBe(1)
  expect(await app.storage.head(fileKey)).toBeNull()
  expect(await readLedger(app.config)).toMatchObject([{ id, kind: 'person', subject: 'anna', reason: 'request' }])
  const kept = await sql`select pending, files, tables from consent.erasure where id = ${id}`.execute(app.db.kysely)
  expect(kept.rows).toEqual([{ pending: false, files: [], tables: [] }])
  const again = { ...record, asked: 'public' as const, body: null, holder: subject }
  await expect(declareRecord(app.db, anna, again)).rejects.toMatchObject({ status: 410 })
  await expect(withdrawConsent(app.db, anna, record)).rejects.toMatchObject({ status: 410 })
  if (app.db.pglite) expect(holders(app.config.dataDir)).toEqual([])
})

test('a measure counts and changes nothing', async () => {
  const app = withAlbum(testApp.app)
  await fill(app)
  const { rows, ...measure } = await measureErasure(app, anna, subject)
  expect(rows['consent.event']).toBe(3)
  expect(measure).toEqual({ records: 1, files: 1 })
  expect(await count(app, 'consent.event')).toBe(3)
  expect(await readLedger(app.config)).toEqual([])
})

test('only the person, the administrator and the operator erase', async () => {
  const { app } = testApp
  const record = await fill(app)
  for (const one of [subject, record])
    await expect(eraseSubject(app, personOf('basile'), one, 'request')).rejects.toMatchObject({ status: 403 })
  await expect(eraseSubject(app, null, subject, 'request')).rejects.toMatchObject({ status: 401 })
  await eraseSubject(app, anna, record, 'withdrawal')
  await eraseSubject(app, personOf('admin', true), subject, 'request')
})

test('whoever holds an enterprise objects to its entry by erasing', async () => {
  const { app } = testApp
  const enterprise = { kind: 'enterprise', id: '73282932000074' }
  await expect(eraseSubject(app, anna, enterprise, 'request')).rejects.toMatchObject({ status: 403 })
  await sql`insert into accounts.enterprise_holder (person, siret) values ('anna', ${enterprise.id})`.execute(
    app.db.kysely,
  )
  await eraseSubject(app, anna, enterprise, 'request')
  expect(await count(app, `consent.public_objection where siret = '${enterprise.id}'`)).toBe(1)
})

test('what nobody agreed to goes after two years, what is agreed to stays', async () => {
  const { app } = testApp
  const kept = await fill(app)
  const record = { kind: 'statement', id: newId() }
  await declareRecord(app.db, anna, { ...record, asked: 'public', body: null, holder: subject })
  const work = () => forgetJob.work({ app, id: '', progress: async () => undefined }, {})
  await work()
  expect(await readLedger(app.config)).toEqual([])
  await sql`update consent.record set changed_at = now() - interval '731 days'`.execute(app.db.kysely)
  await work()
  expect(await readLedger(app.config)).toMatchObject([{ kind: 'statement', subject: record.id, reason: 'law' }])
  expect(await count(app, `consent.public_record where id = '${kept.id}'`)).toBe(1)
})

test('what a person wrote down for others stays, without his id', async () => {
  const { app } = testApp
  const record = { kind: 'statement', id: newId() }
  const other = { kind: 'person', id: 'other' }
  await declareRecord(app.db, anna, { ...record, asked: 'public', body: null, holder: other })
  await eraseSubject(app, anna, subject, 'request')
  expect(await count(app, `consent.event where record = '${record.id}' and actor is null`)).toBe(1)
  expect(await count(app, `consent.record where id = '${record.id}' and author is null`)).toBe(1)
})

test('a stop between the commit and the files is finished at the next start', async () => {
  const app = withAlbum(testApp.app)
  await fill(app)
  const storage = {
    ...app.storage,
    remove: async () => {
      throw new Error('power cut')
    },
  }
  await expect(eraseSubject({ ...app, storage }, anna, subject, 'request')).rejects.toThrow('power cut')
  expect(await app.storage.head(fileKey)).not.toBeNull()
  expect(await count(app, 'consent.erasure where pending')).toBe(1)
  await prepareErasures(app)
  expect(await app.storage.head(fileKey)).toBeNull()
  expect(await count(app, 'consent.erasure where pending')).toBe(0)
  expect(await readLedger(app.config)).toHaveLength(1)
})

test('a lost ledger is written anew, an unfinished line is passed over, a damaged one stops the start', async () => {
  const { app } = testApp
  await eraseSubject(app, 'operator', subject, 'request')
  rmSync(ledgerOf(app))
  await prepareErasures(app)
  expect(await readLedger(app.config)).toHaveLength(1)
  appendFileSync(ledgerOf(app), '{"id":"0')
  await eraseSubject(app, 'operator', { kind: 'person', id: 'b' }, 'law')
  expect((await readLedger(app.config)).map((line) => line.subject)).toEqual(['anna', 'b'])
  const text = readFileSync(ledgerOf(app), 'utf8')
  writeFileSync(ledgerOf(app), text.trimEnd())
  await eraseSubject(app, 'operator', { kind: 'person', id: 'c' }, 'law')
  expect(await readLedger(app.config)).toHaveLength(3)
  writeFileSync(ledgerOf(app), `{"id":"0\n${text}`)
  await expect(readLedger(app.config)).rejects.toThrow('line 1')
})

test('an older backup, restored with the ledger, is erased again before anything is served', async () => {
  const app = withAlbum(testApp.app)
  await fill(app)
  const backup = join(app.config.dataDir, 'before.tar.gz')
  const pglite = app.db.pglite !== null
  expect((await runWhileOpen(app, ['backup', backup])).code).toBe(0)
  await eraseSubject(app, anna, subject, 'request')
  const url = pglite ? null : app.config.databaseUrl
  const place = await emptyPlace(url)
  try {
    const restored = await runCommand(place.config, ['restore', backup, '--erasures', ledgerOf(app)])
    expect(restored.code, restored.err).toBe(0)
    if (pglite) expect(holders(place.config.dataDir)).not.toEqual([])
    const second = await compose(place.config)
    try {
      expect(await count(second, 'consent.event')).toBe(3)
      await prepareErasures(withAlbum(second))
      expect(await count(second, 'consent.event')).toBe(0)
      expect(await count(second, 'consent.public_record')).toBe(0)
      expect(await second.storage.head(fileKey)).toBeNull()
      if (pglite) expect(holders(place.config.dataDir)).toEqual([])
    } finally {
      await second.db.close()
    }
  } finally {
    await place.drop()
  }
})

/** Runs a command on the data of an application that is open: it is closed meanwhile. */
async function runWhileOpen(app: App, argv: string[]) {
  await app.db.close()
  const ran = await runCommand(app.config, argv)
  const { db } = await testApp.reopen()
  Object.assign(app, { db })
  return ran
}
