import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadDemonstration, sql, type App } from '#platform'
import { compose } from '../compose.ts'
import { createPlace, type Place } from '../platform/testing/place.ts'
import { readActs } from './acts.ts'
import { agree } from './agree.ts'

let place: Place
const open = () => compose(place.config)

beforeAll(async () => {
  place = await createPlace()
  const app = await open()
  await loadDemonstration(app)
  await sql`insert into accounts.enterprise_holder (person, siret)
    select 'artisan', siret from registry.establishment where diffusion = 'full' order by siret limit 5`.execute(
    app.db.kysely,
  )
  await app.db.close()
})
afterAll(() => place.drop())

// Says statements and takes some back for ever; each is told once it is committed.
const speaker = `import { compose } from './src/compose.ts'
  import { sql } from '#platform'
  import { moderate, sayStatement, withdrawStatement } from '#statements'
  const { db } = await compose(JSON.parse(process.argv[1]))
  const say = (...words) => process.stdout.write(words.join(' ') + '\\n')
  const user = (id, administrator) => ({ id, name: id, email: null, kind: 'person', administrator })
  const artisan = user('artisan', false)
  const administrator = user('administrator', true)
  const held = await sql\`select siret from accounts.enterprise_holder where person = 'artisan' order by siret\`.execute(db.kysely)
  for (let n = 0; ; n++) {
    const subject = { kind: 'enterprise', id: held.rows[n % held.rows.length].siret }
    const value = { kind: 'text', text: 'De ' + (n % 3) + ' h à midi' }
    const saying = { subject, item: 'opening_hours', value, method: 'on_site' }
    const own = n % 2 === 0
    const { id } = await sayStatement(db, own ? artisan : null, { ...saying, as: own ? 'right' : 'citizen' })
    say('said', id)
    if (!own) {
      await moderate(db, administrator, { statement: id, accepted: true, reason: '' })
      say('accepted', id)
    } else if (n % 4 === 0) {
      await withdrawStatement(db, artisan, id)
      say('withdrawn', id)
    }
  }`

/** Lets a process speak until it has told `count` acts, kills it at once, and gives all that it told. */
async function speakThenKill(count: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', speaker, JSON.stringify(place.config)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: join(import.meta.dirname, '../..'),
  })
  const ended = once(child, 'exit')
  const told: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(line)
    if (told.length === count) child.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
  return told
}

async function idsOf(app: App, table: string, column: string): Promise<Set<string>> {
  const found = await sql<{ id: string }>`select ${sql.id(column)} as id from ${sql.table(table)}`.execute(
    app.db.kysely,
  )
  return new Set(found.rows.map(({ id }) => id))
}

/** What is kept as agreed is what the rule makes of all that was said. */
async function expectAgreed(app: App) {
  const { kysely } = app.db
  const kept = await sql<Record<string, unknown> & { id: string }>`
    select subject_id as id, state, value, support, voices, said_on::text as "saidOn", detail from statements.agreed
    where audience = 'all' and item = 'opening_hours'`.execute(kysely)
  const rows = new Map(kept.rows.map(({ id, detail, ...row }) => [id, { ...row, ...(detail as object) }]))
  const subjects = await sql<{ id: string }>`
    select distinct subject_id as id from statements.statement where item = 'opening_hours'`.execute(kysely)
  expect(subjects.rows.length).toBeGreaterThan(0)
  for (const { id } of subjects.rows) {
    const acts = await readActs(kysely, { kind: 'enterprise', id }, 'opening_hours')
    expect(rows.get(id) ?? null).toEqual(agree(acts.map(({ act }) => act)))
  }
}

test('what was told to be said is there after kill -9, and so is what comes out of it', async () => {
  const told: string[] = []
  for (const count of [9, 1, 14, 2, 25, 5, 18]) {
    told.push(...(await speakThenKill(count)))
    const app = await open()
    const kept = {
      said: await idsOf(app, 'statements.statement', 'id'),
      accepted: await idsOf(app, 'statements.moderation', 'statement'),
      withdrawn: await idsOf(app, 'statements.withdrawal', 'statement'),
    }
    const lost = told.filter((line) => {
      const [what, id] = line.split(' ') as [keyof typeof kept, string]
      return !kept[what].has(id)
    })
    expect(lost).toEqual([])
    const records = await sql`select 1 from statements.statement s where not exists
      (select from consent.record r where r.kind = 'statement' and r.id = s.id::text)`.execute(app.db.kysely)
    expect(records.rows).toEqual([])
    await expectAgreed(app)
    await app.db.close()
  }
  expect(told.length).toBeGreaterThanOrEqual(74)
})
