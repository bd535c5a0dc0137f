import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FolderInUseError, lockFolder } from './lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artisanumerique-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockModule = new URL('./lock.ts', import.meta.url).href

/** A process that takes the lock and says whether it could, then holds it until its input ends. */
function holder() {
  const script = `import { lockFolder } from ${JSON.stringify(lockModule)}
    try { lockFolder(process.argv[1]); console.log('taken') } catch (error) { console.log('refused ' + error.pid) }
    process.stdin.resume()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const said = once(child.stdout, 'data').then(([line]) => String(line).trim())
  return { child, said }
}

async function end({ child }: ReturnType<typeof holder>, signal: NodeJS.Signals) {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** The number of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid!
}

test('a lock is taken once, and again after its release', () => {
  const release = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(FolderInUseError)
  expect(statSync(join(folder, 'lock')).mode & 0o777).toBe(0o600)
  release()
  lockFolder(folder)()
  expect(readdirSync(folder)).toEqual([])
})

test('a new folder is private', () => {
  lockFolder(join(folder, 'a/b'))()
  expect(statSync(join(folder, 'a/b')).mode & 0o777).toBe(0o700)
})

test('a live process is named; one that was killed holds nothing', async () => {
  const other = holder()
  expect(await other.said).toBe('taken')
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'data_dir.in_use', pid: other.child.pid }))
  await end(other, 'SIGKILL')
  lockFolder(folder)()
})

test('a process that was given the number of a dead one is not taken for it', (context) => {
  if (process.platform !== 'linux') return context.skip('needs /proc')
  writeFileSync(join(folder, 'lock'), `${process.pid} 1`)
  lockFolder(folder)()
})

test.each(['', 'x', '-1 5', '0 0'])('a lock that reads « %s » holds nothing', (content) => {
  writeFileSync(join(folder, 'lock'), content)
  lockFolder(folder)()
})

test('a release leaves alone the lock of whoever came after', () => {
  const release = lockFolder(folder)
  writeFileSync(join(folder, 'lock'), '1 1')
  release()
  expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe('1 1')
})

test('of many that start at once on a dead lock, one takes it', async () => {
  writeFileSync(join(folder, 'lock'), `${await deadPid()} 5`)
  const all = Array.from({ length: 8 }, holder)
  const said = await Promise.all(all.map((one) => one.said))
  await Promise.all(all.map((one) => end(one, 'SIGKILL')))
  expect(said.filter((line) => line === 'taken')).toHaveLength(1)
  expect(readdirSync(folder)).toEqual(['lock'])
})
