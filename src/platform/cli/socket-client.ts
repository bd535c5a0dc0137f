import { once } from 'node:events'
import { connect } from 'node:net'
import type { Outcome } from './outcome.ts'
import { findSocket, readLines, type RemoteReply, type RemoteRequest } from './socket.ts'
import type { Screen } from './terminal.ts'

/**
 * Has a command run by the server that holds the data folder.
 * @returns null when no server answers
 */
export async function handOver(dataDir: string, request: RemoteRequest, screen: Screen): Promise<Outcome | null> {
  const path = findSocket(dataDir)
  if (path === null) return null
  const socket = connect(path)
  try {
    await once(socket, 'connect')
  } catch {
    return null
  }
  try {
    socket.write(`${JSON.stringify(request)}\n`)
    for await (const line of readLines(socket)) {
      const reply = line as RemoteReply
      if ('exit' in reply) return { code: reply.exit, error: reply.error }
      if ('print' in reply) screen.print(reply.print)
      else screen.progress(reply.progress, reply.ratio)
    }
  } catch {
    // A server that dies resets the connection: the same as its end.
  } finally {
    socket.destroy()
  }
  return { code: 1, error: 'Le serveur s’est arrêté avant la fin de la commande.' }
}
