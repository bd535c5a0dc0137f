import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createStorage, type Storage } from '../storage.ts'
import { content, credentials, keysOf, startS3 } from './testing.ts'

let server: Awaited<ReturnType<typeof startS3>>
let dataDir: string
let storage: Storage
const megabyte = 1024 * 1024

beforeAll(async () => {
  server = await startS3()
})
afterAll(() => server.stop())
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-storage-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const keys = (prefix?: string) => keysOf(storage, prefix)
const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

async function* inChunks(bytes: Buffer, size = 100_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const inBucket = 'in an S3 bucket'

describe.each([
  ['in a folder', () => createStorage({ dataDir, storageUrl: null })],
  [inBucket, () => createStorage({ dataDir, storageUrl: server.open() })],
])('%s', (name, open) => {
  beforeEach(() => {
    storage = open()
  })

  test('a file is kept under its key until it is removed', async () => {
    expect(await storage.head('imports/a/report.csv')).toBeNull()
    expect(await storage.put('imports/a/report.csv', content('bonjour'))).toEqual({ bytes: 7 })
    expect(await storage.head('imports/a/report.csv')).toEqual({ bytes: 7 })
    expect(await text((await storage.read('imports/a/report.csv'))!)).toBe('bonjour')
    for (const none of ['imports', 'imports/a', 'imports/a/report.csv/x', 'imports/b']) {
      expect(await storage.read(none)).toBeNull()
      expect(await storage.head(none)).toBeNull()
    }
    await storage.remove('imports/a/report.csv')
    expect(await storage.read('imports/a/report.csv')).toBeNull()
    await storage.remove('imports/a/report.csv')
  })

  test('an empty file is a file', async () => {
    expect(await storage.put('empty', Readable.from([]))).toEqual({ bytes: 0 })
    expect(await storage.head('empty')).toEqual({ bytes: 0 })
    expect(await text((await storage.read('empty'))!)).toBe('')
  })

  test('a part is read by its first and last byte', async () => {
    await storage.put('a.txt', content('0123456789'))
    const part = async (start: number, end: number) => text((await storage.read('a.txt', { start, end }))!)
    expect(await part(0, 0)).toBe('0')
    expect(await part(3, 5)).toBe('345')
    expect(await part(7, 100)).toBe('789')
    expect(await part(10, 12)).toBe('')
    expect(await storage.read('b.txt', { start: 0, end: 1 })).toBeNull()
  })

  test('a large file comes back byte for byte, and is replaced whole', async () => {
    const [first, second] = [randomBytes(20 * megabyte + 7), randomBytes(9 * megabyte)]
    expect(await storage.put('large', inChunks(first))).toEqual({ bytes: first.length })
    expect(digest(await buffer((await storage.read('large'))!))).toBe(digest(first))
    await storage.put('large', inChunks(second))
    expect(await storage.head('large')).toEqual({ bytes: second.length })
    expect(digest(await buffer((await storage.read('large'))!))).toBe(digest(second))
  })

  test.each([3, 12 * megabyte, 30 * megabyte])(
    'a content that breaks off after %i bytes leaves the former file whole, and nothing else',
    async (length) => {
      await storage.put('a.txt', content('ancien'))
      const broken = (async function* () {
        yield* inChunks(Buffer.alloc(length, 1))
        throw new Error('cut')
      })()
      await expect(storage.put('a.txt', broken)).rejects.toThrow('cut')
      expect(await text((await storage.read('a.txt'))!)).toBe('ancien')
      await expect(storage.put('new/b.txt', Readable.from(brokenOff(length)))).rejects.toThrow('cut')
      expect(await keys()).toEqual(['a.txt'])
      expect(await listLeftovers()).toEqual([])
      if (name === inBucket) expect(await endsEmpty()).toBe(true)
    },
  )

  test('while a file is being written its key shows the former one', async () => {
    await storage.put('a.txt', content('ancien'))
    const half = Promise.withResolvers<void>()
    const more = Promise.withResolvers<void>()
    const slow = (async function* () {
      yield Buffer.from('nou')
      half.resolve()
      await more.promise
      yield Buffer.from('veau')
    })()
    const written = storage.put('a.txt', slow)
    await half.promise
    expect(await text((await storage.read('a.txt'))!)).toBe('ancien')
    expect(await keys()).toEqual(['a.txt'])
    more.resolve()
    await written
    expect(await text((await storage.read('a.txt'))!)).toBe('nouveau')
  })

  test('the list holds every key with its size and date, in order, or those that start alike', async () => {
    expect(await keys()).toEqual([])
    const before = Date.now() - 2000
    const all = ['a-b/x', 'a.txt', 'a/b.txt', 'a/c', 'ab', 'b/a.txt', 'b/c.txt']
    for (const key of all.toReversed()) await storage.put(key, content(key))
    const listed = await Array.fromAsync(storage.list())
    expect(listed.map(({ key, bytes }) => ({ key, bytes }))).toEqual(all.map((key) => ({ key, bytes: key.length })))
    for (const { modifiedAt } of listed) {
      expect(modifiedAt.getTime()).toBeGreaterThan(before)
      expect(modifiedAt.getTime()).toBeLessThan(Date.now() + 2000)
    }
    expect(await keys('a/')).toEqual(['a/b.txt', 'a/c'])
    expect(await keys('a')).toEqual(['a-b/x', 'a.txt', 'a/b.txt', 'a/c', 'ab'])
    expect(await keys('b/c')).toEqual(['b/c.txt'])
    expect(await keys('c')).toEqual([])
  })

  test('a folder is removed with all that it holds, and nothing else', async () => {
    for (const key of ['a/b', 'a/c/d', 'ab', 'b/a/b']) await storage.put(key, content(key))
    await storage.remove('a')
    expect(await keys()).toEqual(['ab', 'b/a/b'])
  })

  test('a local program gets a path to the file, which nothing keeps afterwards', async () => {
    await storage.put('film.mp4', content('images'))
    const seen = await storage.withLocalFile('film.mp4', async (path) => {
      expect(statSync(path).mode & 0o077).toBe(0)
      return { path, text: await readFile(path, 'utf8') }
    })
    expect(seen.text).toBe('images')
    await expect(storage.withLocalFile('film.mp4', () => Promise.reject(new Error('no film')))).rejects.toThrow(
      'no film',
    )
    await storage.remove('film.mp4')
    expect(existsSync(seen.path)).toBe(false)
    await expect(storage.withLocalFile('film.mp4', async () => 0)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await listLeftovers()).toEqual([])
  })

  test.each([
    '',
    '/etc/passwd',
    '../lock',
    'a/../../lock',
    'a//b',
    'a/',
    '.part-x',
    'A.txt',
    'a b',
    'é',
    'a\\b',
    'a\0',
  ])('« %s » is no key', async (key) => {
    await expect(storage.put(key, content('x'))).rejects.toThrow('Not a storage key')
    await expect(storage.read(key)).rejects.toThrow('Not a storage key')
    await expect(storage.head(key)).rejects.toThrow('Not a storage key')
    await expect(storage.remove(key)).rejects.toThrow('Not a storage key')
    await expect(storage.withLocalFile(key, async () => 0)).rejects.toThrow('Not a storage key')
    expect(() => storage.locate(key)).toThrow('Not a storage key')
  })
})

async function* brokenOff(length: number) {
  yield* inChunks(Buffer.alloc(length, 1))
  throw new Error('cut')
}

/** What is in the data folder or in the bucket without being a stored file. */
async function listLeftovers(): Promise<string[]> {
  const names = ['files', 'tmp'].map((name) => join(dataDir, name)).filter((folder) => existsSync(folder))
  const local = names.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
  const strange = local.filter((entry) => entry.isFile() && !/^[a-z]/.test(entry.name)).map(({ name }) => name)
  return strange
}

/** Whether the last bucket can go once its files are removed: an upload that was not aborted would hold it. */
async function endsEmpty(): Promise<boolean> {
  const client = new S3Client({ endpoint: server.endpoint, region: 'us-east-1', credentials, forcePathStyle: true })
  for (const key of await keys()) await storage.remove(key)
  const done = client.send(new DeleteBucketCommand({ Bucket: server.lastBucket() }))
  return done.then(
    () => true,
    () => false,
  )
}

test('in a folder, what a stop cut off is removed a day later', async () => {
  storage = createStorage({ dataDir, storageUrl: null })
  await storage.put('a.txt', content('x'))
  const parts = ['.part-old', '.part-new'].map((name) => join(dataDir, 'files', name))
  for (const part of parts) writeFileSync(part, 'x')
  const twoDays = new Date(Date.now() - 2 * 86_400_000)
  for (const path of [parts[0]!, join(dataDir, 'files', 'a.txt')]) utimesSync(path, twoDays, twoDays)
  await storage.tidy()
  expect(readdirSync(join(dataDir, 'files')).sort()).toEqual(['.part-new', 'a.txt'])
})
