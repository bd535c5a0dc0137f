import { fork } from 'node:child_process'
import { once } from 'node:events'
import { UserError } from '#platform'
import { limits } from './model.ts'
import type { Table } from './model.ts'
import { emptyFile, fileTooLarge, tooHeavy, type TableRefusal } from './refusals.ts'
import type { ReadingOrder, ReadingReply } from './worker.ts'

export type { Table } from './model.ts'

/** Readings at once: each may take as much memory as `limits` says. */
const places = 2
let busy = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= places) await new Promise<void>((resolve) => waiting.push(resolve))
  else busy++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else busy--
  }
}

const toUserError = ({ code, message }: Pick<TableRefusal, 'code' | 'message'>) => new UserError(code, 400, message)

async function readApart(order: ReadingOrder): Promise<ReadingReply | null> {
  const child = fork(new URL('./worker.ts', import.meta.url), {
    execArgv: [`--max-old-space-size=${limits.memory}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), limits.seconds * 1000)
  try {
    const replied = once(child, 'message') as Promise<[ReadingReply]>
    const ended = once(child, 'exit').then((): [null] => [null])
    child.send(order)
    const [reply] = await Promise.race([replied, ended])
    return reply
  } finally {
    clearTimeout(timer)
    child.kill('SIGKILL')
  }
}

/**
 * Reads the sheets of an .xlsx workbook, or a CSV (delimiter `,`, `;` or tab; UTF-8, UTF-16 or windows-1252), in a process
 * of its own: the bytes decide, not the name, which only serves in messages. Nothing of a cell is trimmed.
 * @throws {UserError} 400, in words, when the file is of another format, damaged, too large or hostile
 */
export async function readTables(bytes: Uint8Array, name: string): Promise<Table[]> {
  if (bytes.byteLength === 0) throw toUserError(emptyFile(name))
  if (bytes.byteLength > limits.bytes) throw toUserError(fileTooLarge(name))
  const reply = await inTurn(() => readApart({ bytes, file: name }))
  // Out of memory, or out of time.
  if (reply === null) throw toUserError(tooHeavy(name))
  if (reply.kind === 'refused') throw toUserError(reply)
  if (reply.kind === 'failed') throw new Error(`A table could not be read: ${reply.message}`)
  return reply.tables
}
