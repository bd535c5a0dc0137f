import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { createServer, loadDemonstration, newId, sql, transaction, type Subject, type User } from '#platform'
import { createTestApp, type TestApp } from '../platform/testing/application.ts'
import { readActs } from './acts.ts'
import { agree } from './agree.ts'
import { contest, dissent, moderate, sayStatement, settle, withdrawStatement } from './commands.ts'
import { eraseStatements } from './erase.ts'
import { statementForm } from './form.ts'
import { listDisagreements, listProposals, moderationPage } from './moderation.ts'
import { exportStatements } from './personal.ts'
import { listAgreed } from './queries.ts'

let own: TestApp
let server: FastifyInstance
let sirets: string[]
let subject: Subject
let artisan: User
let surveyor: User
let body: string
const item = 'opening_hours'

const person = (administrator = false): User => ({
  id: newId(),
  name: 'Ada',
  email: null,
  kind: 'person',
  administrator,
})
const administrator = person(true)

/** A member of a body whose convention lets it speak of the register, or only of an item. */
async function createMember(name: string, actions: readonly string[], items: readonly string[] | null = null) {
  const member = person()
  const [id, convention] = [newId(), newId()]
  const db = own.app.db.kysely
  await sql`insert into accounts.body (id, kind, name) values (${id}, 'chamber', ${name})`.execute(db)
  await sql`insert into accounts.membership (id, body, person, role, created_by)
    values (${newId()}, ${id}, ${member.id}, 'manager', 'test')`.execute(db)
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at)
    values (${convention}, ${id}, 'Essai', now() - interval '1 day', now() + interval '1 year')`.execute(db)
  for (const action of actions)
    await sql`insert into accounts.clause (id, convention, action, items, purpose)
      values (${newId()}, ${convention}, ${action}, ${items && [...items]}::text[], 'atlas')`.execute(db)
  await sql`update accounts.convention set signed_at = now() - interval '1 hour', file = 'conventions/x' where id = ${convention}`.execute(
    db,
  )
  return { member, body: id }
}

beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  await own.app.events.start(own.app)
  server = await createServer({ app: own.app, pages: 'none' })
  const found = await sql<{ siret: string }>`
    select siret from registry.establishment where diffusion = 'full' order by siret limit 60`.execute(
    own.app.db.kysely,
  )
  sirets = found.rows.map((row) => row.siret)
  const chamber = await createMember('Chambre de métiers', ['contribute', 'validate'])
  surveyor = chamber.member
  body = chamber.body
})
afterAll(async () => {
  await server.close()
  await own.app.events.stop()
  await own.close()
})
beforeEach(async () => {
  subject = { kind: 'enterprise', id: sirets.pop()! }
  artisan = person()
  await sql`insert into accounts.enterprise_holder (person, siret) values (${artisan.id}, ${subject.id})`.execute(
    own.app.db.kysely,
  )
})

const say = (actor: User | null, hours: string, more: object = {}) =>
  sayStatement(own.app.db, actor, {
    subject,
    item,
    value: { kind: 'text', text: hours },
    as: actor === artisan || actor === surveyor ? 'right' : 'citizen',
    method: 'on_site',
    ...more,
  })
const agreed = async () => (await listAgreed(own.app.db.kysely, subject))[0] ?? null

test('a body speaks under its clause at once, which the audit keeps; nobody speaks for it without', async () => {
  const { pending } = await say(surveyor, 'Le matin')
  expect(pending).toBe(false)
  expect(await agreed()).toMatchObject({ state: 'agreed', sides: [{ bodies: [body], support: 1 }] })
  const trace = await sql`select 1 from accounts.audit where person = ${surveyor.id} and subject_id = ${subject.id}
    and item = ${item} and clause is not null`.execute(own.app.db.kysely)
  expect(trace.rows).toHaveLength(1)
  await expect(say(person(), 'Le soir', { as: 'right' })).rejects.toMatchObject({ status: 403 })
  await expect(say(null, 'Le soir', { as: 'right' })).rejects.toMatchObject({ status: 401 })
})

test('a disagreement is shown without a value, settled with a reason, contested by the artisan, and settled again', async () => {
  const { id: one } = await say(surveyor, 'Le matin')
  const { id: other } = await say(artisan, 'Le soir')
  expect(await agreed()).toMatchObject({ state: 'tied', value: null, voices: 2 })
  const open = await listDisagreements(own.app.db, administrator)
  expect(open.rows.filter((row) => row.subject.id === subject.id)).toHaveLength(1)
  expect((await listDisagreements(own.app.db, person())).rows).toEqual([])
  const over = [one, other]
  await expect(settle(own.app.db, artisan, { chosen: other, over, reason: 'moi' })).rejects.toMatchObject({
    status: 403,
  })
  await expect(settle(own.app.db, administrator, { chosen: one, over, reason: ' ' })).rejects.toMatchObject({
    status: 400,
  })
  await settle(own.app.db, administrator, { chosen: one, over, reason: 'Vu sur place' })
  expect(await agreed()).toMatchObject({ state: 'settled', value: { text: 'Le matin' } })
  const api = await server.inject(`/api/statements?subject=enterprise:${subject.id}&item=${item}`)
  expect(api.json()).toMatchObject({
    items: [{ settlement: { reason: 'Vu sur place' }, sides: [{}, {}].map(() => expect.any(Object) as object) }],
  })
  const { id: settlement } = (await agreed())!.settlement!
  const form = (who: User) => statementForm(own.app, who, 'fr', subject, null)
  expect((await form(surveyor)).settled).toEqual([{ id: settlement, label: 'Horaires', value: 'Le matin' }])
  expect(await form(artisan)).toMatchObject({ settled: [], as: { kind: 'subject' }, own: [{ id: other }] })
  await dissent(own.app.db, surveyor, { settlement, reason: 'Non' })
  expect(await agreed()).toMatchObject({ state: 'settled', settlement: { dissents: [body] } })
  await expect(dissent(own.app.db, artisan, { settlement, reason: 'Non' })).rejects.toMatchObject({ status: 403 })
  await contest(own.app.db, artisan, { subject, item, reason: 'C’est faux' })
  expect(await agreed()).toMatchObject({ state: 'contested', value: { text: 'Le matin' } })
  await expect(contest(own.app.db, surveyor, { subject, item, reason: 'x' })).rejects.toMatchObject({ status: 403 })
  await settle(own.app.db, administrator, { chosen: other, over, reason: 'L’artisan a raison' })
  expect(await agreed()).toMatchObject({ state: 'settled', value: { text: 'Le soir' } })
  await withdrawStatement(own.app.db, artisan, other)
  expect(await agreed()).toMatchObject({ value: { text: 'Le matin' } })
})

test('what a body keeps to itself is in no public value, list or API, but counts among bodies', async () => {
  await say(surveyor, 'Sur rendez-vous chez la voisine', { asked: 'body' })
  expect(await agreed()).toBeNull()
  const api = await server.inject(`/api/statements?subject=enterprise:${subject.id}`)
  expect(api.json()).toMatchObject({ numberMatched: 0, items: [] })
  await say(artisan, 'Le soir')
  expect(await agreed()).toMatchObject({ state: 'agreed', value: { text: 'Le soir' }, voices: 1 })
  const all = await sql<{ state: string }>`select state from statements.agreed
    where subject_id = ${subject.id} and audience = 'all'`.execute(own.app.db.kysely)
  expect(all.rows).toEqual([{ state: 'tied' }])
  // An administrator moderates what is public alone: this disagreement is not his to see.
  const open = await listDisagreements(own.app.db, administrator)
  expect(open.rows.filter((row) => row.subject.id === subject.id)).toEqual([])
})

test('only its author, or an administrator, withdraws a statement; a proposal is answered once', async () => {
  const { id } = await say(surveyor, 'Le matin')
  await expect(withdrawStatement(own.app.db, artisan, id)).rejects.toMatchObject({ code: 'statements.not_yours' })
  await expect(withdrawStatement(own.app.db, null, id)).rejects.toMatchObject({ status: 401 })
  await withdrawStatement(own.app.db, administrator, id)
  await withdrawStatement(own.app.db, surveyor, id)
  expect(await agreed()).toBeNull()
  const proposed = await say(null, 'Le soir')
  const answer = (actor: User, accepted: boolean, reason = '') =>
    moderate(own.app.db, actor, { statement: proposed.id, accepted, reason })
  await expect(answer(artisan, true)).rejects.toMatchObject({ status: 403 })
  await expect(answer(administrator, false)).rejects.toMatchObject({ status: 400 })
  await answer(administrator, false, 'Ce n’est pas vérifiable')
  await expect(answer(administrator, true)).rejects.toMatchObject({ code: 'statements.decided' })
  expect(await agreed()).toBeNull()
})

test('who may validate nothing has nothing read for him', async () => {
  await say(null, 'Le soir')
  let asked = 0
  const kysely = own.app.db.kysely.withPlugin({
    transformQuery({ node }) {
      asked++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const lists = [listProposals, listDisagreements].map((list) => list({ ...own.app.db, kysely }, person()))
  expect((await Promise.all(lists)).map(({ rows }) => rows)).toEqual([[], []])
  expect(asked).toBe(2)
})

test('an artisan’s copy says what was said of the enterprise, and not by which agent or citizen', async () => {
  await say(surveyor, 'Le matin')
  await say(artisan, 'Le soir')
  const data = await exportStatements(own.app.db.kysely, subject)
  const said = data.statements as { author: string | null; source: { body: string | null } }[]
  expect(said.map(({ author, source }) => [author, source.body])).toEqual([
    [null, body],
    [null, null],
  ])
  const self = await exportStatements(own.app.db.kysely, { kind: 'person', id: artisan.id })
  expect(self.statements).toMatchObject([{ author: artisan.id }])
})

test('proposals come in pages, without a hole or a repetition', async () => {
  const ids: string[] = []
  for (let n = 0; n < moderationPage + 5; n++) ids.push((await say(null, `À ${n} h`)).id)
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listProposals>> = await listProposals(own.app.db, administrator, cursor)
    expect(page.rows.length).toBeLessThanOrEqual(moderationPage)
    seen.push(...page.rows.map(({ statement }) => statement.id))
    cursor = page.next
  } while (cursor)
  expect(seen.filter((id) => ids.includes(id))).toEqual(ids)
  expect(new Set(seen).size).toBe(seen.length)
  expect((await listProposals(own.app.db, artisan)).rows).toEqual([])
})

test('what was said is neither changed nor deleted, but by an erasure, which leaves nothing of it', async () => {
  const { id } = await say(artisan, 'Le soir, demander Odette', { comment: 'Odette' })
  const refused = [
    sql`update statements.statement set comment = 'x' where id = ${id}`,
    sql`delete from statements.statement where id = ${id}`,
  ]
  for (const one of refused) await expect(one.execute(own.app.db.kysely)).rejects.toThrow(/append-only/)
  await settle(own.app.db, administrator, { chosen: id, over: [id], reason: 'Odette l’a dit' })
  await contest(own.app.db, artisan, { subject, item, reason: 'Odette' })
  const erased = await transaction(own.app.db, (trx) => eraseStatements(trx, subject))
  expect(await agreed()).toBeNull()
  for (const table of erased.tables) {
    const left = await sql`select 1 from ${sql.table(table)} t where t::text ilike '%odette%'`.execute(
      own.app.db.kysely,
    )
    expect(left.rows, table).toEqual([])
  }
  await expect(refused[1]!.execute(own.app.db.kysely)).resolves.toBeDefined()
})

test('the erasure of a person takes what was said in that person’s name, and leaves a body’s words without it', async () => {
  const citizen = person()
  const { id } = await say(citizen, 'Le lundi')
  await moderate(own.app.db, administrator, { statement: id, accepted: true, reason: '' })
  const { id: kept } = await say(surveyor, 'Le lundi')
  for (const { id: one } of [citizen, surveyor])
    await transaction(own.app.db, (trx) => eraseStatements(trx, { kind: 'person', id: one }))
  expect(await agreed()).toMatchObject({ sides: [{ citizens: 0, bodies: [body], statements: [kept] }] })
  const left = await sql`select 1 from statements.statement where author in (${citizen.id}, ${surveyor.id})`.execute(
    own.app.db.kysely,
  )
  expect(left.rows).toEqual([])
})

test('voices that speak at once all count, and what is kept is what the rule says', async () => {
  const people = Array.from({ length: 8 }, () => person())
  const said = await Promise.all(people.map((one, n) => say(one, n % 3 ? 'Le matin' : 'Le soir')))
  await Promise.all(
    said.map(({ id }) => moderate(own.app.db, administrator, { statement: id, accepted: true, reason: '' })),
  )
  const acts = await readActs(own.app.db.kysely, subject, item)
  const { version: _, subject: __, item: ___, ...kept } = (await agreed())!
  expect(kept).toEqual(agree(acts.map(({ act }) => act)))
  expect(kept).toMatchObject({ state: 'majority', support: 5, voices: 8 })
})

test('an unknown subject or item is refused', async () => {
  const more = (about: Subject, name: string) => say(null, 'x', { subject: about, item: name })
  await expect(more({ kind: 'enterprise', id: '00000000000000' }, item)).rejects.toMatchObject({ status: 404 })
  await expect(more(subject, 'turnover')).rejects.toMatchObject({ status: 404 })
  expect((await server.inject('/api/statements?subject=person:1')).statusCode).toBe(400)
  expect((await server.inject('/api/statements')).statusCode).toBe(400)
})
