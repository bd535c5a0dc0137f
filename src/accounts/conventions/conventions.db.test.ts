import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, sql, transaction, type User } from '#platform'
import {
  accounts,
  addClause,
  changeConvention,
  claimEnterprise,
  createEnterpriseCode,
  createGuestLink,
  endConvention,
  endMembership,
  ensurePerson,
  enterAsGuest,
  extendConvention,
  findGuest,
  findInvitation,
  getConvention,
  getStanding,
  guestSubject,
  holdsEnterprise,
  inviteMember,
  listConventionEvents,
  listMembers,
  listMyRights,
  removeClause,
  requireRight,
  saveBody,
  writeConvention,
  type ProtectedRecord,
} from '#accounts'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { signConvention } from './commands.ts'

let running: TestApp
let body: string
let agent: User
let manager: User
const administrator: User = { id: newId(), name: 'Admin', email: null, kind: 'person', administrator: true }
const stranger: User = { ...administrator, id: newId(), name: 'Nul', administrator: false }
const siret = '73282932000074'
const record: ProtectedRecord = {
  item: 'energie',
  pillar: 'environment',
  subject: { kind: 'enterprise', id: siret },
  commune: '82121',
  metier: null,
  disclosure: 'partners',
  body: null,
  author: null,
}
const clause = {
  action: 'read',
  scope: 'some',
  pillars: ['environment'],
  items: [],
  territory: '82',
  purpose: 'survey',
}
const db = () => running.app.db
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const person = async (email: string, name: string): Promise<User> => ({
  id: await ensurePerson(db().kysely, 'operator', { email, name }),
  name,
  email,
  kind: 'person',
  administrator: false,
})
const write = (replaces: string | null = null) =>
  writeConvention(db(), administrator, {
    body,
    replaces,
    title: 'Enquête',
    startsOn: dayIn(-2),
    endsOn: dayIn(30),
  })
const invitation = (email: string, role: string) => ({
  body,
  email,
  name: email.split('@')[0]!,
  role,
  metiers: [],
  until: '',
})

beforeAll(async () => {
  running = await createTestApp()
  body = await saveBody(db(), administrator, null, {
    name: 'Chambre d’essai',
    kind: 'chamber',
    territory: '82',
    email: 'contact@chambre.example',
  })
  await inviteMember(running.app, administrator, invitation('resp@chambre.example', 'manager'))
  manager = await person('resp@chambre.example', 'resp')
  await inviteMember(running.app, manager, invitation('agent@chambre.example', 'surveyor'))
  agent = await person('agent@chambre.example', 'agent')
})
afterAll(() => running.close())

test('an invitation is mailed with a link, once for a role', async () => {
  const mails = await sql<{ body: string }>`
    select body from platform.mail where recipient = 'agent@chambre.example'`.execute(db().kysely)
  expect(mails.rows).toHaveLength(1)
  expect(mails.rows[0]!.body).toMatch(/resp vous invite.*Chambre d’essai.*\/connexion\?jeton=/s)
  await expect(
    inviteMember(running.app, manager, invitation('agent@chambre.example', 'surveyor')),
  ).rejects.toMatchObject({ code: 'body.already_member' })
  expect((await listMembers(db(), body)).map(({ name, role }) => [name, role])).toEqual([
    ['agent', 'surveyor'],
    ['resp', 'manager'],
  ])
})

test('a mail of the platform greets by a name, and carries no message of the one who invites', async () => {
  const to = { ...invitation('agent@chambre.example', 'reader') }
  for (const name of ['x'.repeat(101), 'Ana,\n\nVotre compte est bloqué : https://ailleurs.example'])
    await expect(inviteMember(running.app, manager, { ...to, name })).rejects.toMatchObject({ status: 400 })
})

test('only the administrator and the manager change a body', async () => {
  await expect(inviteMember(running.app, stranger, invitation('x@y.example', 'reader'))).rejects.toMatchObject({
    code: 'body.not_manager',
  })
  await expect(inviteMember(running.app, agent, invitation('x@y.example', 'reader'))).rejects.toMatchObject({
    status: 403,
  })
  const input = { name: 'chambre d’essai', kind: 'chamber', territory: '', email: '' }
  await expect(saveBody(db(), manager, body, input)).rejects.toMatchObject({ status: 403 })
  await expect(saveBody(db(), administrator, null, input)).rejects.toMatchObject({ code: 'body.name_taken' })
  await expect(saveBody(db(), administrator, null, { ...input, name: 'B', territory: '999999' })).rejects.toMatchObject(
    { fields: [{ field: 'territory' }] },
  )
})

test('a convention is written, signed, extended, ended and replaced; a signed one keeps its clauses', async () => {
  const id = await write()
  await expect(signConvention(db(), administrator, id, 'conventions/a.pdf')).rejects.toMatchObject({
    code: 'convention.no_clause',
  })
  await expect(addClause(db(), administrator, id, { ...clause, pillars: [] })).rejects.toMatchObject({
    fields: [{ field: 'scope' }],
  })
  await expect(addClause(db(), manager, id, clause)).rejects.toMatchObject({ status: 403 })
  await addClause(db(), administrator, id, clause)
  await addClause(db(), administrator, id, { ...clause, action: 'export', scope: 'all' })
  const drafted = await getConvention(db(), id)
  expect(drafted.clauses[0]).toMatchObject({ territoryName: 'Tarn-et-Garonne', items: null })
  await removeClause(db(), administrator, { convention: id, clause: drafted.clauses[1]!.id })
  await expect(requireRight(db(), agent, 'read', record)).rejects.toMatchObject({ code: 'right.not_signed' })

  await signConvention(db(), administrator, id, 'conventions/a.pdf')
  expect(await requireRight(db(), agent, 'read', record)).toMatchObject({ by: 'clause', convention: id })
  await expect(addClause(db(), administrator, id, clause)).rejects.toMatchObject({ code: 'convention.signed' })
  await expect(
    changeConvention(db(), administrator, id, { title: 'X', startsOn: dayIn(0), endsOn: dayIn(900) }),
  ).rejects.toMatchObject({ code: 'convention.signed' })
  await expect(extendConvention(db(), administrator, id, dayIn(20))).rejects.toMatchObject({
    fields: [{ field: 'until' }],
  })
  await extendConvention(db(), administrator, id, dayIn(60))

  const next = await write(id)
  expect((await getConvention(db(), next)).clauses).toMatchObject([{ action: 'read', territory: '82' }])
  await signConvention(db(), administrator, next, 'conventions/b.pdf')
  const replaced = await getConvention(db(), id)
  expect(replaced).toMatchObject({ replacedBy: next, endReason: 'Remplacée par la convention « Enquête »' })
  expect((await listConventionEvents(db(), id)).map(({ kind }) => kind)).toEqual([
    'written',
    'signed',
    'extended',
    'ended',
  ])
  expect(await requireRight(db(), agent, 'read', record)).toMatchObject({ convention: next })

  await endConvention(db(), administrator, next, 'Fin de l’enquête')
  await expect(requireRight(db(), agent, 'read', record)).rejects.toMatchObject({ code: 'right.ended' })
  await expect(extendConvention(db(), administrator, next, dayIn(90))).rejects.toMatchObject({
    code: 'convention.ended',
  })
  const [rights] = await listMyRights(db(), agent)
  expect(rights!.conventions.map(({ state, endReason }) => [state, endReason])).toContainEqual([
    'ended_early',
    'Fin de l’enquête',
  ])
})

test('an ended membership opens nothing more', async () => {
  const id = await write()
  await addClause(db(), administrator, id, clause)
  await signConvention(db(), administrator, id, 'conventions/c.pdf')
  await requireRight(db(), agent, 'read', record)
  const member = (await listMembers(db(), body)).find(({ person: one }) => one === agent.id)
  await expect(endMembership(db(), stranger, { body, membership: member!.id })).rejects.toMatchObject({ status: 403 })
  await endMembership(db(), manager, { body, membership: member!.id })
  await expect(requireRight(db(), agent, 'read', record)).rejects.toMatchObject({ code: 'right.left' })
})

test('a code gives an enterprise once, after few tries', async () => {
  const artisan = await person('artisan@example.org', 'Artisan')
  const input = { siret, commune: '82121', body, email: 'artisan@example.org', name: 'Artisan' }
  await expect(createEnterpriseCode(running.app, agent, input)).rejects.toMatchObject({ status: 403 })
  await expect(createEnterpriseCode(running.app, manager, { ...input, siret: '1' })).rejects.toMatchObject({
    fields: [{ field: 'siret' }],
  })
  const code = await createEnterpriseCode(running.app, manager, input)
  const kept = await sql<{ hash: string }>`select hash from accounts.enterprise_code`.execute(db().kysely)
  expect(kept.rows.map(({ hash }) => hash)).not.toContain(code)
  await expect(claimEnterprise(running.app, artisan, 'AAAA-BBBB-CCCC')).rejects.toMatchObject({
    code: 'enterprise.code_unknown',
  })
  expect(await claimEnterprise(running.app, artisan, code.toLowerCase())).toBe(siret)
  expect(await holdsEnterprise(db(), artisan, siret)).toBe(true)
  expect(await requireRight(db(), artisan, 'read', { ...record, disclosure: 'secret' })).toMatchObject({
    by: 'subject',
  })
  await expect(claimEnterprise(running.app, artisan, code)).rejects.toMatchObject({ code: 'enterprise.code_unknown' })
  for (let n = 0; n < 2; n++) await claimEnterprise(running.app, artisan, 'x').catch(() => undefined)
  const again = await createEnterpriseCode(running.app, administrator, { ...input, body: '', email: '' })
  await expect(claimEnterprise(running.app, artisan, again)).rejects.toMatchObject({ status: 429 })
})

test('a manager hands over codes where a convention holds, and never to himself', async () => {
  const input = { siret, commune: '82121', body, email: '', name: '' }
  await expect(createEnterpriseCode(running.app, manager, { ...input, commune: '75056' })).rejects.toMatchObject({
    code: 'enterprise.not_bound',
  })
  const other = await saveBody(db(), administrator, null, { name: 'Sans', kind: 'other', territory: '', email: '' })
  await inviteMember(running.app, administrator, { ...invitation('resp@chambre.example', 'manager'), body: other })
  await expect(createEnterpriseCode(running.app, manager, { ...input, body: other })).rejects.toMatchObject({
    status: 403,
  })
  const code = await createEnterpriseCode(running.app, manager, input)
  await expect(claimEnterprise(running.app, manager, code)).rejects.toMatchObject({ code: 'enterprise.code_unknown' })
  expect(await holdsEnterprise(db(), manager, siret)).toBe(false)

  const partner = await person('associe@example.org', 'Associée')
  expect(await claimEnterprise(running.app, partner, code)).toBe(siret)
  const told = await sql<{ recipient: string }>`
    select recipient from platform.mail where subject = 'Une autre personne est liée à votre entreprise'`.execute(
    db().kysely,
  )
  expect(told.rows).toEqual([{ recipient: 'artisan@example.org' }])
})

test('a guest comes for one thing, until its link ends', async () => {
  const subject = { kind: 'workshop', id: newId() }
  const link = {
    subject,
    label: 'Atelier',
    path: '/ateliers/essai',
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  }
  await expect(createGuestLink(db(), stranger, link)).rejects.toMatchObject({ code: 'right.no_body' })
  await expect(createGuestLink(db(), administrator, { ...link, path: '//ailleurs' })).rejects.toMatchObject({
    status: 400,
  })
  const { token } = await createGuestLink(db(), administrator, link)
  await expect(enterAsGuest(db(), null, { token, name: 'Léa', age: '' })).rejects.toMatchObject({
    fields: [{ field: 'age' }],
  })
  const { cookie, path } = await enterAsGuest(db(), null, { token, name: 'Léa', age: 'minor' })
  expect(path).toBe('/ateliers/essai')
  const guest = await findGuest(running.app, { cookie: `guest=${cookie}` })
  expect(guest).toMatchObject({ name: 'Léa', kind: 'guest', administrator: false })
  expect(await guestSubject(db(), guest)).toEqual({ subject, ageClass: 'minor' })
  expect((await getStanding(db(), guest)).person).toBeNull()
  await expect(
    saveBody(db(), guest, null, { name: 'X', kind: 'other', territory: '', email: '' }),
  ).rejects.toMatchObject({ status: 401 })
  await sql`update accounts.guest_link set expires_at = now()`.execute(db().kysely)
  expect(await findGuest(running.app, { cookie: `guest=${cookie}` })).toBeNull()
  expect(await findInvitation(db(), token)).toBeNull()
})

test('an erased person keeps no body, enterprise or code; the journal keeps ids', async () => {
  const before = await sql<{ count: number }>`select count(*)::int as count from accounts.audit`.execute(db().kysely)
  const erased = await transaction(db(), (trx) => accounts.erase!(trx, { kind: 'person', id: manager.id }))
  expect(erased.tables).toEqual(expect.arrayContaining(['accounts.membership', 'accounts.enterprise_holder']))
  const left = await sql<{
    count: number
  }>`select ((select count(*) from accounts.membership where person = ${manager.id})
    + (select count(*) from accounts.enterprise_code where created_by = ${manager.id}))::int as count`.execute(
    db().kysely,
  )
  expect(left.rows[0]!.count).toBe(0)
  const after = await sql<{ count: number }>`select count(*)::int as count from accounts.audit`.execute(db().kysely)
  expect(after.rows).toEqual(before.rows)
})
