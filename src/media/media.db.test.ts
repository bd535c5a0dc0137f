import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eraseSubject, giveConsent, withdrawConsent } from '#consent'
import { sql } from '#platform'
import { agreement } from '../consent/testing.ts'
import { blurPicture, removeFile, setRights } from './commands.ts'
import { masterKey } from './keys.ts'
import type { Rights } from './model.ts'
import { findMedia, listMediaOf } from './queries.ts'
import { createMediaApp, jeanne, paul, siret, storages, type MediaApp } from './testing/application.ts'
import { bars, createSamples, hasFfmpeg, photograph } from './testing/samples.ts'
import { readXmpBox } from './xmp/mp4.ts'

const samples = createSamples()
afterAll(() => samples.remove())
const noFfmpeg = hasFfmpeg ? null : 'needs ffmpeg: apt-get install ffmpeg'

const rights: Rights = {
  author: 'Élise <Photographe> & fils',
  credit: 'Jeanne, étameuse',
  licence: 'cc-by-sa',
  authorisations: ['A-2026-14'],
  captionFr: 'Étamage d’une casserole',
  captionEn: 'Tinning a pan',
  altFr: 'Deux mains tiennent un chiffon',
  altEn: 'Two hands hold a cloth',
}

describe.each(storages)('with its files in a %s', (storage) => {
  let media: MediaApp
  beforeAll(async () => {
    media = await createMediaApp(storage)
  })
  afterAll(() => media.close())
  const publish = async (id: string, given = rights) => {
    const { db } = media.app
    await setRights(db, jeanne, { id, rights: given, asked: 'public' })
    await giveConsent(db, { ...jeanne, id: jeanne.id }, { kind: 'media', id, ...agreement })
    return media.prepared(id)
  }

  test('a photograph becomes pictures without its place, upright, with its rights inside once they are known', async () => {
    const id = await media.deposit('../../IMG_0042.JPG', await photograph(1200, 800))
    const file = await media.prepared(id)
    expect(file).toMatchObject({
      state: 'ready',
      kind: 'picture',
      name: 'IMG_0042.JPG',
      subject: { kind: 'enterprise', id: siret },
    })
    for (const extension of ['avif', 'webp', 'jpg']) {
      const url = `/medias/${id}/picture-480.${extension}`
      expect((await media.get(url)).statusCode).toBe(401)
      expect((await media.get(url, paul)).statusCode).toBe(403)
      const own = await media.get(url, jeanne)
      expect(own.statusCode).toBe(200)
      expect(own.headers['cache-control']).toBe('private, no-cache')
      const told = await sharp(own.rawPayload).metadata()
      expect([told.width, told.height, told.exif, told.xmp, told.icc]).toEqual([
        480,
        720,
        undefined,
        undefined,
        undefined,
      ])
      expect(own.rawPayload.includes('TelephoneDeTest')).toBe(false)
    }
    const shown = await publish(id)
    expect(shown.rendition).not.toBe(file.rendition)
    for (const extension of ['avif', 'webp', 'jpg']) {
      const answer = await media.get(`/medias/${id}/picture-800.${extension}`)
      expect(answer.statusCode).toBe(200)
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, no-cache',
        'x-content-type-options': 'nosniff',
        'content-disposition': `inline; filename="${id.slice(-12)}-picture-800.${extension}"`,
      })
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none';.*sandbox/)
      const xmp = String((await sharp(answer.rawPayload).metadata()).xmpAsString)
      for (const said of [
        '<dc:creator><rdf:Seq><rdf:li>Élise &lt;Photographe&gt; &amp; fils</rdf:li>',
        'Jeanne, étameuse',
        'https://creativecommons.org/licenses/by-sa/4.0/',
        'Étamage d’une casserole',
        '<xmpRights:UsageTerms>',
      ])
        expect(xmp).toContain(said)
    }
    const folders = new Set((await media.keys()).map((key) => key.split('/')[2]))
    expect(folders).toEqual(new Set([shown.blob, shown.rendition]))
  })

  test('a withdrawal is seen at once, and a copy’s ETag no longer answers 304', async () => {
    const id = await media.deposit('photo.jpg', await photograph(500, 400))
    await media.prepared(id)
    const { rendition } = await publish(id)
    expect(await findMedia(media.app.db, id)).toMatchObject({ id, credit: 'Jeanne, étameuse' })
    const url = `/medias/${id}/picture-400.webp`
    const etag = String((await media.get(url)).headers.etag)
    expect((await media.get(url, null, { 'if-none-match': etag })).statusCode).toBe(304)
    const listed = (await media.get(`/api/media?subject=enterprise:${siret}`)).json<{
      numberMatched: number
      media: { id: string; licence: string; files: { href: string }[] }[]
    }>()
    const one = listed.media.find((each) => each.id === id)!
    expect(one).toMatchObject({ licence: 'cc-by-sa', credit: 'Jeanne, étameuse', alt: { fr: rights.altFr } })
    expect(one.files.map(({ href }) => href)).toContain(url)
    await withdrawConsent(media.app.db, jeanne, { kind: 'media', id })
    expect((await media.get(url, null, { 'if-none-match': etag })).statusCode).toBe(401)
    expect((await media.get(`/api/media?subject=enterprise:${siret}`)).body).not.toContain(id)
    expect((await listMediaOf(media.app.db, { kind: 'enterprise', id: siret })).map((each) => each.id)).not.toContain(
      id,
    )
    const retired = await sql`select 1 from platform.retired where kind = 'media' and id = ${id}`.execute(
      media.app.db.kysely,
    )
    expect(retired.rows).toHaveLength(1)
    expect((await media.get(url, jeanne)).statusCode).toBe(200)
    expect(rendition).toMatch(/^[0-9a-f]{64}$/)
  })

  test('the same bytes are kept once, and go with the last deposit', async () => {
    const content = await photograph(320, 240, '#225577')
    const first = await media.deposit('un.jpg', content)
    const second = await media.deposit('deux.jpg', content)
    const [one, two] = [await media.prepared(first), await media.prepared(second)]
    expect(two.blob).toBe(one.blob)
    expect(two.rendition).toBe(one.rendition)
    const keysOf = async () =>
      (await media.keys()).filter((key) => key.includes(one.blob!) || key.includes(one.rendition!))
    const kept = await keysOf()
    expect(kept).toContain(masterKey(one.blob!))
    await removeFile(media.app, jeanne, first)
    expect((await media.get(`/medias/${first}/picture-240.webp`, jeanne)).statusCode).toBe(404)
    expect(await keysOf()).toEqual(kept)
    expect((await media.get(`/medias/${second}/picture-240.webp`, jeanne)).statusCode).toBe(200)
    await eraseSubject(media.app, 'operator', { kind: 'media', id: second }, 'request')
    expect(await keysOf()).toEqual([])
  })

  test('a blurred zone is nowhere any more, and the rest is untouched', async () => {
    const face = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#ffffff' } })
      .composite(
        Array.from({ length: 10 }, (_, n) => ({
          input: { create: { width: 10, height: 200, channels: 3 as const, background: '#000000' } },
          left: n * 20,
          top: 0,
        })),
      )
      .png()
      .toBuffer()
    const picture = await sharp({ create: { width: 1000, height: 600, channels: 3, background: '#4477aa' } })
      .composite([{ input: face, left: 400, top: 200 }])
      .png()
      .toBuffer()
    const id = await media.deposit('rue.png', picture)
    const before = await media.prepared(id)
    await publish(id)
    await blurPicture(media.app.db, jeanne, { id, zones: [{ x: 0.4, y: 1 / 3, width: 0.2, height: 1 / 3 }] })
    expect((await media.get(`/medias/${id}/picture-960.jpg`)).statusCode, 'nobody sees it meanwhile').toBe(401)
    const after = await media.prepared(id)
    expect(after).toMatchObject({ state: 'ready', zones: null })
    expect(after.blob).not.toBe(before.blob)
    const keys = await media.keys()
    expect(keys.filter((key) => key.includes(before.blob!))).toEqual([])
    const contrast = async (content: Buffer, left: number) => {
      const { channels } = await sharp(content)
        .resize(1000, 600)
        .extract({ left, top: 250, width: 100, height: 100 })
        .toBuffer()
        .then((part) => sharp(part).stats())
      return channels[0]!.stdev
    }
    const master = await media.app.storage.read(masterKey(after.blob!))
    const contents: Buffer[] = [Buffer.concat(await master!.toArray())]
    for (const { name } of (await findMedia(media.app.db, id))!.derived)
      contents.push((await media.get(`/medias/${id}/${name}`)).rawPayload)
    expect(contents).toHaveLength(10)
    expect(await contrast(picture, 450)).toBeGreaterThan(100)
    for (const content of contents) expect(await contrast(content, 450)).toBeLessThan(45)
    const left = await sharp(contents[0]!).extract({ left: 100, top: 100, width: 1, height: 1 }).raw().toBuffer()
    expect([...left.subarray(0, 3)].every((value, n) => Math.abs(value - [0x44, 0x77, 0xaa][n]!) <= 2)).toBe(true)
  })

  test('a film becomes copies at a constant rate that say whose they are, and serves its parts', async (context) => {
    if (noFfmpeg) return context.skip(noFfmpeg)
    const path = samples.encode(
      'phone.mov',
      ...bars(3, '1280x720', 30),
      '-metadata',
      'com.apple.quicktime.location.ISO6709=+44.0+001.3/',
      '-metadata',
      'title=Chez Jeanne',
    )
    const content = readFileSync(path)
    expect(content.includes('Chez Jeanne')).toBe(true)
    const id = await media.deposit('phone.mov', content)
    const ready = await media.prepared(id)
    expect(ready).toMatchObject({ state: 'ready', kind: 'film' })
    await publish(id)
    const film = (await findMedia(media.app.db, id))!
    expect(film.facts).toMatchObject({ width: 1280, height: 720, hasSound: true, framesPerSecond: 30 })
    expect(film.facts.duration).toBeCloseTo(3, 0)
    expect(film.derived.map(({ name }) => name).sort()).toEqual([
      'film-480.mp4',
      'film-720.mp4',
      'poster-1280.avif',
      'poster-1280.jpg',
      'poster-1280.webp',
      'poster-480.avif',
      'poster-480.jpg',
      'poster-480.webp',
      'poster-960.avif',
      'poster-960.jpg',
      'poster-960.webp',
      'sprite.vtt',
      'sprite.webp',
    ])
    const url = `/medias/${id}/film-480.mp4`
    const whole = await media.get(url)
    const bytes = whole.rawPayload
    expect(bytes.includes('Chez Jeanne')).toBe(false)
    expect(readXmpBox(bytes)).toContain('Élise &lt;Photographe&gt; &amp; fils')
    expect(readXmpBox(bytes)).toContain('cc:license')
    const size = bytes.length
    for (const [asked, from, to] of [
      ['bytes=0-99', 0, 100],
      [`bytes=${size - 5}-`, size - 5, size],
      ['bytes=-2000', size - 2000, size],
      [`bytes=100-${size + 100}`, 100, size],
    ] as const) {
      const part = await media.get(url, null, { range: asked })
      expect(part.statusCode).toBe(206)
      expect(part.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${size}`)
      expect(part.rawPayload.equals(bytes.subarray(from, to)), asked).toBe(true)
    }
    expect((await media.get(url, null, { range: `bytes=${size}-` })).statusCode).toBe(416)
    const stale = await media.get(url, null, { range: 'bytes=0-9', 'if-range': '"other"' })
    expect(stale.statusCode).toBe(200)
    expect((await media.get(`/medias/${id}/frame.png`, jeanne)).statusCode).toBe(404)
    expect((await media.get(`/medias/${id}/master`, jeanne)).statusCode).toBe(404)
    expect((await media.get(`/medias/${id}/sprite.vtt`)).body).toContain('sprite.webp#xywh=320,0,160,90')
    const before = String(whole.headers.etag)
    await setRights(media.app.db, jeanne, { id, rights: { ...rights, author: 'Une autre' }, asked: 'public' })
    const changed = await media.get(url)
    expect(changed.headers.etag).not.toBe(before)
    expect(readXmpBox(changed.rawPayload)).toContain('Une autre')
    await media.prepared(id)
    const poster = await media.get(`/medias/${id}/poster-480.jpg`)
    expect((await sharp(poster.rawPayload).metadata()).xmpAsString).toContain('Une autre')
  })

  test('a sound becomes a copy and its drawing', async (context) => {
    if (noFfmpeg) return context.skip(noFfmpeg)
    const path = samples.encode(
      'chant.flac',
      '-f',
      'lavfi',
      '-i',
      'sine=frequency=440:d=2',
      '-metadata',
      'artist=Secret',
    )
    const id = await media.deposit('chant.flac', readFileSync(path))
    expect(await media.prepared(id)).toMatchObject({ state: 'ready', kind: 'sound' })
    await publish(id)
    const copy = (await media.get(`/medias/${id}/sound.m4a`)).rawPayload
    expect(copy.includes('Secret')).toBe(false)
    expect(readXmpBox(copy)).toContain('Jeanne, étameuse')
    expect((await media.get(`/medias/${id}/peaks.json`)).json()).toMatchObject({ version: 2, length: 1000 })
    const drawing = await media.get(`/medias/${id}/waveform.svg`)
    expect(drawing.headers['content-type']).toBe('image/svg+xml')
    expect(drawing.headers['content-security-policy']).toContain('sandbox')
  })

  test('a document is given back as it came, to keep and not to show', async () => {
    const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n')
    const id = await media.deposit('fiche.pdf', pdf)
    expect(await media.prepared(id)).toMatchObject({ state: 'ready', kind: 'document' })
    const answer = await media.get(`/medias/${id}/document.pdf`, jeanne)
    expect(answer.rawPayload.equals(pdf)).toBe(true)
    expect(answer.headers['content-disposition']).toMatch(/^attachment;/)
  })

  test('what is held of a person goes with its files', async () => {
    await sql`insert into accounts.enterprise_holder (person, siret) values (${paul.id}, '55208131766522')
      on conflict do nothing`.execute(media.app.db.kysely)
    const mine = await media.deposit('moi.jpg', await photograph(310, 200, '#00ff88'), paul, 'moi')
    const { blob, rendition } = await media.prepared(mine)
    await eraseSubject(media.app, 'operator', { kind: 'person', id: paul.id }, 'request')
    const left = (await media.keys()).filter((key) => key.includes(blob!) || key.includes(rendition!))
    expect(left).toEqual([])
    const rows = await sql`select 1 from media.file where id = ${mine}`.execute(media.app.db.kysely)
    expect(rows.rows).toEqual([])
  })
})
