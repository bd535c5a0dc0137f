// Follows the README from a clean clone: start, answer, page, stop.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './machine.ts'

const root = join(import.meta.dirname, '..')
const clone = mkdtempSync(join(tmpdir(), 'artisanumerique-clone-'))
const fail = (message: string): never => {
  throw new Error(message)
}

try {
  if (!/^npm start$/m.test(readFileSync(join(root, 'README.md'), 'utf8'))) fail('README.md does not say « npm start »')
  const cloned = spawnSync('git', ['clone', '--quiet', root, clone], { stdio: ['ignore', 2, 2] })
  if (cloned.status !== 0) fail('git clone failed')
  const port = await freePort()
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':')
  const started = Date.now()
  const child = spawn('npm', ['start'], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: path, PORT: String(port), LOG_LEVEL: 'warn', NODE_ENV: '' },
  })
  const ended = once(child, 'exit')
  const ready = Promise.withResolvers<void>()
  void (async () => {
    for await (const chunk of child.stdout) {
      process.stdout.write(chunk as Buffer)
      if (String(chunk).includes('répond sur')) ready.resolve()
    }
    ready.reject(new Error('npm start ended before it answered'))
  })()
  const tooLong = setTimeout(() => ready.reject(new Error('no answer within 120 s')), 120_000)
  await ready.promise
  clearTimeout(tooLong)
  const health = await fetch(`http://127.0.0.1:${port}/healthz`)
  if (health.status !== 200) fail(`/healthz answered ${health.status}`)
  process.stdout.write(`clean clone to /healthz: ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  for (const page of ['/', '/carte']) {
    const answer = await fetch(`http://127.0.0.1:${port}${page}`)
    if (answer.status !== 200) fail(`${page} answered ${answer.status}`)
  }
  child.kill('SIGTERM')
  const [code] = (await ended) as [number | null]
  if (code !== 0) fail(`npm start ended with ${code} after SIGTERM`)
} finally {
  rmSync(clone, { recursive: true, force: true })
}
