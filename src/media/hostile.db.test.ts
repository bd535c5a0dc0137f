import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '#platform'
import { uploadsFolder } from './deposit/uploads.ts'
import { mediaMessages } from './messages.ts'
import { createMediaApp, cookieOf, formOf, jeanne, paul, siret, type MediaApp } from './testing/application.ts'
import { bars, createSamples, hasFfmpeg, photograph } from './testing/samples.ts'

const samples = createSamples()
let media: MediaApp
beforeAll(async () => {
  media = await createMediaApp()
})
afterAll(async () => {
  await media.close()
  samples.remove()
})
const noFfmpeg = hasFfmpeg ? null : 'needs ffmpeg: apt-get install ffmpeg'

/** Everything that the product keeps of deposits: files of the storage, of uploads and of work. */
async function kept() {
  const work = join(media.app.config.dataDir, 'work')
  return {
    storage: await media.keys(),
    uploads: readdirSync(uploadsFolder(media.app)),
    work: existsSync(work) ? readdirSync(work) : [],
  }
}

async function expectRefused(name: string, content: Buffer, code: keyof typeof mediaMessages.fr.refusals) {
  const id = await media.deposit(name, content)
  const file = await media.prepared(id)
  expect(file).toMatchObject({ state: 'refused', refusal: code, blob: null, rendition: null })
  expect(mediaMessages.fr.refusals[code]).toMatch(/[.)]$/)
  expect(await kept()).toEqual({ storage: [], uploads: [], work: [] })
  const blobs = await sql`select 1 from media.blob`.execute(media.app.db.kysely)
  expect(blobs.rows).toEqual([])
}

/** A PNG of so many points, all of one colour, which takes few bytes. */
function hugePng(width: number, height: number): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
    return c >>> 0
  })
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff
    for (const byte of bytes) c = crcTable[(c ^ byte) & 255]! ^ (c >>> 8)
    return (c ^ 0xffffffff) >>> 0
  }
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = 1 // one bit a point
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * 200), { level: 9 })
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

test('a playlist under the name of a film: refused, and the file that it names was not read', async () => {
  const canary = samples.path('canary.ts')
  if (hasFfmpeg) samples.encode('canary.ts', ...bars(1))
  else writeFileSync(canary, 'canary')
  const { atimeMs } = statSync(canary)
  const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\nfile://${canary}\n#EXT-X-ENDLIST\n`
  await expectRefused('geste.mp4', Buffer.from(playlist), 'type')
  expect(statSync(canary).atimeMs).toBe(atimeMs)
})

test('a playlist behind the first bytes of a film: nothing of the other file comes out', async (context) => {
  if (noFfmpeg) return context.skip(noFfmpeg)
  const head = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypisom\0\0\x02\0isomiso2mp41')])
  await expectRefused('geste.mp4', Buffer.concat([head, Buffer.from('\n#EXTM3U\nfile:///etc/passwd\n')]), 'unreadable')
})

test('a film that claims ten hours', async (context) => {
  if (noFfmpeg) return context.skip(noFfmpeg)
  const film = readFileSync(samples.encode('short.mp4', ...bars(2)))
  // The header of the film and of each of its tracks, told to last ten hours.
  for (const [type, offset, scaleAt] of [
    ['mvhd', 20, 16],
    ['mdhd', 20, 16],
  ] as const)
    for (let at = film.indexOf(type); at !== -1; at = film.indexOf(type, at + 4))
      film.writeUInt32BE(film.readUInt32BE(at + scaleAt) * 36_000, at + offset)
  await expectRefused('long.mp4', film, 'duration')
})

test.each<[string, string, () => Buffer | Promise<Buffer>, keyof typeof mediaMessages.fr.refusals]>([
  ['a picture of 50,000 by 50,000', 'grande.png', () => hugePng(50_000, 50_000), 'pixels'],
  [
    'a GIF that is also a script',
    'image.jpg',
    () => Buffer.from('GIF89a/*\x01\x00\x00*/=1;alert(1)//;', 'latin1'),
    'type',
  ],
  [
    'a drawing with a script',
    'dessin.png',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'type',
  ],
  [
    'an archive',
    'photo.jpg',
    () => Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\x08\0', 'latin1'), Buffer.alloc(500)]),
    'type',
  ],
  ['a page', 'film.mp4', () => Buffer.from('<!doctype html><script>alert(1)</script>'), 'type'],
  [
    'a program',
    'film.mp4',
    () => Buffer.concat([Buffer.from('\x7fELF\x02\x01\x01', 'latin1'), Buffer.alloc(100)]),
    'type',
  ],
  [
    'an image of vectors behind XML',
    'a.webp',
    () => Buffer.from('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'),
    'type',
  ],
  ['nothing', 'vide.jpg', () => Buffer.alloc(0), 'empty'],
  ['half a photograph', 'photo.jpg', async () => (await photograph(1200, 900)).subarray(0, 9000), 'unreadable'],
  [
    'a photograph in HEIC',
    'IMG_1.heic',
    () => Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(400)]),
    'heic',
  ],
  ['a model whose length lies', 'a.glb', () => glb({ asset: { version: '2.0' } }, 4), 'model'],
  [
    'a model that fetches',
    'a.glb',
    () => glb({ asset: { version: '2.0' }, buffers: [{ uri: 'https://example.org/x.bin' }] }),
    'model',
  ],
  [
    'a model that reads a file',
    'a.glb',
    () => glb({ asset: { version: '2.0' }, images: [{ uri: '../../etc/passwd' }] }),
    'model',
  ],
])('%s is refused, and nothing of it stays', async (_, name, content, code) => {
  await expectRefused(name, await content(), code)
})

/** A binary glTF; its header claims some bytes more than it has. */
function glb(content: object, lie = 0): Buffer {
  let text = JSON.stringify(content)
  text += ' '.repeat((4 - (text.length % 4)) % 4)
  const header = Buffer.alloc(20)
  header.write('glTF', 0, 'latin1')
  header.writeUInt32LE(2, 4)
  header.writeUInt32LE(20 + text.length + lie, 8)
  header.writeUInt32LE(text.length, 12)
  header.write('JSON', 16, 'latin1')
  return Buffer.concat([header, Buffer.from(text)])
}

test('a sound model is taken, and one’s bytes are given back whole', async () => {
  const content = glb({ asset: { version: '2.0' }, images: [{ uri: 'data:image/png;base64,AAAA' }] })
  const id = await media.deposit('outil.glb', content)
  expect(await media.prepared(id)).toMatchObject({ state: 'ready', kind: 'model' })
  const answer = await media.get(`/medias/${id}/model.glb`, jeanne)
  expect(answer.rawPayload.equals(content)).toBe(true)
  expect(answer.headers['content-disposition']).toMatch(/^attachment/)
  expect(answer.headers['content-type']).toBe('model/gltf-binary')
  await media.app.db.kysely.transaction().execute(async (trx) => {
    await sql`delete from media.file where id = ${id}`.execute(trx)
  })
  await media.app.storage.remove('media')
  await sql`delete from media.blob`.execute(media.app.db.kysely)
})

test('a photograph that hides a page loses it', async () => {
  const picture = Buffer.concat([
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#777' } })
      .jpeg()
      .toBuffer(),
    Buffer.from('<script>alert(1)</script>'),
  ])
  const id = await media.deposit('a.jpg', picture)
  const { rendition } = await media.prepared(id)
  for (const key of (await media.keys()).filter((one) => one.includes(rendition!))) {
    const content = Buffer.concat(await (await media.app.storage.read(key))!.toArray())
    expect(content.includes('<script>'), key).toBe(false)
  }
})

test('who has no right deposits nothing, and a name of no known kind is refused before its bytes', async () => {
  const send = async (name: string, user: typeof jeanne | null, subject: string) => {
    const { headers, payload } = formOf(name, await photograph(300, 200), subject)
    return media.http.inject({
      method: 'POST',
      url: '/espace/medias/envoi',
      headers: { ...headers, ...cookieOf(user) },
      payload,
    })
  }
  const before = readdirSync(uploadsFolder(media.app))
  expect((await send('a.jpg', null, siret)).statusCode).toBe(401)
  expect((await send('a.jpg', paul, siret)).headers.location).toBe('/espace/medias?refus=right.no_body')
  expect((await send('a.jpg', paul, 'moi')).headers.location).toBe('/espace/medias?refus=no_right')
  expect((await send('a.svg', jeanne, siret)).headers.location).toBe('/espace/medias?refus=type')
  expect((await send('a.jpg', jeanne, '12')).headers.location).toBe('/espace/medias?refus=form')
  const { headers, payload } = formOf('a.jpg', await photograph(300, 200), siret)
  const foreign = { ...headers, origin: 'https://evil.example', ...cookieOf(jeanne) }
  expect(
    (await media.http.inject({ method: 'POST', url: '/espace/medias/envoi', headers: foreign, payload })).statusCode,
  ).toBe(403)
  expect(readdirSync(uploadsFolder(media.app))).toEqual(before)
})
