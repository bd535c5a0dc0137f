import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createStorage, type Storage } from './storage.ts'

let dataDir: string
let storage: Storage
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-storage-'))
  storage = createStorage({ dataDir })
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const content = (value: string) => Readable.from([Buffer.from(value)])
const keys = async () => (await Array.fromAsync(storage.list())).map(({ key }) => key)

test('a file is kept under its key, for its owner alone', async () => {
  expect(await storage.put('imports/a/report.csv', content('bonjour'))).toEqual({ bytes: 7 })
  expect(await text((await storage.read('imports/a/report.csv'))!)).toBe('bonjour')
  expect(readFileSync(storage.localPath('imports/a/report.csv'), 'utf8')).toBe('bonjour')
  expect(statSync(storage.localPath('imports/a/report.csv')).mode & 0o777).toBe(0o600)
  await storage.remove('imports/a/report.csv')
  expect(await storage.read('imports/a/report.csv')).toBeNull()
  await storage.remove('imports/a/report.csv')
})

test('a content that breaks off leaves the former file whole and nothing beside it', async () => {
  await storage.put('a.txt', content('ancien'))
  const broken = (async function* () {
    yield Buffer.from('nou')
    throw new Error('cut')
  })()
  await expect(storage.put('a.txt', broken)).rejects.toThrow('cut')
  expect(await text((await storage.read('a.txt'))!)).toBe('ancien')
  expect(readdirSync(join(dataDir, 'files'))).toEqual(['a.txt'])
})

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

test('the list holds every key with its size, in order', async () => {
  expect(await keys()).toEqual([])
  for (const key of ['b/c.txt', 'a.txt', 'b/a.txt']) await storage.put(key, content(key))
  writeFileSync(join(dataDir, 'files', '.part-left'), 'x')
  expect(await Array.fromAsync(storage.list())).toEqual([
    { key: 'a.txt', bytes: 5 },
    { key: 'b/a.txt', bytes: 7 },
    { key: 'b/c.txt', bytes: 7 },
  ])
})

test.each(['', '/etc/passwd', '../lock', 'a/../../lock', 'a//b', 'a/', '.part-x', 'A.txt', 'a b', 'é', 'a\\b', 'a\0'])(
  '« %s » is no key',
  async (key) => {
    expect(() => storage.localPath(key)).toThrow('Not a storage key')
    await expect(storage.put(key, content('x'))).rejects.toThrow('Not a storage key')
    await expect(storage.read(key)).rejects.toThrow('Not a storage key')
    await expect(storage.remove(key)).rejects.toThrow('Not a storage key')
  },
)
