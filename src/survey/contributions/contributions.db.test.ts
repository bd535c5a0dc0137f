import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql, type User } from '#platform'
import { latestGuide } from '../guide/guides.ts'
import type { Entry } from '../model.ts'
import { createBody, createScene, join, no, person, plainItems, yes, type Journal, type Scene } from './testing.ts'

let scene: Scene
let siret: string
let surveyor: User
let body: string
let journal: Journal

const db = () => scene.app.db.kysely

beforeAll(async () => {
  scene = await createScene()
})
afterAll(() => scene.close())
beforeEach(async () => {
  ;({ siret, surveyor, body, journal } = await scene.next())
})

test('a visit becomes statements of its body, public once the artisan agrees on the screen, and once for all', async () => {
  const open = journal.open({ siret }, body)
  const [first, second] = [journal.answer(open), journal.answer(open, plainItems[1]!.id, no, 'Bientôt')]
  expect(await scene.outcomes(surveyor, open, first, second)).toEqual(['taken', 'taken', 'taken'])
  expect(await scene.agreed()).toBeUndefined()
  expect(await scene.outcomes(surveyor, journal.consent(open))).toEqual(['taken'])
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ state: 'agreed', value: yes, sides: [{ bodies: [body] }] })
  expect(await scene.outcomes(surveyor, open, first, second)).toEqual(['known', 'known', 'known'])
  expect(await scene.count('statements.statement', sql`subject_id = ${siret}`)).toBe(2)
  const said =
    await sql`select said_on::text as "saidOn", comment, method from statements.statement where id = ${second.id}`
  expect((await said.execute(db())).rows).toEqual([
    {
      saidOn: new Date(second.at).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' }),
      comment: 'Bientôt',
      method: 'on_site',
    },
  ])
  const trace =
    await sql`select 1 from accounts.audit where person = ${surveyor.id} and subject_id = ${siret} and clause is not null`
  expect((await trace.execute(db())).rows.length).toBeGreaterThanOrEqual(3)
})

test('an id says one thing, of one author', async () => {
  const open = journal.open({ siret }, body)
  const answer = journal.answer(open)
  await scene.send(surveyor, open, answer)
  const other = person('Bea')
  await join(db(), body, other)
  const changed = { ...answer, comment: 'autre' } as Entry
  for (const [actor, entry] of [
    [surveyor, changed],
    [other, answer],
    [other, open],
  ] as const)
    expect(await scene.send(actor, entry)).toMatchObject([{ outcome: 'refused', code: 'survey.conflict' }])
  expect(await scene.send(other, journal.answer(open))).toMatchObject([
    { outcome: 'refused', code: 'survey.not_yours' },
  ])
  expect(
    await scene.send(surveyor, { ...journal.open({ siret }, body), contribution: open.contribution }),
  ).toMatchObject([{ outcome: 'refused', code: 'survey.conflict' }])
})

test('two surveyors on one question never overwrite each other; the last word of each counts', async () => {
  const townHall = (await createBody(db(), 'Mairie')).id
  const other = person('Bea')
  await join(db(), townHall, other)
  const [mine, theirs] = [journal.open({ siret }, body), journal.open({ siret }, townHall)]
  await scene.send(surveyor, mine, journal.answer(mine, undefined, no), journal.answer(mine), journal.consent(mine))
  await scene.send(other, theirs, journal.answer(theirs, undefined, no), journal.consent(theirs))
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ state: 'tied', value: null, voices: 2 })
})

test('without a right nothing is kept, and the sentence is the one of the accounts', async () => {
  const { id: narrow, convention } = await createBody(db(), 'Office', [{ pillars: ['environment'] }])
  const agent = person()
  await join(db(), narrow, agent)
  const open = journal.open({ siret }, narrow)
  const social = latestGuide().items.find(({ pillar, kind }) => pillar === 'social' && kind === 'answer')!
  const green = latestGuide().items.find(({ pillar, kind }) => pillar === 'environment' && kind === 'answer')!
  const refused = journal.answer(open, social.id)
  expect(await scene.send(agent, open, journal.answer(open, green.id), refused)).toMatchObject([
    { outcome: 'taken' },
    { outcome: 'taken' },
    { outcome: 'refused', code: 'right.item', message: expect.stringContaining('Office') as string },
  ])
  await sql`update accounts.convention set ended_at = now(), end_reason = 'Fin' where id = ${convention}`.execute(db())
  const late = journal.open({ siret }, narrow)
  const after = await scene.send(agent, journal.answer(open, green.id), late, journal.answer(late, green.id))
  for (const result of after)
    expect(result).toMatchObject({
      outcome: 'refused',
      code: 'right.ended',
      message: expect.stringMatching(/a pris fin le/) as string,
    })
  expect(await scene.count('survey.entry', sql`id = any(${[refused.id, late.id]}::uuid[])`)).toBe(0)
  expect(await scene.send(person(), journal.open({ siret }, null))).toMatchObject([
    { outcome: 'refused', code: 'right.no_body' },
  ])
  expect(await scene.send(surveyor, journal.open({ siret }, narrow))).toMatchObject([{ outcome: 'refused' }])
})

test('what comes before what it needs waits on the device, and what is wrong is refused alone', async () => {
  const open = journal.open({ siret }, body)
  const answer = journal.answer(open)
  expect(await scene.outcomes(surveyor, answer, journal.retract(answer), journal.consent(open))).toEqual([
    'later',
    'later',
    'later',
  ])
  expect(await scene.send(surveyor, journal.open({ siret }, body, { guide: 99 }))).toMatchObject([
    {
      outcome: 'later',
      code: 'survey.guide_too_new',
      message: expect.stringContaining('va être mis à jour') as string,
    },
  ])
  expect(await scene.outcomes(surveyor, open, answer)).toEqual(['taken', 'taken'])
  const wrong = [
    journal.answer(open, 'nothing-like-this'),
    journal.answer(open, undefined, { kind: 'text', text: 'Oui' }),
    journal.retract(open),
  ]
  expect(await scene.outcomes(surveyor, ...wrong, journal.answer(open))).toEqual([
    'refused',
    'refused',
    'refused',
    'taken',
  ])
})

test('an answer that is taken back was never said', async () => {
  const open = journal.open({ siret }, body)
  const [first, second] = [journal.answer(open, undefined, no), journal.answer(open)]
  await scene.send(surveyor, open, first, second, journal.consent(open))
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ value: yes })
  expect(await scene.outcomes(surveyor, journal.retract(second), journal.retract(second))).toEqual(['taken', 'taken'])
  expect(await scene.agreed()).toMatchObject({ value: no })
})

test('the clock of a device is put right, and its order kept', async () => {
  journal.clock += 86_400_000
  const open = journal.open({ siret }, body)
  const answer = journal.answer(open)
  await scene.send(surveyor, open, answer)
  const kept = await sql<{ ago: number }>`select extract(epoch from now() - said_at)::float8 as ago from survey.entry
    where contribution = ${open.contribution} order by said_at`.execute(db())
  expect(kept.rows[0]!.ago).toBeGreaterThan(0.9)
  expect(kept.rows[1]!.ago).toBeGreaterThanOrEqual(0)
  expect(kept.rows[0]!.ago).toBeLessThan(10)
  // Its clock goes back by a day before it sends: what it wrote later is not said before.
  const later = journal.answer(open)
  journal.clock += 7_200_000
  await scene.send(surveyor, later)
  const order = await sql<{
    id: string
  }>`select id from survey.entry where contribution = ${open.contribution} order by said_at, id`.execute(db())
  expect(order.rows.at(-1)!.id === later.id || order.rows.length === 3).toBe(true)
  const moments = await sql<{ ok: boolean }>`select (select said_at from survey.entry where id = ${later.id}) >=
    (select said_at from survey.entry where id = ${answer.id}) as ok`.execute(db())
  expect(moments.rows).toEqual([{ ok: true }])
})
