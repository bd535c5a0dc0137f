import { afterAll, beforeAll, expect, test } from 'vitest'
import { giveConsent } from '#consent'
import { sql, transaction } from '#platform'
import { agreement } from '../consent/testing.ts'
import { attach, removeFile, setRights } from './commands.ts'
import type { Rights } from './model.ts'
import { findMedia } from './queries.ts'
import { createMediaApp, jeanne, type MediaApp } from './testing/application.ts'
import { photograph } from './testing/samples.ts'

let media: MediaApp
beforeAll(async () => {
  media = await createMediaApp()
})
afterAll(() => media.close())

const rights: Rights = {
  author: '',
  credit: 'Jeanne',
  licence: 'cc-by',
  authorisations: [],
  captionFr: 'Étamage',
  captionEn: '',
  altFr: 'Deux mains',
  altEn: '',
}

const readingsOf = async (id: string) =>
  (
    await sql<{ count: number }>`select count(*)::int as count from accounts.audit
      where action = 'read' and item = ${`media.${id}`}`.execute(media.app.db.kysely)
  ).rows[0]!.count

test('a reading of what is not public leaves a trace, from whichever byte it begins', async () => {
  const id = await media.deposit('geste.jpg', await photograph(900, 600))
  await media.prepared(id)
  const url = `/medias/${id}/picture-480.jpg`
  for (const range of ['bytes=1-', 'bytes=20-40', 'bytes=0-9']) {
    await media.get(url, jeanne, { range })
    expect(await readingsOf(id), range).toBe(1)
  }
  await media.get(url, jeanne)
  expect(await readingsOf(id)).toBe(2)
  await removeFile(media.app, jeanne, id)
})

test('a file is not laid on the enterprise of another, nor shown there by an agreement that was not its own', async () => {
  const { db } = media.app
  const id = await media.deposit('autre.jpg', await photograph(700, 500))
  await media.prepared(id)
  await setRights(db, jeanne, { id, rights, asked: 'public' })
  await giveConsent(db, jeanne, { kind: 'media', id, ...agreement })
  await media.prepared(id)
  expect(await findMedia(db, id)).not.toBeNull()
  const to = (subject: { kind: string; id: string }) =>
    transaction(db, (trx) => attach(trx, jeanne, { media: id, subject }))
  await expect(to({ kind: 'enterprise', id: '35600000000048' })).rejects.toMatchObject({ status: 403 })
  await to({ kind: 'person', id: jeanne.id })
  expect(await findMedia(db, id)).toBeNull()
  await removeFile(media.app, jeanne, id)
})
