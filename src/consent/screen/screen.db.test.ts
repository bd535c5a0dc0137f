import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, sql, type App, type Capability } from '#platform'
import { runCommand } from '../../platform/testing/command-line.ts'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { declareRecord, giveConsent } from '../commands.ts'
import { eraseOwnData } from '../erasure/commands.ts'
import { agreement, personOf, surveyorOf } from '../testing.ts'
import { collectPersonalData, countPersonalData } from './personal.ts'
import { getAgreementScreen, listOwnConsents } from './queries.ts'

/** Tells what a record says, as a capability with content does. */
const teller: Capability = {
  name: 'teller',
  describe: async (_db, { kind, id }) => (kind === 'statement' ? { title: `Dit ${id}`, text: 'Mon secret' } : null),
}

let testApp: TestApp
let app: App
beforeAll(async () => {
  testApp = await createTestApp()
  app = { ...testApp.app, capabilities: [...testApp.app.capabilities, teller] }
})
afterAll(() => testApp.close())

const anna = personOf('anna')
const siret = '73282932000074'

test('the holder reads what it is about; who collected it, once it is open to his body', async () => {
  const { body, surveyor } = await surveyorOf(app.db)
  const { surveyor: colleague } = await surveyorOf(app.db)
  const { surveyor: stranger } = await surveyorOf(app.db)
  await sql`update accounts.membership set body = ${body} where person = ${colleague.id}`.execute(app.db.kysely)
  const record = { kind: 'statement', id: newId() }
  const holder = { kind: 'person', id: 'anna' }
  await declareRecord(app.db, surveyor, { ...record, asked: 'partners', body, holder })
  const screen = (actor: typeof anna) => getAgreementScreen(app, actor, record, 'fr', false)
  expect(await screen(anna)).toMatchObject({ own: true, content: { text: 'Mon secret' }, text: { topic: 'know-how' } })
  expect((await screen(anna)).audiences).toEqual(['partners', 'body', 'secret'])
  expect(await screen(surveyor)).toMatchObject({ own: false, content: { text: 'Mon secret' } })
  expect((await screen(colleague)).content).toBeNull()
  await expect(screen(stranger)).rejects.toMatchObject({ status: 403 })
  await expect(getAgreementScreen(app, anna, { kind: 'statement', id: 'x' }, 'fr', false)).rejects.toMatchObject({
    status: 404,
  })
  expect((await getAgreementScreen(app, anna, record, 'en', true)).text).toMatchObject({ topic: 'minor', lang: 'en' })
})

test('a person finds his agreements and those of his enterprises, what waits first, and takes all away', async () => {
  const holder = { kind: 'enterprise', id: siret }
  await sql`insert into accounts.enterprise_holder (person, siret) values ('boris', ${siret})`.execute(app.db.kysely)
  const boris = personOf('boris')
  const [first, second] = [newId(), newId()]
  await declareRecord(app.db, boris, { kind: 'statement', id: first, asked: 'public', body: null, holder })
  await declareRecord(app.db, boris, { kind: 'media', id: second, asked: 'public', body: null, holder })
  await giveConsent(app.db, boris, { kind: 'media', id: second, ...agreement })
  const consents = await listOwnConsents(app, boris)
  expect(consents.map(({ id, status, title }) => [id, status, title])).toEqual([
    [first, 'none', `Dit ${first}`],
    [second, 'given', null],
  ])
  const data = await collectPersonalData(app, boris)
  expect(data.subjects.map(({ subject }) => subject.id)).toEqual(['boris', siret])
  expect(JSON.stringify(data)).toContain('know-how-1')
  expect(countPersonalData(data)).toContainEqual({ category: 'consents', count: 2 })
  expect(await listOwnConsents(app, personOf('carole'))).toEqual([])
  await expect(listOwnConsents(app, null)).rejects.toMatchObject({ status: 401 })

  const all = { confirmation: 'EFFACER', enterprises: true }
  await expect(eraseOwnData(app, boris, { ...all, confirmation: 'oui' })).rejects.toMatchObject({ status: 400 })
  await eraseOwnData(app, boris, all)
  const left = await sql`select id from consent.record where holder_id = ${siret}`.execute(app.db.kysely)
  expect(left.rows).toEqual([])
})

test('the only administrator cannot erase himself; one of two can', async () => {
  const all = { confirmation: 'EFFACER', enterprises: false }
  const add = (id: string) =>
    sql`insert into accounts.person (id, name, email, administrator)
    values (${id}, ${id}, ${`${id}@example.org`}, true)`.execute(app.db.kysely)
  await add('chef')
  await expect(eraseOwnData(app, personOf('chef'), all)).rejects.toMatchObject({ code: 'consent.last_administrator' })
  await add('adjoint')
  await eraseOwnData(app, personOf('chef'), all)
  const left = await sql<{ id: string }>`select id from accounts.person where administrator`.execute(app.db.kysely)
  expect(left.rows).toEqual([{ id: 'adjoint' }])
})

test('the command line counts, then erases', async () => {
  const record = newId()
  const holder = { kind: 'person', id: 'dora' }
  await declareRecord(app.db, 'operator', { kind: 'statement', id: record, asked: 'body', body: null, holder })
  await app.db.close()
  const run = (...argv: string[]) => runCommand(app.config, argv)
  const counted = await run('erase', 'person', 'dora', '--reason', 'request', '--dry-run')
  expect(counted.out).toContain('consent.event : 1 ligne(s)')
  expect(counted.out).toContain('Rien n’est changé.')
  expect((await run('erase', 'person', 'dora')).code).toBe(2)
  expect((await run('erase', 'planet', 'x', '--reason', 'law')).code).toBe(2)
  expect((await run('erase', 'person', 'dora', '--reason', 'request')).out).toContain('Effacement fait')
  expect((await run('erase', 'person', 'dora', '--reason', 'request', '--dry-run')).out).toContain('Accords : 0')
  await testApp.reopen()
})
