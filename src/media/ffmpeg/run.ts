import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from './command.ts'

export interface RunOptions {
  /** Seconds by the clock, after which it is killed. */
  seconds: number
  /** Each line of its output. */
  onLine?: (line: string) => void
}

export interface Ran {
  /** Null when a signal ended it. */
  code: number | null
  output: string
  /** The end of what it said of errors; for the log alone, it may name folders. */
  errors: string
}

const mostOutput = 4_000_000

/** Runs a program without a shell, with nothing to read, until it ends or is killed for taking too long. */
export async function run({ program, args }: Command, { seconds, onLine }: RunOptions): Promise<Ran> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } })
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
  let output = ''
  let errors = ''
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (!onLine) {
      output += text
      if (output.length > mostOutput) child.kill('SIGKILL')
      return
    }
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) onLine(line)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)))
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output, errors }
  } finally {
    clearTimeout(timer)
  }
}

/** Whether a program can be started at all. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await run({ program, args: ['-version'] }, { seconds: 20 })).code === 0
  } catch {
    return false
  }
}
