import diagnostics from 'node:diagnostics_channel'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStorage, type Storage } from '../storage.ts'
import { content, keysOf, startS3 } from './testing.ts'

let server: Awaited<ReturnType<typeof startS3>>
let dataDir: string
let storage: Storage

beforeAll(async () => {
  server = await startS3()
})
afterAll(() => server.stop())
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'artisanumerique-s3-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const keys = () => keysOf(storage)

test('in a bucket, the copies that a stop left are removed a day later', async () => {
  storage = createStorage({ dataDir, storageUrl: server.open() })
  mkdirSync(join(dataDir, 'tmp'))
  for (const name of ['old', 'new']) writeFileSync(join(dataDir, 'tmp', name), 'x')
  const twoDays = new Date(Date.now() - 2 * 86_400_000)
  utimesSync(join(dataDir, 'tmp', 'old'), twoDays, twoDays)
  await storage.tidy()
  expect(readdirSync(join(dataDir, 'tmp'))).toEqual(['new'])
})

/** A server that knows two unfinished uploads, as S3's API reference describes the answer. */
async function unfinishedUploads() {
  const aborted: string[] = []
  const upload = (key: string, initiated: Date) =>
    `<Upload><Key>${key}</Key><UploadId>id-${key}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`
  const http = createServer((request, response) => {
    if (request.method === 'DELETE') {
      aborted.push(request.url!)
      response.writeHead(204).end()
    } else
      response.setHeader('content-type', 'application/xml').end(`<ListMultipartUploadsResult>
        ${upload('un/old', new Date(Date.now() - 2 * 86_400_000))}${upload('un/new', new Date())}
        <IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`)
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  return { aborted, http, port: (http.address() as AddressInfo).port }
}

test('in a bucket, the uploads that a stop cut off are aborted a day later', async () => {
  const { aborted, http, port } = await unfinishedUploads()
  try {
    await createStorage({ dataDir, storageUrl: `s3://a:b@127.0.0.1:${port}/seau/un?tls=off` }).tidy()
  } finally {
    http.closeAllConnections()
    http.close()
  }
  expect(aborted).toHaveLength(1)
  expect(aborted[0]).toMatch(/^\/seau\/un\/old\?.*uploadId=id-un%2Fold/)
})

test('a bucket may be shared: the prefix keeps files apart', async () => {
  const url = server.open('/un')
  const [one, two, all] = ['/un', '/deux', ''].map((prefix) =>
    createStorage({ dataDir, storageUrl: url.replace('/un?', `${prefix}?`) }),
  ) as [Storage, Storage, Storage]
  await one.put('a', content('1'))
  await two.put('a', content('22'))
  storage = one
  expect(await keys()).toEqual(['a'])
  expect(await text((await two.read('a'))!)).toBe('22')
  storage = all
  expect(await keys()).toEqual(['deux/a', 'un/a'])
  expect(one.locate('a')).toMatch(/^s3:\/\/bucket-\d+\/un\/a$/)
})

test('more files than a page of the list holds are all listed', async () => {
  storage = createStorage({ dataDir, storageUrl: server.open() })
  const names = Array.from({ length: 1205 }, (_, i) => `f/${String(i).padStart(5, '0')}`)
  for (let at = 0; at < names.length; at += 50)
    await Promise.all(names.slice(at, at + 50).map((key) => storage.put(key, content(key))))
  expect(await keys()).toEqual(names)
})

test('a bucket that does not exist, or a server that is absent, is an error and not a missing file', async () => {
  const nowhere = server.open().replace(/bucket-\d+/, 'absent-bucket')
  await expect(createStorage({ dataDir, storageUrl: nowhere }).read('a')).rejects.toThrow()
  await expect(Array.fromAsync(createStorage({ dataDir, storageUrl: nowhere }).list())).rejects.toThrow()
  const dead = server.open().replace(/127\.0\.0\.1:\d+/, '127.0.0.1:1')
  await expect(createStorage({ dataDir, storageUrl: dead }).read('a')).rejects.toThrow('ECONNREFUSED')
})

test('no other host than the bucket’s is asked, whatever the environment says', async () => {
  const asked = new Set<string>()
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.once('connect', () => asked.add(`${socket.remoteAddress}:${socket.remotePort}`))
    socket.once('error', () => asked.add('refused'))
  }
  const former = { ...process.env }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: 'other',
    AWS_PROFILE: 'absent',
    AWS_REGION: 'eu-west-9',
    AWS_DEFAULTS_MODE: 'auto',
  })
  diagnostics.subscribe('net.client.socket', onSocket)
  try {
    storage = createStorage({ dataDir, storageUrl: server.open() })
    await storage.put('a', content('x'))
    expect(await keys()).toEqual(['a'])
    await storage.tidy()
  } finally {
    diagnostics.unsubscribe('net.client.socket', onSocket)
    process.env = former
  }
  expect([...asked]).toEqual([`127.0.0.1:${server.port}`])
})
