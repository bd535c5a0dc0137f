import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { expect, inject, test } from 'vitest'
import { openDatabase, sql } from '#platform'
import { copyFolder } from '../testing/global-setup.ts'

// Writes for ever; a number is said only once its row is committed.
const writer = `import { openDatabase, scrub, sql } from '#platform'
  const db = await openDatabase({ databaseUrl: null, dataDir: process.argv[1] })
  await sql\`create table if not exists public.said (id int primary key, text text not null)\`.execute(db.kysely)
  const last = await sql\`select coalesce(max(id), 0)::int as id from public.said\`.execute(db.kysely)
  const scrubForEver = async () => { for (;;) await scrub(db, ['public.said']) }
  if (process.argv[2] === 'scrub') scrubForEver()
  for (let id = last.rows[0].id + 1; ; id++) {
    await sql\`insert into public.said values (\${id}, \${'ligne '.repeat(id % 500)})\`.execute(db.kysely)
    process.stdout.write(id + '\\n')
  }`

/** Lets a process write until it has said `count` numbers, kills it at once, and gives all the numbers it said. */
async function writeThenKill(dataDir: string, count: number, ...more: string[]): Promise<number[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', writer, dataDir, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const said: number[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(Number(line))
    if (said.length === count) child.kill('SIGKILL')
  }
  await ended
  return said
}

test.for([
  ['rows are written', []],
  ['rows are written and an erasure is carried out', ['scrub']],
] as const)(
  'kill -9 while %s: what was said to be kept is all there, and the database stays sound',
  async ([, more], context) => {
    const template = inject('template')
    if (template.kind !== 'pglite') return context.skip('a server protects itself: only PGlite needs it')
    const dataDir = copyFolder(template.folder)
    try {
      const said: number[] = []
      for (const count of [40, 3, 90, 1, 17]) said.push(...(await writeThenKill(dataDir, count, ...more)))
      const db = await openDatabase({ databaseUrl: null, dataDir })
      const found = await sql<{ id: number }>`select id from public.said order by id`.execute(db.kysely)
      const kept = new Set(found.rows.map(({ id }) => id))
      expect(said.filter((id) => !kept.has(id))).toEqual([])
      expect(said.length).toBeGreaterThanOrEqual(150)
      // One row at most a round was committed and not yet said.
      expect(kept.size - said.length).toBeLessThanOrEqual(5)
      expect(found.rows.map(({ id }) => id)).toEqual(Array.from({ length: kept.size }, (_, index) => index + 1))
      await db.outsideTransaction('reindex table public.said')
      await db.close()
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
)
