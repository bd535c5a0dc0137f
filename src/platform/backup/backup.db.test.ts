import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createStorage, migrate, openDatabase, sql, transaction, type Config } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { runCommand } from '../testing/command-line.ts'
import { emptyPlace, fingerprint, type EmptyPlace } from '../testing/databases.ts'

const server = () => {
  const template = inject('template')
  return template.kind === 'postgres' ? template.url : null
}

let testApp: TestApp
let folder: string
let archive: string
let original: Record<string, string>
/** A place that refusals must leave empty. */
let untouched: EmptyPlace
const awkward = 'tab\tulation, retour\r\nà la ligne, \\N, \\., « accents », 𝕏, '

beforeAll(async () => {
  testApp = await createTestApp()
  const { db, storage } = testApp.app
  folder = mkdtempSync(join(tmpdir(), 'artisanumerique-backup-'))
  archive = join(folder, 'tout.tar.gz')
  await transaction(db, async (trx) => {
    for (const capability of testApp.app.capabilities) await capability.demonstration?.load(trx)
    // Wide rows, so that a table takes several parts.
    for (let i = 0; i < 400; i++)
      await sql`insert into platform.outbox (kind, payload, handled_at)
        values (${awkward}, ${JSON.stringify({ i, long: awkward.repeat(1500) })}::jsonb, '2026-11-24T10:00:00.123456+01')`.execute(
        trx,
      )
  })
  await storage.put('imports/a/rapport.csv', Readable.from([Buffer.from('fichier;ligne\r\n')]))
  await storage.put('empty', Readable.from([]))
  original = await fingerprint(db)
  await db.close()
  expect(await runCommand(testApp.app.config, ['backup', archive])).toMatchObject({ code: 0 })
  await testApp.reopen()
  untouched = await emptyPlace(server())
})
afterAll(async () => {
  await untouched.drop()
  await testApp.close()
  rmSync(folder, { recursive: true, force: true })
})

async function expectSame(config: Config) {
  const db = await openDatabase(config)
  try {
    expect(await fingerprint(db)).toEqual(original)
    // The numbers of new rows follow those of the old ones.
    await sql`insert into platform.outbox (kind) values ('new')`.execute(db.kysely)
    const ids = await sql<{ fresh: boolean }>`select max(id) = count(*) as fresh from platform.outbox`.execute(
      db.kysely,
    )
    expect(ids.rows[0]!.fresh).toBe(true)
  } finally {
    await db.close()
  }
  const storage = createStorage(config)
  expect((await Array.fromAsync(storage.list())).map(({ key }) => key)).toEqual(['empty', 'imports/a/rapport.csv'])
  expect(await text((await storage.read('imports/a/rapport.csv'))!)).toBe('fichier;ligne\r\n')
}

test('a backup is one private file, of several parts where a table is large', () => {
  expect(readdirSync(folder)).toEqual(['tout.tar.gz'])
  expect(statSync(archive).mode & 0o777).toBe(0o600)
  expect(gunzipSync(readFileSync(archive)).toString('latin1')).toContain('tables/platform.outbox/00001.copy')
})

test('a backup loads into an empty database of the same kind: same rows, rules, numbers and files', async () => {
  const place = await emptyPlace(server())
  try {
    const ran = await runCommand(place.config, ['restore', archive])
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('Sauvegarde chargée') })
    await expectSame(place.config)
  } finally {
    await place.drop()
  }
})

test('from a server to the embedded database and back, nothing changes', async (context) => {
  const url = server()
  if (!url) return context.skip('needs TEST_DATABASE_URL: from one kind of database to the other is not tried')
  const embedded = await emptyPlace(null)
  const onServer = await emptyPlace(url)
  const again = join(folder, 'again.tar.gz')
  try {
    expect(await runCommand(embedded.config, ['restore', archive])).toMatchObject({ code: 0 })
    expect(await runCommand(embedded.config, ['backup', again])).toMatchObject({ code: 0 })
    await expectSame(embedded.config)
    expect(await runCommand(onServer.config, ['restore', again])).toMatchObject({ code: 0 })
    await expectSame(onServer.config)
  } finally {
    rmSync(again, { force: true })
    await embedded.drop()
    await onServer.drop()
  }
})

async function expectEmpty(config: Config) {
  const db = await openDatabase(config)
  expect(await fingerprint(db)).toEqual({ rules: '' })
  await db.close()
  expect(await Array.fromAsync(createStorage(config).list())).toEqual([])
}

test('a try writes nothing, and says how much there is', async () => {
  const ran = await runCommand(untouched.config, ['restore', archive, '--dry-run'])
  expect(ran).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Sauvegarde complète : \d+ tables, .* 2 fichiers\. Rien n’est écrit\.\n$/),
  })
  await expectEmpty(untouched.config)
})

/** The archive with its bytes changed before they are compressed again. */
function altered(change: (bytes: Buffer) => Buffer): string {
  const file = join(folder, 'altered.tar.gz')
  writeFileSync(file, gzipSync(change(gunzipSync(readFileSync(archive))), { level: 1 }))
  return file
}

const edited = (pattern: RegExp, replace: (found: string) => string) => () =>
  altered((bytes) => Buffer.from(bytes.toString('latin1').replace(pattern, replace), 'latin1'))
const anotherDigit = (found: string) => found.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10))
const cutAtEnd = (bytes: Buffer) =>
  Buffer.concat([bytes.subarray(0, bytes.lastIndexOf('end.json')), Buffer.alloc(1024)])

test.each([
  ['is cut', () => altered((bytes) => bytes.subarray(0, bytes.length - 5000)), 'n’est pas une sauvegarde complète'],
  ['lacks its end', () => altered(cutAtEnd), 'la fin manque'],
  ['lost a row', edited(/"platform\.outbox": \d+/, anotherDigit), 'des lignes ou des fichiers manquent'],
  ['is of another program', edited(/"artisanumerique"/, () => '"artisanumerics?"'), 'manifest.json'],
  [
    'is of a newer version',
    edited(/\d{8}T\d{4}-platform\.sql/, (name) => name.replace('2', '3')),
    'plus récente du programme',
  ],
  ['is no archive', () => join(import.meta.dirname, 'backup.ts'), 'n’est pas une sauvegarde complète'],
  ['does not exist', () => join(folder, 'absent.tar.gz'), 'est introuvable'],
])('a backup that %s is refused and changes nothing', async (_name, make, sentence) => {
  const ran = await runCommand(untouched.config, ['restore', make()])
  expect(ran.err).toContain(sentence)
  expect(ran.code).toBe(1)
  await expectEmpty(untouched.config)
})

test('nothing is overwritten: neither a database, nor files, nor a backup', async () => {
  const place = await emptyPlace(server())
  try {
    await createStorage(place.config).put('mine', Readable.from([Buffer.from('x')]))
    expect(await runCommand(place.config, ['restore', archive])).toMatchObject({
      code: 1,
      err: expect.stringContaining('n’est pas vide (mine)'),
    })
    const db = await openDatabase(place.config)
    await migrate(db)
    await db.close()
    expect(await runCommand(place.config, ['restore', archive])).toMatchObject({
      code: 1,
      err: expect.stringContaining('base vide'),
    })
    const copy = join(folder, 'copy.tar.gz')
    copyFileSync(archive, copy)
    expect(await runCommand(place.config, ['backup', copy])).toMatchObject({
      code: 1,
      err: expect.stringContaining('existe déjà'),
    })
    expect(readFileSync(copy).equals(readFileSync(archive))).toBe(true)
    expect(await runCommand(place.config, ['backup', join(folder, 'absent/x.tar.gz')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('ENOENT'),
    })
    expect(existsSync(join(folder, 'absent'))).toBe(false)
  } finally {
    await place.drop()
  }
})
