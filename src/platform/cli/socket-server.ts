import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import * as v from 'valibot'
import type { App } from '../application.ts'
import { UserError } from '../errors.ts'
import { otherVersion, serverNeeded } from './errors.ts'
import { failure, success, type Outcome } from './outcome.ts'
import { prepareSocket, readLines, type RemoteReply, type RemoteRequest } from './socket.ts'

const requestSchema = v.object({
  words: v.array(v.string()),
  args: v.array(v.string()),
  values: v.record(v.string(), v.optional(v.union([v.string(), v.boolean(), v.array(v.string())]))),
  cwd: v.string(),
})

/** How long a stop waits for the commands that run, in milliseconds. */
const patience = 10_000

async function run(
  app: App,
  { words, args, values, cwd }: RemoteRequest,
  send: (reply: RemoteReply) => void,
): Promise<Outcome> {
  const title = words.join(' ')
  const command = app.capabilities.flatMap((one) => one.commands ?? []).find((one) => one.words.join(' ') === title)
  try {
    if (!command) throw otherVersion(title)
    if (command.requires === 'server') throw serverNeeded()
    const io = {
      print: (line: string) => send({ print: line }),
      progress: (line: string, ratio?: number) => send({ progress: line, ratio }),
      cwd,
    }
    await command.run(app, { values, args, io })
    return success
  } catch (error) {
    if (!(error instanceof UserError)) app.log.error({ err: error, command: title }, 'a command failed')
    return failure(error)
  }
}

async function firstRequest(socket: Socket): Promise<RemoteRequest | null> {
  for await (const line of readLines(socket.iterator({ destroyOnReturn: false }))) return v.parse(requestSchema, line)
  return null
}

async function answer(app: App, socket: Socket, request: RemoteRequest): Promise<void> {
  const send = (reply: RemoteReply) => {
    if (socket.writable) socket.write(`${JSON.stringify(reply)}\n`)
  }
  const { code, error } = await run(app, request, send)
  send({ exit: code, error })
  await new Promise<void>((resolve) => socket.end(resolve))
}

// The mask, not a later chmod: nobody else may connect in between.
async function listenPrivately(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177)
  server.listen(path)
  process.umask(before)
  await once(server, 'listening')
}

/**
 * Runs the commands that a command line hands over while this program holds the embedded database. Only the same system
 * user may connect. A client that leaves does not stop its command.
 */
export async function listenForCommands(app: App): Promise<{ close(): Promise<void> }> {
  if (!app.db.pglite) return { close: async () => undefined }
  const { path, remove } = prepareSocket(app.config.dataDir)
  const open = new Set<Socket>()
  const running = new Map<Socket, Promise<void>>()

  async function accept(socket: Socket) {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    try {
      const request = await firstRequest(socket)
      if (!request) return void socket.end()
      running.set(socket, answer(app, socket, request))
      await running.get(socket)
    } catch (error) {
      app.log.warn({ err: error }, 'a command line was not understood')
      socket.destroy()
    } finally {
      running.delete(socket)
    }
  }

  const server = createServer({ allowHalfOpen: true }, (socket) => void accept(socket))
  await listenPrivately(server, path)
  return {
    async close() {
      server.close()
      for (const socket of open) if (!running.has(socket)) socket.destroy()
      const tooLate = Promise.withResolvers<void>()
      const timer = setTimeout(tooLate.resolve, patience)
      await Promise.race([Promise.all(running.values()), tooLate.promise])
      clearTimeout(timer)
      for (const socket of open) socket.destroy()
      remove()
    },
  }
}
