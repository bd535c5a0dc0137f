import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, endOfArchive, entryHeader, padding, readTar } from './tar.ts'

type File = [path: string, content: Uint8Array]

const write = (files: readonly File[]) =>
  Buffer.concat([
    ...files.flatMap(([path, content]) => [entryHeader(path, content.length), content, padding(content.length)]),
    endOfArchive,
  ])

async function* cut(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, size = 700): Promise<File[]> {
  const files: File[] = []
  for await (const { path, content } of readTar(cut(bytes, size)))
    files.push([path, new Uint8Array(await collect(content))])
  return files
}

const path = fc
  .array(fc.string({ unit: fc.constantFrom(...'abcé0_-.'), minLength: 1, maxLength: 60 }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join('/'))
const files = fc.array(fc.tuple(path, fc.uint8Array({ maxLength: 2000 })), { maxLength: 6 })

test('what is written is read again, whatever the length of paths, contents and chunks', async () => {
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3000 }), async (list, size) => {
      expect(await read(write(list), size)).toEqual(list)
    }),
    { numRuns: 60 },
  )
})

test('an entry left unread, or half read, does not disturb the next', async () => {
  const bytes = write([
    ['a', Buffer.alloc(5000, 1)],
    ['b', Buffer.alloc(5000, 2)],
    ['c', Buffer.from('last')],
  ])
  const seen: string[] = []
  for await (const { path, content } of readTar(cut(bytes, 512))) {
    seen.push(path)
    if (path === 'b') await content[Symbol.asyncIterator]().next()
    if (path === 'c') expect(String(await collect(content))).toBe('last')
  }
  expect(seen).toEqual(['a', 'b', 'c'])
})

test('an archive cut anywhere, or altered in a header, is refused', async () => {
  const bytes = write([
    ['a', Buffer.alloc(700, 1)],
    ['b', Buffer.alloc(3, 2)],
  ])
  for (let length = 0; length < bytes.length - 1024; length += 97)
    await expect(read(bytes.subarray(0, length))).rejects.toThrow('ends too early')
  const altered = Buffer.from(bytes)
  altered[1] = 120
  await expect(read(altered)).rejects.toThrow('Not a tar archive')
})

test('the size of a file over 8 GiB is kept', async () => {
  const size = 9 * 1024 ** 3
  const entries = readTar(cut(entryHeader('films/long.mp4', size), 512))[Symbol.asyncIterator]()
  const first = await entries.next()
  expect(first.value).toMatchObject({ path: 'films/long.mp4', bytes: size })
})

test('the system’s tar reads what is written, and its archives are read', async (context) => {
  if (spawnSync('tar', ['--version']).status !== 0) return context.skip('needs the program tar')
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-tar-'))
  try {
    const long = `${'dossier-'.repeat(20)}x/é.csv`
    writeFileSync(
      join(folder, 'ours.tar'),
      write([
        ['a/b.txt', Buffer.from('ligne\n')],
        [long, Buffer.from('long')],
      ]),
    )
    expect(spawnSync('tar', ['-xf', 'ours.tar'], { cwd: folder }).status).toBe(0)
    expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('ligne\n')
    expect(readFileSync(join(folder, long), 'utf8')).toBe('long')
    for (const format of ['ustar', 'pax']) {
      expect(spawnSync('tar', [`--format=${format}`, '-cf', 'theirs.tar', 'a'], { cwd: folder }).status).toBe(0)
      expect(await read(readFileSync(join(folder, 'theirs.tar')))).toEqual([
        ['a/b.txt', new Uint8Array(Buffer.from('ligne\n'))],
      ])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
