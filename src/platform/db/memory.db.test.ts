import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { expect, inject, test } from 'vitest'
import { copyFolder } from '../testing/global-setup.ts'

const script = `import { readFileSync } from 'node:fs'
  import { openDatabase } from '#platform'
  const db = await openDatabase({ databaseUrl: null, dataDir: process.argv[1] })
  await db.outsideTransaction("create table public.many as select i as id, md5(i::text) as text from generate_series(1, 200000) i")
  await db.outsideTransaction('create index on public.many (text)')
  await db.outsideTransaction('select count(*), max(text) from public.many group by id % 100')
  await db.close()
  console.log(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1])`

test('the embedded database takes less than 450 MB at its highest for 200,000 rows', (context) => {
  const template = inject('template')
  if (template.kind !== 'pglite') return context.skip('only PGlite lives in this process')
  if (!existsSync('/proc/self/status')) return context.skip('needs /proc')
  const dataDir = copyFolder(template.folder)
  try {
    const done = spawnSync(process.execPath, ['--input-type=module', '-e', script, dataDir], { encoding: 'utf8' })
    const peak = Number(done.stdout) / 1024
    expect(peak, done.stderr).toBeGreaterThan(100)
    expect(peak).toBeLessThan(450)
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
})
