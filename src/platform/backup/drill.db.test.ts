import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { startFauxqs, type FauxqsServer } from 'fauxqs'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { createStorage, openDatabase, sql, transaction, type Config } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'
import { runCommand } from '../testing/command-line.ts'
import { emptyPlace, fingerprint, type EmptyPlace } from '../testing/databases.ts'
import { writeBackup, type Written } from './backup.ts'

const digestOf = (content: string) => createHash('sha256').update(content).digest('hex')
const fileKey = (n: number) => `media/${digestOf(`film ${n}`)}`

let folder: string
let s3: FauxqsServer
const places: EmptyPlace[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'artisanumerique-drill-'))
  s3 = await startFauxqs({ port: 0, logger: false })
  s3.createBucket('exercice')
})
afterAll(async () => {
  for (const place of places) await place.drop()
  await s3.stop()
  rmSync(folder, { recursive: true, force: true })
})

const bucketUrl = (prefix: string) => `s3://a:b@127.0.0.1:${s3.port}/exercice/${prefix}?tls=off`

async function newPlace(url: string | null, storageUrl: string | null = null): Promise<Config> {
  const place = await emptyPlace(url)
  places.push(place)
  return { ...place.config, storageUrl }
}

/** The demonstration, and forty files named by rows of the outbox. */
async function fill({ app }: TestApp) {
  await transaction(app.db, async (trx) => {
    for (const capability of app.capabilities) await capability.demonstration?.load(trx)
    await sql`delete from platform.outbox`.execute(trx)
  })
  for (let n = 1; n <= 40; n++) await addFile({ app }, n)
}

async function addFile({ app }: Pick<TestApp, 'app'>, n: number) {
  await app.storage.put(fileKey(n), Readable.from([Buffer.from(`film ${n}`)]))
  await sql`insert into platform.outbox (kind, payload) values ('drill', ${JSON.stringify({ n })}::jsonb)`.execute(
    app.db.kysely,
  )
}

async function removeFile({ app }: TestApp, n: number) {
  await sql`delete from platform.outbox where payload->>'n' = ${String(n)}`.execute(app.db.kysely)
  await app.storage.remove(fileKey(n))
}

/** Makes a backup while files come and go; gives the highest number before and after. */
async function backUpWhileWriting(testApp: TestApp, archive: string) {
  const finished = new AbortController()
  let last = 40
  const write = async () => {
    while (!finished.signal.aborted) {
      await addFile(testApp, last + 1)
      last++
      await removeFile(testApp, last - 40)
    }
  }
  const writing = write()
  const before = last
  let done: Written
  try {
    done = await writeBackup(testApp.app, archive, () => undefined)
  } finally {
    finished.abort()
    await writing
  }
  return { before, last, done }
}

/** What a restored place holds: fingerprints of the tables that nobody wrote, and numbers of rows and files. */
async function inspect(config: Config) {
  const db = await openDatabase(config)
  try {
    const { 'platform.outbox': _, ...tables } = await fingerprint(db)
    const found = await sql<{ n: number }>`select (payload->>'n')::int as n from platform.outbox order by 1`.execute(
      db.kysely,
    )
    return { tables, rows: found.rows.map(({ n }) => n) }
  } finally {
    await db.close()
  }
}

test.for([
  ['in a folder', false],
  ['in an S3 bucket', true],
] as const)(
  'a whole drill with files %s: fill, back up under writing, lose all, restore, compare',
  async ([, onS3], context) => {
    const template = inject('template')
    const testApp = await createTestApp({ storageUrl: onS3 ? bucketUrl('origine') : null })
    const archive = join(folder, `exercice-${onS3}.tar.gz`)
    await fill(testApp)
    const { 'platform.outbox': _, ...tables } = await fingerprint(testApp.app.db)
    const start = performance.now()
    const { before, last, done } = await backUpWhileWriting(testApp, archive)
    const written = performance.now()
    await testApp.close()
    if (onS3) for await (const { key } of testApp.app.storage.list()) await testApp.app.storage.remove(key)

    const kinds = template.kind === 'postgres' ? [null, template.url] : [null]
    for (const [index, url] of kinds.entries()) {
      const config = await newPlace(url, onS3 ? bucketUrl(`retour-${index}`) : null)
      expect(await runCommand(config, ['restore', archive])).toMatchObject({ code: 0 })
      const restored = await inspect(config)
      expect(restored.tables).toEqual(tables)
      // The rows of one moment: forty or forty-one numbers that follow each other.
      const [first, end] = [restored.rows[0]!, restored.rows.at(-1)!]
      expect(restored.rows).toEqual(Array.from({ length: end - first + 1 }, (_, i) => first + i))
      expect(end).toBeGreaterThanOrEqual(before)
      expect(end).toBeLessThanOrEqual(last)
      expect([40, 41]).toContain(restored.rows.length)
      // Each has its file, but for those that were removed during the backup.
      const storage = createStorage(config)
      const gone: number[] = []
      for (const n of restored.rows) {
        const content = await storage.read(fileKey(n))
        if (content) expect(await text(content)).toBe(`film ${n}`)
        else gone.push(n)
      }
      expect(gone.filter((n) => n > last - 40)).toEqual([])
      expect((await Array.fromAsync(storage.list())).length).toBe(done.files)
      expect(await runCommand(config, ['check'])).toMatchObject({
        code: 0,
        out: expect.stringContaining(onS3 ? '✓ Le stockage S3 s’écrit' : '✓ Le dossier des fichiers s’écrit'),
      })
    }
    const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
    console.info(
      `drill, files ${onS3 ? 'in S3' : 'in a folder'}: ${done.rows} rows and ${done.files} files backed up in ${seconds(written - start)} while ${last - before} files came and ${last - before} went (${done.removed} missed), restored ${kinds.length} time(s) in ${seconds(performance.now() - written)}`,
    )
    if (template.kind === 'pglite' && !onS3) context.annotate('needs TEST_DATABASE_URL to restore into a server too')
  },
)

const line = (id: string) =>
  JSON.stringify({ id, kind: 'person', subject: `p-${id}`, reason: 'request', at: '2026-11-25' })

test('erasures of the folder, of the backup and of a ledger kept apart are all done again, once each', async () => {
  const template = inject('template')
  const testApp = await createTestApp()
  const archive = join(folder, 'effacements.tar.gz')
  writeFileSync(join(testApp.app.config.dataDir, 'erasures.jsonl'), `${line('a')}\n${line('b')}\n{"id":"cut`)
  writeFileSync(join(testApp.app.config.dataDir, 'secret'), 'never in a backup')
  await writeBackup(testApp.app, archive, () => undefined)
  await testApp.close()
  const apart = join(folder, 'apart.jsonl')
  writeFileSync(apart, `${line('b')}\n${line('c')}\n`)

  const config = await newPlace(template.kind === 'postgres' ? template.url : null)
  const ledger = join(config.dataDir, 'erasures.jsonl')
  writeFileSync(ledger, `${line('d')}\n`)
  const restore = (...options: string[]) => runCommand(config, ['restore', archive, ...options])
  expect(await restore('--erasures', apart, '--dry-run')).toMatchObject({
    code: 0,
    out: expect.stringContaining('4 effacements seront refaits au démarrage. Rien n’est écrit'),
  })
  expect(readFileSync(ledger, 'utf8')).toBe(`${line('d')}\n`)

  writeFileSync(join(folder, 'damaged.jsonl'), `{"id":\n${line('e')}\n`)
  for (const wrong of ['damaged.jsonl', 'absent.jsonl'])
    expect(await restore('--erasures', join(folder, wrong))).toMatchObject({ code: 1 })
  expect(readFileSync(ledger, 'utf8')).toBe(`${line('d')}\n`)

  expect(await restore('--erasures', apart)).toMatchObject({ code: 0, out: expect.stringContaining('4 effacements') })
  expect(readFileSync(ledger, 'utf8').trim().split('\n').sort()).toEqual(['a', 'b', 'c', 'd'].map(line))
})

test('neither the secret nor what a stop left is in a backup, and the leftover of a dead process goes', async () => {
  const testApp = await createTestApp()
  const archive = join(folder, 'secret.tar.gz')
  writeFileSync(join(testApp.app.config.dataDir, 'secret'), 'x')
  writeFileSync(`${archive}.part-999999999`, 'half')
  writeFileSync(`${archive}.part-${process.ppid}`, 'of a live process')
  await testApp.app.storage.put('a', Readable.from([Buffer.from('kept')]))
  expect(await writeBackup(testApp.app, archive, () => undefined)).toMatchObject({ files: 1, removed: 0 })
  await testApp.close()
  const names = readdirSync(folder).filter((name) => name.startsWith('secret.tar.gz'))
  expect(names.sort()).toEqual(['secret.tar.gz', `secret.tar.gz.part-${process.ppid}`])
})
