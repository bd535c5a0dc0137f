import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../platform/testing/application.ts'
import { createServer, sql, type App } from '#platform'
import { ensurePerson } from '../commands.ts'
import { findUser } from '../sessions.ts'
import { oidcClient, startProvider, type IdentityProvider } from './testing.ts'

let provider: IdentityProvider
let running: TestApp
let app: App
let server: FastifyInstance
let site: string

beforeAll(async () => {
  provider = await startProvider()
  running = await createTestApp({
    logLevel: 'silent',
    oidc: {
      issuer: provider.issuer,
      clientId: oidcClient.id,
      clientSecret: oidcClient.secret,
      name: 'ProConnect',
    },
  })
  app = running.app
  server = await createServer({ app, pages: 'none' })
  await server.listen({ host: '127.0.0.1', port: 0 })
  site = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await server.close()
  await running.close()
  await provider.close()
})

/** A browser that keeps the cookies of each site and follows redirections until a page of ours that is no sign-in. */
class Visitor {
  readonly jars = new Map<string, Map<string, string>>()

  cookies(origin: string): string {
    return [...(this.jars.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async get(address: string): Promise<Response> {
    const { origin } = new URL(address)
    const response = await fetch(address, { redirect: 'manual', headers: { cookie: this.cookies(origin) } })
    const jar = this.jars.get(origin) ?? new Map<string, string>()
    this.jars.set(origin, jar)
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return response
  }

  /** Where the visitor ends, as a path of the site. */
  async signIn(start = `${site}/api/auth/oidc?retour=/espace/compte`, until = ''): Promise<string> {
    let address = start
    for (let hops = 0; hops < 12; hops++) {
      const { headers, status } = await this.get(address)
      const location = headers.get('location')
      if (!location) throw new Error(`${address} answered ${status}`)
      address = new URL(location, address).href
      if (until && address.startsWith(until)) return address
      if (address.startsWith(site) && !address.includes('/api/auth/')) return address.slice(site.length)
    }
    throw new Error('too many redirections')
  }

  user() {
    return findUser(app, { cookie: this.cookies(site) })
  }
}

const persons = async (email: string) =>
  (await sql`select 1 from accounts.person where email = ${email}`.execute(app.db.kysely)).rows.length

test('while the provider does not answer, one is told; later it works', async () => {
  expect(await new Visitor().signIn()).toBe('/connexion?erreur=fournisseur&code=sign_in.provider_unreachable')
  provider.open(`${site}/api/auth/callback/oidc`)
  provider.person = { sub: 'first', email: 'ana@exemple.fr', email_verified: true }
  expect(await new Visitor().signIn()).toBe('/espace/compte')
})

test('somebody new has an account without any right, and nothing of the provider’s tokens is kept', async () => {
  provider.person = { sub: 'a', email: 'Nina@Exemple.fr', email_verified: true, given_name: 'Nina', usual_name: 'Roux' }
  const visitor = new Visitor()
  expect(await visitor.signIn()).toBe('/espace/compte')
  expect(await visitor.user()).toMatchObject({ name: 'Nina Roux', email: 'nina@exemple.fr', administrator: false })
  const kept = await sql<Record<string, unknown>>`
    select access_token, refresh_token, id_token from accounts.account where account_id = 'a'`.execute(app.db.kysely)
  expect(kept.rows).toEqual([{ access_token: null, refresh_token: null, id_token: null }])
  expect(await new Visitor().signIn()).toBe('/espace/compte')
  expect(await persons('nina@exemple.fr')).toBe(1)
})

test('an account that exists is found by its verified address, and keeps its name', async () => {
  const id = await ensurePerson(app.db.kysely, 'operator', { email: 'paul@exemple.fr', name: 'Paul, de la chambre' })
  provider.person = { sub: 'b', email: 'paul@exemple.fr', email_verified: true, given_name: 'P.' }
  const visitor = new Visitor()
  await visitor.signIn()
  expect(await visitor.user()).toMatchObject({ id, name: 'Paul, de la chambre' })
  // The subject is known from now on, whatever address it has.
  provider.person = { ...provider.person, email: 'paul.neuf@exemple.fr' }
  const again = new Visitor()
  await again.signIn()
  expect(await again.user()).toMatchObject({ id, email: 'paul@exemple.fr' })
})

test.each([
  ['an address that is not verified', { sub: 'c', email: 'ines@exemple.fr', email_verified: false }],
  ['an address whose verification is not said, by a provider that says it', { sub: 'c', email: 'ines@exemple.fr' }],
  ['the address of the first administrator', { sub: 'c', email: 'administrateur@localhost', email_verified: true }],
  ['no address', { sub: 'c', email_verified: true }],
])('%s opens nothing', async (_name, person) => {
  await ensurePerson(app.db.kysely, 'operator', { email: 'ines@exemple.fr', name: 'Inès' })
  provider.person = person
  const visitor = new Visitor()
  expect(await visitor.signIn()).toMatch(/^\/connexion\?erreur=fournisseur/)
  expect(await visitor.user()).toBeNull()
})

const eva = { sub: 'e', email: 'eva@exemple.fr', email_verified: true }
const unsigned = [{ alg: 'none' }, { ...eva, aud: oidcClient.id }].map((part) =>
  Buffer.from(JSON.stringify(part)).toString('base64url'),
)

test.each([
  [
    'about somebody else than the one who signed in opens nothing',
    'application/json',
    JSON.stringify({ ...eva, sub: 'f' }),
    false,
  ],
  ['that nobody signed opens nothing', 'application/jwt', `${unsigned.join('.')}.`, false],
  ['that is cut opens nothing', 'application/jwt', 'x.y', false],
  ['in plain JSON, about who signed in, opens a session', 'application/json', JSON.stringify(eva), true],
])('a userinfo %s', async (_name, type, body, opens) => {
  provider.person = eva
  provider.userinfo = { type, body }
  const visitor = new Visitor()
  try {
    expect(await visitor.signIn()).toMatch(opens ? /^\/espace/ : /^\/connexion\?erreur=fournisseur/)
  } finally {
    provider.userinfo = null
  }
  expect((await visitor.user()) !== null).toBe(opens)
})

test('an answer that another browser asked for opens nothing', async () => {
  provider.person = { sub: 'd', email: 'mathis@exemple.fr', email_verified: true }
  const asker = new Visitor()
  const callback = await asker.signIn(`${site}/api/auth/oidc`, `${site}/api/auth/callback/oidc`)
  const victim = new Visitor()
  expect(await victim.signIn(callback)).toMatch(/^\/connexion\?erreur=fournisseur/)
  expect(await victim.user()).toBeNull()
})

test('the way back leads to this site alone', async () => {
  provider.person = { sub: 'a', email: 'nina@exemple.fr', email_verified: true }
  expect(await new Visitor().signIn(`${site}/api/auth/oidc?retour=//evil.example/`)).toBe('/espace')
})
