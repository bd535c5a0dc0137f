import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, sql } from '#platform'
import { tidyJob } from './jobs.ts'
import { settleIntake } from './deposit/intake.ts'
import { uploadPath, uploadsFolder } from './deposit/uploads.ts'
import { findFile } from './records.ts'
import { cookieOf, createMediaApp, jeanne, paul, siret, type MediaApp } from './testing/application.ts'
import { photograph } from './testing/samples.ts'

let media: MediaApp
let base: string
beforeAll(async () => {
  media = await createMediaApp()
  base = await media.http.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => media.close())

const encode = (text: string) => Buffer.from(text).toString('base64')
const headersOf = (user = jeanne) => ({ 'tus-resumable': '1.0.0', origin: base, ...cookieOf(user) })

async function create(
  name: string,
  bytes: number,
  { user = jeanne, subject = siret, headers = {}, without = '', id = '' } = {},
) {
  const sent = new Headers({
    ...headersOf(user),
    'upload-length': String(bytes),
    'upload-metadata': `filename ${encode(name)},subject ${encode(subject)}${id && `,id ${encode(id)}`}`,
    ...headers,
  })
  if (without) sent.delete(without)
  const answer = await fetch(`${base}/depot`, { method: 'POST', headers: sent })
  return { status: answer.status, text: await answer.text(), location: answer.headers.get('location') ?? '' }
}

const patch = (location: string, offset: number, body: Buffer, user = jeanne, headers = {}) =>
  fetch(`${base}${location}`, {
    method: 'PATCH',
    headers: {
      ...headersOf(user),
      'upload-offset': String(offset),
      'content-type': 'application/offset+octet-stream',
      ...headers,
    },
    body: new Uint8Array(body),
  })
const head = (location: string, user = jeanne) =>
  fetch(`${base}${location}`, { method: 'HEAD', headers: { ...cookieOf(user), 'tus-resumable': '1.0.0' } })
const idOf = (location: string) => location.split('/').at(-1)!

test('a file comes in parts, and each part is where the last one ended', async () => {
  const content = await photograph(1600, 1200)
  const { status, location } = await create('geste.jpg', content.length)
  expect(status).toBe(201)
  expect(location).toMatch(/^\/depot\/[0-9a-f-]{36}$/)
  const third = Math.floor(content.length / 3)
  expect((await patch(location, 0, content.subarray(0, third))).headers.get('upload-offset')).toBe(String(third))
  expect((await patch(location, 0, content.subarray(0, third))).status, 'already there').toBe(409)
  expect((await head(location)).headers.get('upload-offset')).toBe(String(third))
  expect(await findFile(media.app.db.kysely, idOf(location))).toMatchObject({
    state: 'uploading',
    bytes: content.length,
  })
  const last = await patch(location, third, content.subarray(third))
  expect(last.status).toBe(204)
  expect(last.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await media.prepared(idOf(location))).toMatchObject({ state: 'ready', kind: 'picture', name: 'geste.jpg' })
  expect(readdirSync(uploadsFolder(media.app))).toEqual([])
})

test('a body larger than what other routes take flows to the disk', async () => {
  const content = randomBytes(5_000_000)
  const { location } = await create('film.mp4', content.length)
  expect((await patch(location, 0, content)).status).toBe(204)
  expect(await media.prepared(idOf(location))).toMatchObject({ state: 'refused', refusal: 'type' })
})

test('what is announced is refused before its bytes, in French', async () => {
  const count = async () =>
    (await sql<{ n: number }>`select count(*)::int as n from media.file`.execute(media.app.db.kysely)).rows[0]!.n
  const before = await count()
  const svg = await create('dessin.svg', 100)
  expect([svg.status, svg.text]).toEqual([415, expect.stringContaining('ni une image')])
  expect((await create('photo.jpg', 61_000_000)).status).toBe(413)
  const film = await create('film.mp4', 5_000_000_000)
  expect([film.status, (await create('film.mp4', 4_000_000_001)).status]).toEqual([413, 413])
  const other = await create('photo.jpg', 100, { user: paul })
  expect([other.status, other.text]).toEqual([403, expect.stringMatching(/^Seuls la personne concernée/)])
  expect((await create('photo.jpg', 100, { headers: { origin: 'https://evil.example' } })).status).toBe(403)
  expect((await create('photo.jpg', 100, { headers: { cookie: '' } })).status).toBe(401)
  await sql`insert into media.file (id, name, bytes, state, depositor, subject_kind, subject_id)
    values ('00000000-0000-7000-8000-000000000001', 'x.mp4', 49999999990, 'uploading', ${jeanne.id}, 'person', ${jeanne.id})`.execute(
    media.app.db.kysely,
  )
  expect((await create('photo.jpg', 1000)).text).toContain('50')
  await sql`delete from media.file where id = '00000000-0000-7000-8000-000000000001'`.execute(media.app.db.kysely)
  expect(await count()).toBe(before)
})

test('what would fill the disk unseen is refused: a length told later, deposits opened at once, a form beyond the quota', async () => {
  const { kysely } = media.app.db
  const later = await create('film.mp4', 0, { headers: { 'upload-defer-length': '1' }, without: 'upload-length' })
  expect(later.status).toBe(400)
  const id = '00000000-0000-7000-8000-000000000002'
  await sql`insert into media.file (id, name, bytes, state, depositor, subject_kind, subject_id)
    select ${id}, 'x.mp4', 49999995000 - coalesce(sum(bytes), 0), 'uploading', ${jeanne.id}, 'person', ${jeanne.id}
    from media.file where depositor = ${jeanne.id} and state <> 'refused'`.execute(kysely)
  const opened = await Promise.all(Array.from({ length: 4 }, () => create('photo.jpg', 3000)))
  expect(opened.map(({ status }) => status).sort()).toEqual([201, 413, 413, 413])
  await expect(media.deposit('photo.jpg', randomBytes(6000))).rejects.toThrow('refus=quota')
  await sql`delete from media.file where id = ${id}`.execute(kysely)
})

test('an upload is its sender’s alone, and can be given up', async () => {
  const { location } = await create('geste.jpg', 1000)
  await patch(location, 0, Buffer.alloc(400))
  expect((await head(location, paul)).status).toBe(404)
  expect((await patch(location, 400, Buffer.alloc(600), paul)).status).toBe(404)
  const foreign = await fetch(`${base}${location}`, { method: 'DELETE', headers: headersOf(paul) })
  expect(foreign.status).toBe(404)
  const more = await patch(location, 400, Buffer.alloc(601))
  expect(more.status, 'more than was announced').toBeGreaterThanOrEqual(400)
  expect((await fetch(`${base}${location}`, { method: 'DELETE', headers: headersOf() })).status).toBe(204)
  expect((await head(location)).status).toBeGreaterThanOrEqual(400)
  await media.app.events.settle()
  expect(existsSync(uploadPath(media.app, idOf(location)))).toBe(false)
  for (const path of ['/depot/..%2f..%2fetc%2fpasswd', '/depot/%00', '/depot/unknown'])
    expect((await head(path)).status, path).toBeGreaterThanOrEqual(400)
})

test('unfinished uploads go after seven days, notes of refusals after thirty', async () => {
  const { location } = await create('geste.jpg', 1000)
  await patch(location, 0, Buffer.alloc(400))
  const id = idOf(location)
  const run = () => tidyJob.work({ app: media.app, id: 'x', progress: async () => {} }, {})
  await run()
  expect(await findFile(media.app.db.kysely, id)).not.toBeNull()
  await sql`update media.file set created_at = now() - interval '7 days 1 minute' where id = ${id}`.execute(
    media.app.db.kysely,
  )
  await run()
  expect(await findFile(media.app.db.kysely, id)).toBeNull()
  expect(existsSync(uploadPath(media.app, id))).toBe(false)
})

test('a file that was named before it was sent comes once, whatever is cut', async () => {
  const content = await photograph(400, 300)
  const id = newId()
  const first = await create('atelier.jpg', content.length, { id })
  expect(first).toMatchObject({ status: 201, location: `/depot/${id}` })
  expect((await patch(first.location, 0, content.subarray(0, 100))).status).toBe(204)
  expect((await create('atelier.jpg', content.length, { id, user: paul })).status, 'the id of another').toBe(409)
  const again = await create('atelier.jpg', content.length, { id })
  expect(again).toMatchObject({ status: 201, location: `/depot/${id}` })
  expect((await patch(again.location, 0, content)).status).toBe(204)
  expect(await create('atelier.jpg', content.length, { id })).toMatchObject({
    status: 409,
    text: expect.stringContaining('déjà arrivé'),
  })
  await settleIntake(media.app)
  expect(await findFile(media.app.db.kysely, id)).toMatchObject({ depositor: jeanne.id, bytes: content.length })
})
