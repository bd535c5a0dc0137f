import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql, transaction, type JobDefinition, type Subject, type User } from '#platform'
import { readCollection } from '../collect/commands.ts'
import { carryOutAcceptance } from '../deliveries/accept.ts'
import { readDelivery } from '../deliveries/commands.ts'
import { addAttendee, joinMeeting, planMeeting } from '../meetings/commands.ts'
import type { Entry } from '../model.ts'
import { linkProspect } from './commands.ts'
import { exportContributions } from './personal.ts'
import { forgetHeldJob } from './retention.ts'
import { createScene, join, person, plainItems, type Journal, type Scene } from './testing.ts'

let scene: Scene
let siret: string
let commune: string
let body: string
let surveyor: User
let journal: Journal

const db = () => scene.app.db.kysely
type Context = Parameters<JobDefinition['work']>[0]
const forget = () => forgetHeldJob.work({ app: scene.app } as Context, {})

beforeAll(async () => {
  scene = await createScene()
})
afterAll(() => scene.close())
beforeEach(async () => {
  ;({ siret, commune, body, surveyor, journal } = await scene.next())
})

/** What the survey destroys in an erasure. */
async function erase(subject: Subject) {
  const survey = scene.app.capabilities.find(({ name }) => name === 'survey')!
  await transaction(scene.app.db, (trx) => survey.erase!(trx, subject))
}

/** Makes what a device sent, and the enterprise that it created, that many months old. */
async function age(months: number, ...entries: Entry[]) {
  const ids = entries.flatMap(({ id, contribution }) => [id, contribution])
  for (const [table, column] of [
    ['contribution', 'opened_at'],
    ['prospect', 'created_at'],
  ])
    await sql`update ${sql.id('survey', table!)} set ${sql.id(column!)} = now() - make_interval(months => ${months}::int)
      where id = any(${ids}::uuid[])`.execute(db())
}

async function unknownEnterprise(months: number, name: string) {
  const created = journal.prospect(commune, body, name)
  const open = journal.open({ prospect: created.id }, body)
  const all = [created, open, journal.answer(open), journal.consent(open)]
  await scene.send(surveyor, ...all)
  await age(months, created, open)
  return all
}

const left = async (entries: readonly Entry[]) => {
  const ids = sql`${entries.map(({ id }) => id)}::uuid[]`
  return (
    (await scene.count('survey.entry', sql`id = any(${ids})`)) +
    (await scene.count('survey.prospect', sql`id = any(${ids})`))
  )
}

test('two years after the visit, nothing is left of an enterprise that nobody found in the register', async () => {
  const old = await unknownEnterprise(25, 'Marie Quatrepoint')
  const young = await unknownEnterprise(23, 'Atelier du Pont')
  const linked = await unknownEnterprise(25, 'Forge')
  await linkProspect(scene.app.db, surveyor, { prospect: linked[0]!.id, siret })
  const alone = journal.prospect(commune, body, 'Jean Quatrepoint')
  const missing = journal.open({ siret: '73282932000074' }, body)
  await scene.send(surveyor, alone, missing, journal.answer(missing))
  await age(25, alone, missing)
  await forget()
  expect(await left(old)).toBe(0)
  expect(await left(young)).toBe(5)
  expect(await left(linked)).toBe(5)
  expect(await left([alone])).toBe(0)
  expect(await scene.count('survey.contribution', sql`id = ${missing.contribution}::uuid`)).toBe(0)
  expect(await scene.count('survey.entry', sql`payload::text like '%Quatrepoint%'`)).toBe(0)
  // Seen again since, it is kept as long as the last visit.
  const seen = await unknownEnterprise(25, 'Atelier du Lac')
  const again = journal.open({ prospect: seen[0]!.id }, body)
  await scene.send(surveyor, again)
  await forget()
  expect(await scene.count('survey.prospect', sql`id = ${seen[0]!.id}::uuid`)).toBe(1)
  expect(await scene.count('survey.contribution', sql`prospect = ${seen[0]!.id}::uuid`)).toBe(1)
})

test('an enterprise that was created and linked, and never visited, is its own to read and to erase', async () => {
  const created = journal.prospect(commune, body, 'Lucie Quatrepoint')
  await scene.send(surveyor, created)
  await linkProspect(scene.app.db, surveyor, { prospect: created.id, siret })
  const subject = { kind: 'enterprise', id: siret }
  expect(await exportContributions(db(), subject)).toMatchObject({ prospects: [{ name: 'Lucie Quatrepoint' }] })
  await erase(subject)
  expect(await left([created])).toBe(0)
})

/** How many rows of each table of the survey hold a text, with or without spaces. */
async function holding(text: string): Promise<Record<string, number>> {
  const tables = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'survey' and table_type = 'BASE TABLE' order by 1`.execute(db())
  expect(tables.rows.length).toBeGreaterThan(9)
  const found: Record<string, number> = {}
  for (const { name } of tables.rows) {
    const counted = await sql<{ n: number }>`select count(*)::int as n from ${sql.id('survey', name)} t
      where regexp_replace(to_jsonb(t)::text, '[\\s.]', '', 'g') like ${`%${text}%`}`.execute(db())
    if (counted.rows[0]!.n > 0) found[name] = counted.rows[0]!.n
  }
  return found
}

test('an erasure reaches every table of the survey', async () => {
  const ada = person('Ada Zéphirin')
  await join(db(), body, ada)
  const created = journal.prospect(commune, body)
  const seen = journal.open({ prospect: created.id }, body)
  const open = journal.open({ siret }, body)
  await scene.send(ada, open, journal.answer(open), created, seen, journal.answer(seen))
  await linkProspect(scene.app.db, ada, { prospect: created.id, siret })
  const spaced = siret.replace(/(.{3})(.{3})(.{3})/, '$1 $2 $3 ')
  const file = { body, title: 'Adhérents', fileName: 'a.csv' }
  const rows = `SIRET;Nom;${plainItems[1]!.id}\n${spaced};Forge;oui\n`
  const accepted = await readDelivery(scene.app, ada, { ...file, bytes: Buffer.from(rows) })
  await sql`update survey.delivery set state = 'accepting', accepted_by = ${ada.id} where id = ${accepted}::uuid`.execute(
    db(),
  )
  await carryOutAcceptance(scene.app, accepted)
  // Nothing says that the column is one of numbers: the row is found to be no enterprise.
  const other = `Code;Nom;Ville;${plainItems[1]!.id}\nx;Forge;Montauban;oui\n${spaced};Forge;Montauban;oui\n`
  await readDelivery(scene.app, ada, { ...file, bytes: Buffer.from(other) })
  const collected = `KEY,end,siret,${plainItems[2]!.id}\nuuid:1,2026-11-20T10:00:00Z,${spaced},yes`
  await readCollection(scene.app, ada, { body, fileName: 'b.csv', bytes: Buffer.from(collected) })
  const meeting = await planMeeting(scene.app.db, ada, {
    body,
    kind: 'meeting',
    title: 'Essai',
    day: '2030-01-01',
    from: '10:00',
    lastDay: '',
    until: '',
    place: 'Ici',
    agenda: '',
  })
  await joinMeeting(scene.app.db, ada, meeting)
  await addAttendee(scene.app.db, ada, meeting, { name: 'Lise', organisation: siret, present: true })
  expect(Object.keys(await holding(siret))).toEqual([
    'attendance',
    'collection',
    'contribution',
    'delivery_row',
    'entry',
    'prospect',
  ])
  await erase({ kind: 'enterprise', id: siret })
  expect(await holding(siret)).toEqual({})

  const again = journal.open({ siret: scene.units[0]!.siret }, body)
  const last = journal.prospect(commune, body)
  await scene.send(ada, again, journal.answer(again), last)
  await linkProspect(scene.app.db, ada, { prospect: last.id, siret: scene.units[0]!.siret })
  await readCollection(scene.app, ada, { body, fileName: 'b.csv', bytes: Buffer.from(collected) })
  expect(Object.keys(await holding(ada.id))).toEqual([
    'attendance',
    'collection',
    'contribution',
    'delivery',
    'entry',
    'meeting',
    'prospect',
  ])
  await erase({ kind: 'person', id: ada.id })
  expect(await holding(ada.id)).toEqual({})
})
