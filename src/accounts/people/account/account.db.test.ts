import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../platform/testing/application.ts'
import { sql, type App, type User } from '#platform'
import { passwordLimits } from '../attempts.ts'
import { signInWithLink, signInWithPassword } from '../commands.ts'
import { erasePerson, exportPerson } from '../erase.ts'
import { createSignInPath } from '../links.ts'
import { findUser } from '../sessions.ts'
import { cookieOf, signIn, tokenOf, visitWith } from '../testing.ts'
import {
  confirmEmail,
  endSession,
  endSessions,
  removePasskey,
  removePassword,
  renamePasskey,
  renamePerson,
  requestEmail,
  setPassword,
} from './commands.ts'
import { getAccount } from './queries.ts'

let running: TestApp
let app: App
beforeAll(async () => {
  running = await createTestApp()
  app = running.app
})
afterAll(() => running.close())

const password = 'quatre chaises et un tour'
let number = 0
let email: string
let user: User
let session: string
let visit: ReturnType<typeof visitWith>

beforeEach(async () => {
  email = `p${++number}@exemple.fr`
  const opened = await signIn(app, email)
  ;({ session, visit } = opened)
  user = (await userOf(session))!
})

const userOf = (cookie: string) => findUser(app, { cookie: cookieOf(cookie) })
const lastMail = async (address: string) =>
  (
    await sql<{ subject: string; body: string }>`
      select subject, body from platform.mail where recipient = ${address} order by id desc limit 1`.execute(
      app.db.kysely,
    )
  ).rows[0]
const enter = (attempt: string, address = email) =>
  signInWithPassword(app, null, { email: address, password: attempt, visit: visitWith() })

test('a password is set, signs in, is changed with the current one, is removed', async () => {
  await setPassword(app, user, { current: '', password, visit })
  expect(await userOf(await enter(password))).toMatchObject({ id: user.id })
  expect((await lastMail(email))!.subject).toBe('Votre mot de passe a changé')

  const other = 'cinq tabourets et un étau'
  await expect(setPassword(app, user, { current: 'faux', password: other, visit })).rejects.toMatchObject({
    code: 'person.wrong_password',
  })
  await setPassword(app, user, { current: password, password: other, visit })
  await expect(enter(password)).rejects.toMatchObject({ status: 401 })
  await enter(other)
  expect((await getAccount(app, user.id, visit)).hasPassword).toBe(true)

  await removePassword(app, user)
  await expect(enter(other)).rejects.toMatchObject({ status: 401 })
  expect((await getAccount(app, user.id, visit)).hasPassword).toBe(false)
})

test('the database keeps a slow hash of a password, salted', async () => {
  await setPassword(app, user, { current: '', password, visit })
  const second = await signIn(app, 'second@exemple.fr')
  await setPassword(app, (await userOf(second.session))!, { current: '', password, visit: second.visit })
  const kept = await sql<{ password: string }>`
    select password from accounts.account where provider_id = 'credential'`.execute(app.db.kysely)
  for (const row of kept.rows) expect(row.password).toMatch(/^[0-9a-f]{32}:[0-9a-f]{128}$/)
  expect(new Set(kept.rows.map((row) => row.password)).size).toBe(kept.rows.length)
})

test.each(['court', 'aaaaaaaaaaaaaaaa', 'x'.repeat(201)])('« %s » is no password', async (weak) => {
  await expect(setPassword(app, user, { current: '', password: weak, visit })).rejects.toMatchObject({
    code: 'person.weak_password',
    fields: [{ field: 'password' }],
  })
})

test('the current password is not guessed from an open session', async () => {
  await setPassword(app, user, { current: '', password, visit })
  const guess = () =>
    setPassword(app, user, { current: 'au hasard', password: 'cinq tabourets et un étau', visit }).then(
      () => 'changed',
      (error: { code: string }) => error.code,
    )
  for (let i = 0; i < passwordLimits.address.max; i++) expect(await guess()).toBe('person.wrong_password')
  expect(await guess()).toBe('sign_in.too_many')
})

test('a session of yesterday neither sets a first password nor changes the address', async () => {
  await sql`update accounts.session set created_at = now() - interval '25 hours' where person = ${user.id}`.execute(
    app.db.kysely,
  )
  await expect(setPassword(app, user, { current: '', password, visit })).rejects.toMatchObject({
    code: 'sign_in.not_fresh',
  })
  await expect(requestEmail(app, user, { email: 'vol@exemple.fr', visit })).rejects.toMatchObject({ status: 403 })
})

test('sessions are seen in words, without their tokens, and end one by one or all others at once', async () => {
  const phone = await signIn(app, email)
  await signIn(app, email)
  const { sessions } = await getAccount(app, user.id, visit)
  expect(sessions).toHaveLength(3)
  expect(sessions.filter(({ current }) => current)).toHaveLength(1)
  expect(sessions[0]).toMatchObject({ browser: 'Firefox', system: 'Linux' })
  expect(JSON.stringify(sessions)).not.toContain(session.split('.')[0])

  const stranger = await signIn(app, 'stranger@exemple.fr')
  const mine = (await getAccount(app, user.id, phone.visit)).sessions.find(({ current }) => current)!
  await endSession(app.db, await userOf(stranger.session), mine.id)
  expect(await userOf(phone.session)).not.toBeNull()
  await endSession(app.db, user, mine.id)
  expect(await userOf(phone.session)).toBeNull()
  await endSessions(app, user, visit)
  expect((await getAccount(app, user.id, visit)).sessions).toHaveLength(1)
  expect(await userOf(session)).not.toBeNull()
  expect(await userOf(stranger.session)).not.toBeNull()
})

test('setting a password signs the other devices out', async () => {
  const phone = await signIn(app, email)
  await setPassword(app, user, { current: '', password, visit })
  expect(await userOf(phone.session)).toBeNull()
  expect(await userOf(session)).not.toBeNull()
})

test('an address changes when its owner opens the link, signed in as who asked', async () => {
  const fresh = `neuf${number}@exemple.fr`
  const old = tokenOf(await createSignInPath(app.db.kysely, email))
  await requestEmail(app, user, { email: ` ${fresh.toUpperCase()}`, visit })
  expect(await userOf(session)).toMatchObject({ email })
  const token = tokenOf(/http\S+/.exec((await lastMail(fresh))!.body)![0])
  await confirmEmail(app, user, token)
  expect(await userOf(session)).toMatchObject({ email: fresh })
  expect((await lastMail(email))!.subject).toBe('Votre adresse de connexion a changé')
  // A link that was on its way to the former address is dead, and the new one works once.
  await expect(signInWithLink(app, null, { token: old, visit: visitWith() })).rejects.toMatchObject({ status: 410 })
  await expect(confirmEmail(app, user, token)).rejects.toMatchObject({ status: 410 })
})

test('a stranger confirms nobody’s address, and an address has one account', async () => {
  await requestEmail(app, user, { email: 'voulue@exemple.fr', visit })
  const token = tokenOf(/http\S+/.exec((await lastMail('voulue@exemple.fr'))!.body)![0])
  const stranger = await signIn(app, 'autre@exemple.fr')
  await expect(confirmEmail(app, await userOf(stranger.session), token)).rejects.toMatchObject({ status: 410 })
  await expect(requestEmail(app, user, { email: 'autre@exemple.fr', visit })).rejects.toMatchObject({
    code: 'person.email_taken',
  })
  await requestEmail(app, user, { email: 'course@exemple.fr', visit })
  const late = tokenOf(/http\S+/.exec((await lastMail('course@exemple.fr'))!.body)![0])
  await signIn(app, 'course@exemple.fr')
  await expect(confirmEmail(app, user, late)).rejects.toMatchObject({ code: 'person.email_taken' })
})

test('a name is between one and a hundred characters', async () => {
  await renamePerson(app.db, user, '  Ana Vidal ')
  expect(await userOf(session)).toMatchObject({ name: 'Ana Vidal' })
  for (const wrong of [' ', 'x'.repeat(101)])
    await expect(renamePerson(app.db, user, wrong)).rejects.toMatchObject({ code: 'person.bad_name' })
})

test('a passkey is named and removed by its owner alone', async () => {
  await sql`insert into accounts.passkey (id, person, name, public_key, credential_id, counter, device_type, backed_up)
    values (${`k${number}`}, ${user.id}, 'clé', 'x', ${`c${number}`}, 0, 'singleDevice', false)`.execute(app.db.kysely)
  const stranger = (await userOf((await signIn(app, 'voisin@exemple.fr')).session))!
  await renamePasskey(app.db, stranger, { id: `k${number}`, name: 'à moi' })
  await removePasskey(app.db, stranger, `k${number}`)
  expect((await getAccount(app, user.id, visit)).passkeys).toMatchObject([{ name: 'clé' }])
  await renamePasskey(app.db, user, { id: `k${number}`, name: 'bureau' })
  expect((await getAccount(app, user.id, visit)).passkeys).toMatchObject([{ name: 'bureau' }])
  await removePasskey(app.db, user, `k${number}`)
  expect((await getAccount(app, user.id, visit)).passkeys).toEqual([])
})

test('nobody acts without an account', async () => {
  await expect(renamePerson(app.db, null, 'x')).rejects.toMatchObject({ status: 401 })
  const guest = { ...user, kind: 'guest' as const }
  await expect(setPassword(app, guest, { current: '', password, visit })).rejects.toMatchObject({ status: 401 })
})

test('what is known of an account is handed over, without what opens it', async () => {
  await setPassword(app, user, { current: '', password, visit })
  const known = await exportPerson(app.db.kysely, { kind: 'person', id: user.id })
  expect(known).toMatchObject({
    account: { name: 'Ana', email, administrator: false },
    sessions: [{ browser: expect.stringContaining('Firefox') }],
    waysToSignIn: [{ way: 'credential' }],
  })
  expect(JSON.stringify(known)).not.toMatch(/[0-9a-f]{64}|token|public_?key/i)
  expect(JSON.stringify(known)).not.toContain(session.split('.')[0])
  expect(await exportPerson(app.db.kysely, { kind: 'enterprise', id: user.id })).toEqual({})
})

test('an erased account leaves nothing of the person, and nobody else’s changes', async () => {
  await setPassword(app, user, { current: '', password, visit })
  await requestEmail(app, user, { email: `suite${number}@exemple.fr`, visit })
  await createSignInPath(app.db.kysely, email)
  const other = await signIn(app, `x${email}`)
  const erased = await app.db.kysely.transaction().execute((trx) => erasePerson(trx, { kind: 'person', id: user.id }))
  expect(erased).toEqual({ files: [], tables: expect.arrayContaining(['accounts.person', 'accounts.session']) })
  expect(await userOf(session)).toBeNull()
  for (const table of ['person', 'session', 'account', 'verification', 'passkey']) {
    const left = await sql<{ row: string }>`select t::text as row from ${sql.table(`accounts.${table}`)} t`.execute(
      app.db.kysely,
    )
    for (const { row } of left.rows)
      expect(row.replaceAll(`x${email}`, '')).not.toMatch(new RegExp(`${email}|${user.id}`))
  }
  expect(await userOf(other.session)).not.toBeNull()
  const nothing = await app.db.kysely.transaction().execute((trx) => erasePerson(trx, { kind: 'card', id: user.id }))
  expect(nothing).toEqual({ files: [], tables: [] })
})
