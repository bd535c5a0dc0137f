import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../bin/machine.ts'

export interface Product {
  url: string
  dataDir: string
  /** The one-time link of the start. */
  signInLink(): string
}

/** Starts the product on a folder, and waits until it serves. */
export async function start(dataDir: string): Promise<{ product: Product; child: ChildProcess }> {
  const port = await freePort()
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: join(import.meta.dirname, '..'),
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: dataDir,
      DATABASE_URL: '',
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  child.once('exit', (code) => ready.reject(new Error(`the product ended with ${code}`)))
  child.stdout!.on('data', (chunk: Buffer) => {
    if (chunk.includes('first-sign-in')) ready.resolve()
  })
  await ready.promise
  const signInLink = () => readFileSync(join(dataDir, 'first-sign-in'), 'utf8').trim()
  return { product: { url: `http://127.0.0.1:${port}`, dataDir, signInLink }, child }
}

/** Asks the product to stop, and gives its exit code. */
export async function stop(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  return (await ended)[0]
}
