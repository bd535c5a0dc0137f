import { expect, test } from 'vitest'
import { createMediaApp } from './testing/application.ts'
import { photograph } from './testing/samples.ts'

test('without ffmpeg a film waits, pictures do not', async () => {
  const media = await createMediaApp('folder', '/nonexistent/ffmpeg')
  // The first bytes of a film are enough to know one.
  const film = Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from('ftypisom\0\0\x02\0isomiso2mp41'),
    Buffer.alloc(2000),
  ])
  const id = await media.deposit('geste.mp4', film)
  expect(await media.prepared(id)).toMatchObject({ state: 'waiting', kind: 'film' })
  const picture = await media.deposit('a.jpg', await photograph(300, 200))
  expect(await media.prepared(picture)).toMatchObject({ state: 'ready' })
  await media.close()
})
