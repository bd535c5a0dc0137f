import { readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { sql, type App } from '#platform'
import { mailLimits, passwordLimits } from './attempts.ts'
import { ensurePerson, sendSignInLink, signInWithLink, signInWithPassword, signOut } from './commands.ts'
import { announceFirstSignIn } from './first-sign-in.ts'
import { createSignInPath } from './links.ts'
import { getSecret, signed } from './secret.ts'
import { findUser } from './sessions.ts'
import { cookieOf, signIn, tokenOf, visitWith } from './testing.ts'

let running: TestApp
let app: App
beforeAll(async () => {
  running = await createTestApp()
  app = running.app
})
afterAll(() => running.close())

const rows = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(app.db.kysely)).rows
const userOf = (session: string) => findUser(app, { cookie: cookieOf(session) })
const mailsTo = (address: string) =>
  rows(sql<{ body: string }>`select body from platform.mail where recipient = ${address} order by id`)

test('a link opens one session, once; signing out ends it', async () => {
  const id = await ensurePerson(app.db.kysely, 'operator', { email: ' Lou@Exemple.fr', name: 'Lou' })
  const token = tokenOf(await createSignInPath(app.db.kysely, 'lou@exemple.fr'))
  const session = await signInWithLink(app, null, { token, visit: visitWith() })
  expect(await userOf(session)).toEqual({
    id,
    name: 'Lou',
    email: 'lou@exemple.fr',
    kind: 'person',
    administrator: false,
  })
  await expect(signInWithLink(app, null, { token, visit: visitWith() })).rejects.toMatchObject({
    status: 410,
    code: 'sign_in.link_expired',
  })
  await signOut(app.db, null, session)
  expect(await userOf(session)).toBeNull()
})

test('of many uses at once, one alone succeeds', async () => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'once@exemple.fr', name: 'Une' })
  const token = tokenOf(await createSignInPath(app.db.kysely, 'once@exemple.fr'))
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, () => signInWithLink(app, null, { token, visit: visitWith() })),
  )
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a link that is fifteen minutes old opens nothing', async () => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'late@exemple.fr', name: 'Tard' })
  const token = tokenOf(await createSignInPath(app.db.kysely, 'late@exemple.fr'))
  await sql`update accounts.verification set expires_at = expires_at - interval '15 minutes'
    where value like '%late@exemple.fr%'`.execute(app.db.kysely)
  await expect(signInWithLink(app, null, { token, visit: visitWith() })).rejects.toMatchObject({ status: 410 })
})

test('a copy of the database opens nothing: links are hashed, cookies are signed', async () => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'copy@exemple.fr', name: 'Copie' })
  await createSignInPath(app.db.kysely, 'copy@exemple.fr')
  const [kept] = await rows(
    sql<{ identifier: string }>`select identifier from accounts.verification where value like '%copy@exemple.fr%'`,
  )
  await expect(signInWithLink(app, null, { token: kept!.identifier, visit: visitWith() })).rejects.toThrow()

  const { session } = await signIn(app, 'copy@exemple.fr')
  const [{ token } = { token: '' }] = await rows(
    sql<{ token: string }>`select token from accounts.session order by created_at desc limit 1`,
  )
  expect(session.startsWith(`${token}.`)).toBe(true)
  expect(await userOf(session)).not.toBeNull()
  expect(await userOf(token)).toBeNull()
  expect(await userOf(`${token}.`)).toBeNull()
  expect(await userOf(signed(`${getSecret(app)}x`, token))).toBeNull()
  expect(await findUser(app, { cookie: 'session=%E0%A4%A' })).toBeNull()
})

test('a session ends after fourteen days; its last use is noted every five minutes', async () => {
  const { session } = await signIn(app, 'days@exemple.fr')
  const [{ days } = { days: 0 }] = await rows(sql<{ days: number }>`
    select extract(epoch from expires_at - created_at)::int / 86400 as days from accounts.session order by created_at desc limit 1`)
  expect(days).toBe(14)
  const age = sql`update accounts.session set seen_at = now() - interval '6 minutes'`
  await age.execute(app.db.kysely)
  await userOf(session)
  const [{ fresh } = { fresh: 0 }] = await rows(
    sql<{
      fresh: number
    }>`select count(*)::int as fresh from accounts.session where seen_at > now() - interval '1 minute'`,
  )
  expect(fresh).toBe(1)
  await sql`update accounts.session set expires_at = now()`.execute(app.db.kysely)
  expect(await userOf(session)).toBeNull()
})

test('neither the address of visitors nor tokens of others are kept', async () => {
  await signIn(app, 'kept@exemple.fr')
  expect(await rows(sql`select 1 from accounts.session where coalesce(ip_address, '') <> ''`)).toEqual([])
  expect(await rows(sql`select 1 from accounts.attempt where key like '%192.0.2%' or key like '%@%'`)).toEqual([])
})

test('a link is asked for with the same answer and in the same time, known or not', async () => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'known@exemple.fr', name: 'Connue' })
  const times = { 'known@exemple.fr': 0, 'unknown@exemple.fr': 0 }
  for (const email of ['known@exemple.fr', 'unknown@exemple.fr'] as const) {
    const start = performance.now()
    expect(await sendSignInLink(app, null, { email, back: '/espace/compte', visit: visitWith() })).toBeUndefined()
    times[email] = performance.now() - start
  }
  expect(Math.min(...Object.values(times))).toBeGreaterThan(240)
  expect(await mailsTo('unknown@exemple.fr')).toEqual([])
  const [mail] = await mailsTo('known@exemple.fr')
  const link = /http\S+/.exec(mail!.body)![0]
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:0\/connexion\?jeton=[\w-]{43}&retour=%2Fespace%2Fcompte$/)
  const session = await signInWithLink(app, null, { token: tokenOf(link), visit: visitWith() })
  expect(await userOf(session)).toMatchObject({ name: 'Connue' })
})

test('a link leads to this site alone', async () => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'back@exemple.fr', name: 'Retour' })
  await sendSignInLink(app, null, { email: 'back@exemple.fr', back: '//evil.example/x' })
  const [mail] = await mailsTo('back@exemple.fr')
  expect(mail!.body).toContain('retour=%2Fespace\n')
})

test('mails to one address, and demands from one place, are limited', async () => {
  const ask = (email: string, place: string) =>
    sendSignInLink(app, null, { email, visit: visitWith({ place }) }).then(
      () => 200,
      (error: { status: number }) => error.status,
    )
  const { address, place } = mailLimits
  const same = await Promise.all(
    Array.from({ length: address.max + 2 }, (_, i) => ask('same@exemple.fr', `198.51.100.${i}`)),
  )
  expect(same.filter((status) => status === 429)).toHaveLength(2)
  const many = await Promise.all(
    Array.from({ length: place.max + 3 }, (_, i) => ask(`p${i}@exemple.fr`, '203.0.113.9')),
  )
  expect(many.filter((status) => status === 429)).toHaveLength(3)
  await sql`update accounts.attempt set until = now() - interval '1 second'`.execute(app.db.kysely)
  expect(await ask('same@exemple.fr', '203.0.113.9')).toBe(200)
})

test('passwords are tried a few times for one address, whether it is known or not', async () => {
  const attempt = (email: string) =>
    signInWithPassword(app, null, { email, password: 'un mot de passe faux', visit: visitWith({ place: email }) }).then(
      () => 'in',
      (error: { code: string }) => error.code,
    )
  for (const email of ['kept@exemple.fr', 'nobody@exemple.fr']) {
    for (let i = 0; i < passwordLimits.address.max; i++) expect(await attempt(email)).toBe('sign_in.wrong_password')
    expect(await attempt(email)).toBe('sign_in.too_many')
  }
})

test('the first administrator gets a link while none has signed in', async () => {
  const file = `${app.config.dataDir}/first-sign-in`
  await announceFirstSignIn(app, 'http://127.0.0.1:3000')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const first = readFileSync(file, 'utf8').trim()
  await announceFirstSignIn(app, 'http://127.0.0.1:3000')
  const second = readFileSync(file, 'utf8').trim()
  expect(second).not.toBe(first)
  const session = await signInWithLink(app, null, { token: tokenOf(second), visit: visitWith() })
  expect(await userOf(session)).toMatchObject({ name: 'Administrateur', administrator: true })
  await announceFirstSignIn(app, 'http://127.0.0.1:3000')
  expect(readFileSync(file, 'utf8').trim()).toBe(second)
  expect(await rows(sql`select 1 from accounts.person where administrator`)).toHaveLength(1)
})

test('the secret is made once, for its owner alone', async () => {
  const file = `${app.config.dataDir}/secret`
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8').trim()).toBe(getSecret(app))
  expect(getSecret(app)).toMatch(/^[\w-]{43}$/)
})
