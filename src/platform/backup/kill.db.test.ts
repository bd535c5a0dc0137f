import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { openDatabase, sql, type Config } from '#platform'
import { runCommand } from '../testing/command-line.ts'
import { emptyPlace } from '../testing/databases.ts'
import { createPlace } from '../testing/place.ts'

// Writes numbers and makes one backup after the other, `1.tar.gz`, `2.tar.gz`…; says each number once it is committed,
// and each backup once it is begun (`+1`) and ended (`=1`).
const program = `import { createStorage, openDatabase, sql } from '#platform'
  import { Readable } from 'node:stream'
  const { writeBackup } = await import(process.argv[3])
  const config = JSON.parse(process.argv[1])
  const db = await openDatabase(config)
  const storage = createStorage(config)
  await sql\`create table if not exists public.said (id int primary key, text text not null)\`.execute(db.kysely)
  const say = (text) => process.stdout.write(text + '\\n')
  const write = async () => {
    const last = await sql\`select coalesce(max(id), 0)::int as id from public.said\`.execute(db.kysely)
    for (let id = last.rows[0].id + 1; ; id++) {
      await sql\`insert into public.said values (\${id}, \${'ligne '.repeat(id % 500)})\`.execute(db.kysely)
      if (id % 5 === 0) await storage.put('media/' + id, Readable.from([Buffer.alloc(id * 100, id)]))
      say(String(id))
    }
  }
  write()
  for (let n = Number(process.argv[4]); ; n++) {
    say('+' + n)
    await writeBackup({ config, db, storage, log: console }, process.argv[2] + '/' + n + '.tar.gz', () => undefined)
    say('=' + n)
  }`

interface Heard {
  said: number[]
  begun: number
  ended: number
}

/** Kills the program `delay` ms after it began its second backup. */
async function killDuringBackup(config: Config, folder: string, from: number, delay: number): Promise<Heard> {
  const module = new URL('./backup.ts', import.meta.url).href
  const args = [JSON.stringify(config), folder, module, String(from)]
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const heard: Heard = { said: [], begun: 0, ended: 0 }
  for await (const line of createInterface({ input: child.stdout })) {
    const number = Number(line.replace(/^[+=]/, ''))
    if (line.startsWith('=')) heard.ended = number
    else if (line.startsWith('+')) {
      heard.begun = number
      if (number === from + 1) setTimeout(() => child.kill('SIGKILL'), delay)
    } else heard.said.push(number)
  }
  await exited
  return heard
}

test('kill -9 during backups leaves no half archive under its name, and a sound database', async () => {
  const { config, drop } = await createPlace()
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-kill-'))
  const place = await emptyPlace(null)
  try {
    const said: number[] = []
    let next = 1
    let cut = 0
    for (const delay of [0, 40, 90, 150, 230, 320, 450]) {
      const heard = await killDuringBackup(config, folder, next, delay)
      said.push(...heard.said)
      if (!existsSync(join(folder, `${heard.begun}.tar.gz`))) cut++
      expect(heard.ended).toBeGreaterThanOrEqual(next)
      next = heard.begun + 1
    }
    // What was said to be ended is there; what is there is whole.
    const archives = readdirSync(folder).filter((name) => name.endsWith('.tar.gz'))
    expect(archives.length).toBeGreaterThanOrEqual(7)
    expect(cut).toBeGreaterThanOrEqual(3)
    for (const name of archives) {
      const ran = await runCommand(place.config, ['restore', join(folder, name), '--dry-run'])
      expect(ran, name).toMatchObject({ code: 0, out: expect.stringContaining('Sauvegarde complète') })
    }
    await expectSound(config, said)
    const after = join(folder, 'after.tar.gz')
    expect(await runCommand(config, ['backup', after])).toMatchObject({ code: 0 })
  } finally {
    await place.drop()
    await drop()
    rmSync(folder, { recursive: true, force: true })
  }
})

async function expectSound(config: Config, said: number[]) {
  const db = await openDatabase(config)
  try {
    const found = await sql<{ id: number }>`select id from public.said order by id`.execute(db.kysely)
    const kept = new Set(found.rows.map(({ id }) => id))
    expect(said.length).toBeGreaterThan(50)
    expect(said.filter((id) => !kept.has(id))).toEqual([])
    await db.outsideTransaction('reindex table public.said')
  } finally {
    await db.close()
  }
}
