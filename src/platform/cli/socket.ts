import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CommandInput } from '../application.ts'
import type { ExitCode } from './outcome.ts'

/** What the client sends: one JSON line. */
export interface RemoteRequest {
  words: string[]
  args: string[]
  values: CommandInput['values']
  cwd: string
}

/** What the server answers: JSON lines, the last of which has `exit`. */
export type RemoteReply =
  { print: string } | { progress: string; ratio?: number } | { exit: ExitCode; error: string | null }

// A socket's address holds 104 bytes on macOS, 108 on Linux, with its end mark.
const longest = 103

const near = (dataDir: string) => join(dataDir, 'socket')
const pointer = (dataDir: string) => join(dataDir, 'socket-path')
const fits = (path: string) => Buffer.byteLength(path) <= longest

/** Address of the socket on which a live server may listen, or null when there is none. */
export function findSocket(dataDir: string): string | null {
  if (fits(near(dataDir))) return near(dataDir)
  try {
    return readFileSync(pointer(dataDir), 'utf8').trim()
  } catch {
    return null
  }
}

/**
 * An address to listen on: in the data folder, or where its path is too long in a private folder that `socket-path`
 * names. What a killed server left is removed.
 */
export function prepareSocket(dataDir: string): { path: string; remove(): void } {
  const path = near(dataDir)
  if (fits(path)) {
    rmSync(path, { force: true })
    return { path, remove: () => rmSync(path, { force: true }) }
  }
  const left = findSocket(dataDir)
  if (left && /\/artisanumerique-socket-\w+\/socket$/.test(left))
    rmSync(dirname(left), { recursive: true, force: true })
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-socket-'))
  writeFileSync(pointer(dataDir), join(folder, 'socket'), { mode: 0o600 })
  return {
    path: join(folder, 'socket'),
    remove() {
      rmSync(folder, { recursive: true, force: true })
      rmSync(pointer(dataDir), { force: true })
    },
  }
}

const longestLine = 1_000_000

/** The JSON lines of a connection. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncIterable<unknown> {
  let rest = ''
  const decoder = new TextDecoder()
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop()!
    if (rest.length > longestLine) throw new Error('A line of the socket is too long')
    for (const line of lines) yield JSON.parse(line)
  }
}
