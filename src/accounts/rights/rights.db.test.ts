import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, sql, transaction, type User } from '#platform'
import {
  audit,
  filterAllowed,
  getStanding,
  listAuditOf,
  pageAudit,
  requireRight,
  type ProtectedRecord,
} from '#accounts'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'

let running: TestApp
const [body, convention, clause] = [newId(), newId(), newId()]
const agent: User = { id: newId(), name: 'A', email: 'a@example.org', kind: 'person', administrator: false }
const record: ProtectedRecord = {
  item: 'energy',
  pillar: 'environment',
  subject: { kind: 'enterprise', id: '73282932000074' },
  commune: '82121',
  metier: 'ferronnier',
  disclosure: 'partners',
  body: null,
  author: null,
}

beforeAll(async () => {
  running = await createTestApp()
  const db = running.app.db.kysely
  await sql`insert into accounts.body (id, kind, name, email) values (${body}, 'chamber', 'Chambre d’essai', 'contact@chambre.example')`.execute(
    db,
  )
  await sql`insert into accounts.membership (id, body, person, role, starts_at, created_by)
    values (${newId()}, ${body}, ${agent.id}, 'surveyor', now() - interval '1 day', 'operator')`.execute(db)
  await sql`insert into accounts.convention (id, body, title, starts_at, ends_at)
    values (${convention}, ${body}, 'Essai', now() - interval '1 day', now() + interval '1 day')`.execute(db)
  await sql`insert into accounts.clause (id, convention, action, pillars, territory, purpose)
    values (${clause}, ${convention}, 'read', array['environment'], '82', 'survey')`.execute(db)
})
afterAll(() => running.close())

const read = (changes: Partial<ProtectedRecord> = {}) =>
  requireRight(running.app.db, agent, 'read', { ...record, ...changes }, { purpose: 'survey' })

test('the life of a convention opens and closes the same act', async () => {
  const db = running.app.db.kysely
  await expect(read()).rejects.toMatchObject({ code: 'right.not_signed', status: 403 })
  await sql`update accounts.convention set signed_at = now(), file = 'conventions/x.pdf'`.execute(db)
  expect(await read()).toEqual({ allowed: true, by: 'clause', body, convention, clause, purpose: 'survey' })
  await expect(read({ commune: '31555' })).rejects.toMatchObject({ code: 'right.territory' })
  await expect(read({ pillar: 'social' })).rejects.toMatchObject({ code: 'right.item' })
  await sql`update accounts.convention set ended_at = now(), end_reason = 'Fin'`.execute(db)
  await expect(read()).rejects.toMatchObject({
    code: 'right.ended',
    message: expect.stringMatching(/Chambre d’essai.*a pris fin le .*contact@chambre\.example/s) as string,
  })
  await sql`update accounts.convention set ended_at = null, end_reason = null`.execute(db)
})

test('a guest and nobody are asked to sign in', async () => {
  const guest: User = { ...agent, kind: 'guest', email: null }
  await expect(requireRight(running.app.db, guest, 'read', record)).rejects.toMatchObject({ status: 401 })
  await expect(requireRight(running.app.db, null, 'read', record)).rejects.toMatchObject({ status: 401 })
  expect(await requireRight(running.app.db, null, 'read', { ...record, disclosure: 'public' })).toEqual({
    allowed: true,
    by: 'public',
  })
})

test('rows are filtered by one standing, in a transaction too', async () => {
  const rows = await transaction(running.app.db, async (trx) => {
    const standing = await getStanding(trx, agent)
    return filterAllowed(standing, 'read', ['82121', '31555', '82112'], (commune) => ({ ...record, commune }))
  })
  expect(rows).toEqual(['82121', '82112'])
})

test('the audit keeps ids, tells the body and never the agent, and is only ever added to', async () => {
  const { db } = running.app
  const grant = await read()
  await transaction(db, (trx) =>
    audit(trx, { actor: agent, grant, action: 'read', subject: record.subject, item: record.item }),
  )
  const lines = await listAuditOf(db, record.subject)
  expect(lines).toMatchObject([{ action: 'read', item: 'energy', body: 'Chambre d’essai', purpose: 'survey' }])
  expect(JSON.stringify(lines)).not.toContain(agent.id)
  for (const change of [
    sql`update accounts.audit set item = 'x'`,
    sql`delete from accounts.audit`,
    sql`truncate accounts.audit`,
  ])
    await expect(change.execute(db.kysely)).rejects.toThrow('only ever added to')
})

test('a signed convention keeps its clauses', async () => {
  const { kysely } = running.app.db
  await expect(sql`update accounts.clause set territory = null`.execute(kysely)).rejects.toThrow('keeps its clauses')
  await expect(sql`delete from accounts.clause`.execute(kysely)).rejects.toThrow('keeps its clauses')
})

test('the journal is read by pages that neither repeat nor skip a line, and by body', async () => {
  const { db } = running.app
  const grant = await read()
  await transaction(db, async (trx) => {
    for (let n = 0; n < 60; n++) await audit(trx, { actor: agent, grant, action: 'read', subject: record.subject })
  })
  const ids: string[] = []
  let before: string | null = null
  do {
    const page: { lines: { id: string }[]; next: string | null } = await pageAudit(db, { body, before })
    ids.push(...page.lines.map(({ id }) => id))
    before = page.next
  } while (before !== null)
  expect(ids).toHaveLength(61)
  expect(new Set(ids).size).toBe(61)
  expect(ids).toEqual(ids.toSorted().reverse())
  expect((await pageAudit(db, { body: newId(), before: null })).lines).toEqual([])
})
