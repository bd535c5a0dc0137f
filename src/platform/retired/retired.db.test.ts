import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createServer, retire, sql, transaction } from '#platform'
import { createTestApp, type TestApp } from '../testing/application.ts'

interface Feed {
  numberReturned: number
  items: { kind: string; id: string; version: number; retiredAt: string }[]
  links: { rel: string; href: string }[]
}

let testApp: TestApp
let server: FastifyInstance
beforeAll(async () => {
  testApp = await createTestApp()
  server = await createServer({ app: testApp.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await testApp.close()
})
beforeEach(() => sql`delete from platform.retired`.execute(testApp.app.db.kysely))

const withdraw = (kind: string, ...ids: string[]) => transaction(testApp.app.db, (trx) => retire(trx, kind, ids))
const get = async (url: string) => (await server.inject(url)).json<Feed>()
const told = ({ items }: Feed) => items.map(({ kind, id }) => `${kind} ${id}`)

test('what is withdrawn is told in its order, page by page', async () => {
  expect(await get('/api/retired')).toMatchObject({ numberReturned: 0, items: [] })
  await withdraw('statement', 'c', 'a', 'b')
  await withdraw('establishment', '82000000000012')
  await withdraw('media')
  const all = ['statement c', 'statement a', 'statement b', 'establishment 82000000000012']
  const feed = await get('/api/retired')
  expect(told(feed)).toEqual(all)
  expect(feed.numberReturned).toBe(4)
  expect(Date.parse(feed.items[0]!.retiredAt)).toBeGreaterThan(Date.now() - 60_000)
  const read: string[] = []
  let pages = 0
  for (let url: string | undefined = '/api/retired?limit=2'; url; pages++) {
    const page: Feed = await get(url)
    read.push(...told(page))
    url = page.links.find(({ rel }) => rel === 'next')?.href
  }
  expect(read).toEqual(all)
  expect(pages).toBe(2)
})

test('a reader gives back the last version and receives what follows, of one kind if it likes', async () => {
  await withdraw('statement', 'a', 'b')
  await withdraw('media', 'm')
  const { items } = await get('/api/retired')
  expect(told(await get(`/api/retired?since=${items[1]!.version}`))).toEqual(['media m'])
  expect(told(await get('/api/retired?kind=statement'))).toEqual(['statement a', 'statement b'])
  const page = await get('/api/retired?kind=statement&limit=1')
  expect(page.links.find(({ rel }) => rel === 'next')!.href).toContain('kind=statement')
  expect(await get('/api/retired?kind=unknown')).toMatchObject({ numberReturned: 0 })
})

test('what is withdrawn twice is told twice', async () => {
  await withdraw('statement', 'a')
  await withdraw('statement', 'a')
  expect(told(await get('/api/retired'))).toEqual(['statement a', 'statement a'])
})

test('a withdrawal that is not committed is not told; one that is changes the ETag', async () => {
  const first = await server.inject('/api/retired')
  const again = (etag: unknown) => server.inject({ url: '/api/retired', headers: { 'if-none-match': String(etag) } })
  expect((await again(first.headers.etag)).statusCode).toBe(304)
  await expect(
    transaction(testApp.app.db, async (trx) => {
      await retire(trx, 'statement', ['a'])
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect((await again(first.headers.etag)).statusCode).toBe(304)
  await withdraw('statement', 'b')
  const changed = await again(first.headers.etag)
  expect(changed.statusCode).toBe(200)
  expect(changed.headers).toMatchObject({ 'cache-control': 'public, no-cache', 'access-control-allow-origin': '*' })
  expect(told(changed.json())).toEqual(['statement b'])
})

test('versions commit in their order, so that a reader misses none', async () => {
  const one = (i: number) =>
    transaction(testApp.app.db, async (trx) => {
      // Work that others overlap, before and after.
      await sql`select pg_sleep(${(i % 5) / 200})`.execute(trx)
      await retire(trx, 'statement', [`s${i}`])
      await sql`select pg_sleep(${((i * 7) % 5) / 200})`.execute(trx)
    })
  const finished = new AbortController()
  const read: string[] = []
  const readOn = async () => {
    let seen = 0
    for (let last = false; !last;) {
      last = finished.signal.aborted
      const { items } = await get(`/api/retired?since=${seen}&limit=1000`)
      read.push(...items.map(({ id }) => id))
      seen = items.at(-1)?.version ?? seen
    }
  }
  const reading = readOn()
  await Promise.all(Array.from({ length: 25 }, (_, i) => one(i)))
  finished.abort()
  await reading
  expect(read.sort()).toEqual(Array.from({ length: 25 }, (_, i) => `s${i}`).sort())
})

test.each(['since=x', 'since=-1', 'limit=0', 'limit=1001', 'limit=a', 'kind=A', "kind=a'b"])(
  '%s is refused with its name',
  async (query) => {
    const answer = await server.inject(`/api/retired?${query}`)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ errors: [{ field: query.split('=')[0] }] })
  },
)
