import { crc32 } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import sharp from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createServer, newId, sql, type User } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { ensurePerson, findLogo, inviteMember, removeLogo, saveBody } from '#accounts'
import { bodiesMessages } from '../bodies/messages.ts'
import { setLogo } from './commands.ts'

let running: TestApp
let server: FastifyInstance
let body: string
let manager: User
let stored: Buffer
const administrator: User = { id: newId(), name: 'Admin', email: null, kind: 'person', administrator: true }
const stranger: User = { ...administrator, id: newId(), administrator: false }

beforeAll(async () => {
  running = await createTestApp()
  const { app } = running
  const users = () => [administrator, manager, stranger]
  const authenticate = async (_: unknown, headers: { cookie?: string }) =>
    users().find(({ id }) => headers.cookie === `session=${id}`) ?? null
  const capabilities = app.capabilities.map((one) => (one.authenticate ? { ...one, authenticate } : one))
  server = await createServer({ app: { ...app, once: app.once.bind(app), capabilities }, pages: 'none' })
  const description = { name: 'Chambre d’essai', kind: 'chamber', territory: '', email: '' }
  body = await saveBody(app.db, administrator, null, description)
  const email = 'resp@chambre.example'
  await inviteMember(app, administrator, { body, email, name: 'Resp', role: 'manager', metiers: [], until: '' })
  manager = { ...stranger, id: await ensurePerson(app.db.kysely, 'operator', { email, name: 'Resp' }) }
  stored = await drawing(1200, 800).toBuffer()
})
afterAll(async () => {
  await server.close()
  await running.close()
})
beforeEach(() => removeLogo(running.app, administrator, body))

const drawing = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#924' } })
    .png()
    .withExif({ IFD0: { Artist: 'SECRET-ARTIST' } })

async function send(content: Buffer, user: User | null = manager, origin = 'http://localhost:80') {
  const boundary = 'limite'
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="logo.png"\r\ncontent-type: image/png\r\n\r\n`
  return server.inject({
    method: 'POST',
    url: `/espace/organismes/${body}/logo`,
    headers: {
      origin,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...(user ? { cookie: `session=${user.id}` } : {}),
    },
    payload: Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  })
}
const get = (headers: Record<string, string> = {}) =>
  server.inject({ url: `/organismes/${body}/logo.webp`, headers: { ...headers } })
async function keys(): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of running.app.storage.list('logos/')) found.push(key)
  return found
}

test('a manager’s logo is made again, small and bare, and everybody reads it until it is removed', async () => {
  expect((await get()).statusCode).toBe(404)
  const sent = await send(stored)
  expect([sent.statusCode, sent.headers.location]).toEqual([303, `/espace/organismes/${body}?fait=logo`])
  const answer = await get()
  expect(answer.headers).toMatchObject({
    'content-type': 'image/webp',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'public, no-cache',
  })
  const read = await sharp(answer.rawPayload).metadata()
  expect(read).toMatchObject({ format: 'webp', width: 512, height: 341 })
  expect([read.exif, read.xmp, read.icc]).toEqual([undefined, undefined, undefined])
  const etag = String(answer.headers.etag)
  expect((await get({ 'if-none-match': etag })).statusCode).toBe(304)
  await removeLogo(running.app, manager, body)
  expect((await get({ 'if-none-match': etag })).statusCode).toBe(404)
  expect(await keys()).toEqual([])
})

test('another logo takes the place of the first, whose file goes; a small one stays as small', async () => {
  await send(stored)
  const [first] = await keys()
  const before = String((await get()).headers.etag)
  await send(await drawing(40, 30).jpeg().toBuffer(), administrator)
  const after = await get({ 'if-none-match': before })
  expect(after.statusCode).toBe(200)
  expect(await sharp(after.rawPayload).metadata()).toMatchObject({ width: 40, height: 30 })
  expect(await keys()).toEqual([await findLogo(running.app.db, body)])
  expect(await keys()).not.toContain(first)
})

test('two logos sent at once leave one file', async () => {
  const small = await drawing(30, 30).toBuffer()
  await Promise.all([send(small), send(small), send(small)])
  expect(await keys()).toEqual([await findLogo(running.app.db, body)])
})

test('only who manages the body sends or removes its logo, from a page of the site', async () => {
  const { app } = running
  expect((await send(stored, null)).statusCode).toBe(401)
  expect((await send(stored, stranger)).statusCode).toBe(403)
  expect((await send(stored, manager, 'https://ailleurs.example')).statusCode).toBe(403)
  await expect(setLogo(app, stranger, body, stored)).rejects.toMatchObject({ code: 'body.not_manager' })
  await expect(removeLogo(app, stranger, body)).rejects.toMatchObject({ code: 'body.not_manager' })
  await expect(removeLogo(app, administrator, newId())).rejects.toMatchObject({ status: 404 })
  expect(await keys()).toEqual([])
})

/** A PNG whose header tells more pixels than are read; its own bytes are few. */
async function bomb(): Promise<Buffer> {
  const png = await drawing(10, 10).png().toBuffer()
  png.writeUInt32BE(30_000, 16)
  png.writeUInt32BE(30_000, 20)
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29)
  return png
}

test('a hostile file is refused with what to do, and leaves nothing', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const hostile: [name: string, content: Buffer, refusal: string][] = [
    ['nothing', Buffer.alloc(0), 'vide'],
    ['too long', Buffer.concat([stored, Buffer.alloc(2_000_000)]), 'taille'],
    ['an SVG', svg, 'format'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'format'],
    ['a GIF', await drawing(5, 5).gif().toBuffer(), 'format'],
    ['an SVG under the first bytes of a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), svg]), 'image'],
    ['a cut image', stored.subarray(0, stored.length >> 1), 'image'],
    ['a bomb', await bomb(), 'image'],
  ]
  for (const [name, content, refusal] of hostile) {
    const { statusCode, headers } = await send(content)
    const page = `/espace/organismes/${body}?refus=${refusal}#logo`
    expect([statusCode, headers.location], name).toEqual([303, page])
    expect(bodiesMessages.fr.logoRefusals).toHaveProperty(refusal)
  }
  expect(await keys()).toEqual([])
  expect((await get()).statusCode).toBe(404)
  const kept = await sql`select logo from accounts.body where id = ${body}`.execute(running.app.db.kysely)
  expect(kept.rows).toEqual([{ logo: null }])
})

test('a refused logo leaves the one before', async () => {
  await send(stored)
  const [key] = await keys()
  await send(Buffer.from('non'))
  expect(await keys()).toEqual([key])
  expect((await get()).statusCode).toBe(200)
})
