import { setPriority } from 'node:os'
import { createPicture } from './picture.ts'
import type { PictureOrder, PictureReply } from './picture.ts'

// One order, one answer, and the process ends: what libvips took goes back, and what breaks it breaks nothing else.
setPriority(15)
process.on('disconnect', () => process.exit())
process.once('message', (order: PictureOrder) => {
  createPicture(order).then(
    (made) => send({ kind: 'made', made }),
    (error: unknown) =>
      send({
        kind: 'failed',
        code: (error as { refusal?: string }).refusal ?? null,
        message: error instanceof Error ? error.message : String(error),
      }),
  )
})

function send(reply: PictureReply) {
  process.send!(reply, undefined, undefined, () => process.exit())
}
