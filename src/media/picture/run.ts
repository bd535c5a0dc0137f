import { fork } from 'node:child_process'
import { once } from 'node:events'
import { refused, type RefusalCode } from '../errors.ts'
import type { PictureMade, PictureOrder, PictureReply } from './picture.ts'

const seconds = 300

/**
 * Makes the copies of a picture in a process of its own.
 * @throws {UserError} when the picture cannot be read, is too large, or takes too long
 */
export async function runPicture(order: PictureOrder): Promise<PictureMade> {
  const child = fork(new URL('./worker.ts', import.meta.url), {
    execArgv: ['--max-old-space-size=500'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
  try {
    const replied = once(child, 'message') as Promise<[PictureReply]>
    const ended = once(child, 'exit').then((): [PictureReply] => [{ kind: 'failed', code: 'unreadable', message: '' }])
    child.send(order)
    const [reply] = await Promise.race([replied, ended])
    if (reply.kind === 'made') return reply.made
    if (reply.code) throw refused(reply.code as RefusalCode)
    throw new Error(`A picture could not be made: ${reply.message}`)
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}
