import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { loadDemonstration, sql, type User } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { practicesDataset } from './dataset.ts'
import { everyPractice } from './query.ts'
import { listStrengths } from './strengths.ts'
import { tellPage, tellStrengths, type Telling } from './tell.ts'
import { bodyOf, holderOf, listUntold } from './testing.ts'

let own: TestApp
let sirets: string[]
let siret: string
let holder: User
beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  await own.app.events.start(own.app)
  sirets = await listUntold(own.app, 20)
})
afterAll(async () => {
  await own.app.events.stop()
  await own.close()
})
beforeEach(async () => {
  siret = sirets.pop()!
  holder = await holderOf(own.app, siret)
})

const telling = (changes: Partial<Telling> = {}): Telling => ({
  voice: 'own',
  points: ['local-events', 'keeps-learning'],
  comment: 'Depuis toujours.',
  consent: false,
  textVersion: 'know-how-1',
  visit: randomUUID(),
  at: new Date().toISOString(),
  ...changes,
})
const tell = async (actor: User, one: Telling) => {
  const to = await tellStrengths(own.app, actor, 'fr', siret, one)
  await own.app.events.settle()
  return to
}
const countPublic = () => practicesDataset(own.app.db).count({ ...everyPractice(), siret })
const countSaid = async () => {
  const found = await sql<{
    n: number
  }>`select count(*)::int as n from statements.statement where subject_id = ${siret}`.execute(own.app.db.kysely)
  return found.rows[0]!.n
}

test('the artisan’s word is his own until he agrees, then everybody’s', async () => {
  expect(await tell(holder, telling())).toBe('own')
  expect([await countPublic(), await countSaid()]).toEqual([0, 2])
  // At once, before any handler of events.
  expect(await tellStrengths(own.app, holder, 'fr', siret, telling({ consent: true }))).toBe('public')
  expect(await countPublic()).toBe(2)
  await own.app.events.settle()
  expect(await countPublic()).toBe(2)
  const { strengths } = await listStrengths(own.app.db, siret, 'fr')
  expect(strengths).toMatchObject([{ pillar: 'social' }])
  expect(strengths[0]!.items).toMatchObject([{ who: 'l’artisan' }, { who: 'l’artisan' }])
})

test('a form that is sent twice is taken once', async () => {
  const form = telling({ consent: true })
  await Promise.all([tell(holder, form), tell(holder, form)])
  expect(await tell(holder, form)).toBe('public')
  expect(await countSaid()).toBe(2)
  const kept = await sql<{
    n: number
  }>`select count(*)::int as n from survey.contribution where siret = ${siret}`.execute(own.app.db.kysely)
  expect(kept.rows[0]!.n).toBe(1)
})

test('a body tells what its clause opens; the rest is refused by name, and sent again changes nothing', async () => {
  const { body, surveyor } = await bodyOf(own.app, 'Chambre d’essai', ['environment'])
  const { voices } = await tellPage(own.app, surveyor, 'fr', siret)
  expect(voices).toEqual([{ body, name: 'Chambre d’essai' }])
  const form = telling({ voice: body, points: ['energy-saving', 'local-events'] })
  for (const time of ['sent', 'sent again']) {
    const refused = expect(tell(surveyor, form)).rejects
    await refused.toMatchObject({
      status: 403,
      message: expect.stringContaining('Participe à la vie locale') as string,
    })
    expect(await countSaid(), time).toBe(1)
  }
  expect(await tell(surveyor, { ...form, points: ['energy-saving'] })).toBe('body')
  expect([await countPublic(), await countSaid()]).toEqual([0, 1])
})

test('who has no right has no voice, and says nothing in the name of others', async () => {
  const { body, surveyor } = await bodyOf(own.app, 'Pays d’essai')
  expect((await tellPage(own.app, null, 'fr', siret)).voices).toEqual([])
  expect((await tellPage(own.app, holder, 'fr', siret)).voices).toEqual([{ body: null, name: null }])
  await expect(tell(surveyor, telling())).rejects.toMatchObject({ status: 403 })
  await expect(tell(holder, telling({ voice: body }))).rejects.toMatchObject({ status: 403 })
  expect(await countSaid()).toBe(0)
})

test('what is wrong in the form is said by field', async () => {
  const wrong = async (changes: Partial<Telling>) => {
    const error: unknown = await tell(holder, telling(changes)).catch((thrown: unknown) => thrown)
    return (error as { fields: { field: string }[] }).fields.map(({ field }) => field)
  }
  expect(await wrong({ points: [] })).toEqual(['points'])
  expect(await wrong({ points: ['energy-use'] }), 'not a strong point').toEqual(['points'])
  expect(await wrong({ voice: '', comment: 'x'.repeat(1001) })).toEqual(['voice', 'comment'])
  expect(await wrong({ at: '2020-01-01T00:00:00.000Z' }), 'dated of long ago').toEqual(['points'])
  expect(await wrong({ at: 'yesterday', visit: 'x' })).toEqual(['points'])
})
