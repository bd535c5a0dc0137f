import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sql } from '#platform'
import { linkProspect } from './commands.ts'
import { createBody, createScene, join, person, plainItems, yes, type Journal, type Scene } from './testing.ts'

let scene: Scene
let siret: string
let commune: string
let journal: Journal

const db = () => scene.app.db.kysely

beforeAll(async () => {
  scene = await createScene()
})
afterAll(() => scene.close())
beforeEach(async () => {
  ;({ siret, commune, journal } = await scene.next())
})

test('what is said of an unknown enterprise counts once it is known, once, by the right of the day', async () => {
  const place = await createBody(db(), 'Syndicat', [{ territory: commune }])
  const agent = person('Zoé')
  await join(db(), place.id, agent)
  const prospect = journal.prospect(commune, place.id)
  const open = journal.open({ prospect: prospect.id }, place.id)
  const [kept, gone] = [journal.answer(open), journal.answer(open, plainItems[1]!.id)]
  expect(await scene.outcomes(agent, open)).toEqual(['later'])
  const all = [prospect, open, kept, gone, journal.retract(gone), journal.consent(open)]
  expect(await scene.outcomes(agent, ...all)).toEqual(['taken', 'held', 'held', 'held', 'held', 'held'])
  expect(await scene.send(agent, kept)).toMatchObject([{ outcome: 'known', code: 'held' }])
  await expect(linkProspect(scene.app.db, person(), { prospect: prospect.id, siret })).rejects.toMatchObject({
    status: 403,
  })
  await expect(
    linkProspect(scene.app.db, agent, { prospect: prospect.id, siret: '00000000000000' }),
  ).rejects.toMatchObject({ status: 404 })
  const links = await Promise.all([1, 2].map(() => linkProspect(scene.app.db, agent, { prospect: prospect.id, siret })))
  expect(links.map(({ counted }) => counted).sort()).toEqual([0, 5])
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ value: yes, sides: [{ bodies: [place.id], support: 1 }] })
  expect(await scene.agreed(plainItems[1]!.id)).toBeUndefined()
  const elsewhere = scene.units.find((one) => one.siret !== siret)!
  await expect(
    linkProspect(scene.app.db, agent, { prospect: prospect.id, siret: elsewhere.siret }),
  ).rejects.toMatchObject({ status: 403 })
})

test('answers about a SIRET that the register lacks wait for it, and outlive the end of the convention', async () => {
  const { id: office, convention } = await createBody(db(), 'Agence')
  const agent = person('Léa')
  await join(db(), office, agent)
  const removed = await sql<{
    row: object
  }>`select to_jsonb(e) as row from registry.establishment e where siret = ${siret}`.execute(db())
  await sql`delete from registry.establishment where siret = ${siret}`.execute(db())
  const open = journal.open({ siret }, office)
  expect(await scene.outcomes(agent, open, journal.answer(open))).toEqual(['held', 'held'])
  // Later than what was received, in milliseconds.
  await sql`update accounts.convention set ended_at = now() + interval '2 milliseconds', end_reason = 'Fin' where id = ${convention}`.execute(
    db(),
  )
  await sql`insert into registry.establishment overriding system value
    select * from jsonb_populate_record(null::registry.establishment, ${JSON.stringify(removed.rows[0]!.row)}::jsonb)`.execute(
    db(),
  )
  await sql`insert into platform.outbox (kind, payload) values ('registry.imported', '{}')`.execute(db())
  await scene.settle()
  const said = await sql<{
    body: string
    clause: string | null
  }>`select body, clause from statements.statement where subject_id = ${siret}`.execute(db())
  expect(said.rows).toEqual([{ body: office, clause: expect.any(String) as string }])
  expect(await scene.count('survey.entry', sql`contribution = ${open.contribution} and state = 'held'`)).toBe(0)
})
