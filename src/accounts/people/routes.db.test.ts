import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { createServer } from '#platform'
import { signIn } from './testing.ts'

let running: TestApp
let server: FastifyInstance
beforeAll(async () => {
  running = await createTestApp({ logLevel: 'silent' })
  server = await createServer({ app: running.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await running.close()
})

const origin = 'http://localhost:80'
const post = (path: string, { from = origin, cookie = '', payload = {} as object, host = 'localhost:80' } = {}) =>
  server.inject({
    method: 'POST',
    url: `/api/auth/${path}`,
    payload,
    headers: { host, ...(from ? { origin: from } : {}), ...(cookie ? { cookie } : {}) },
  })

test('the ceremonies of passkeys are for this site’s own pages', async () => {
  for (const path of ['passkey/options', 'passkey/sign-in', 'passkey/new', 'passkey/add']) {
    const { visit } = await signIn(running.app, 'page@exemple.fr')
    for (const from of ['https://evil.example', ''])
      expect((await post(path, { from, cookie: visit.cookie! })).json(), path).toMatchObject({
        code: 'forbidden_origin',
      })
  }
})

test('a challenge names the site that the browser sees, is never kept, and is read by no other site', async () => {
  const answer = await post('passkey/options')
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ rpId: 'localhost', challenge: expect.stringMatching(/^[\w-]{40,}$/) })
  expect(answer.json()).not.toHaveProperty('allowCredentials')
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
  expect(String(answer.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Lax$/i)
  const elsewhere = await post('passkey/options', { host: 'atelier.example', from: 'http://atelier.example' })
  expect(elsewhere.json()).toMatchObject({ rpId: 'atelier.example' })
})

test('a key is added by who is signed in, for the whole sign-in', async () => {
  expect((await post('passkey/new')).statusCode).toBe(401)
  const { visit } = await signIn(running.app, 'cle@exemple.fr')
  const answer = await post('passkey/new', { cookie: visit.cookie! })
  expect(answer.json()).toMatchObject({
    rp: { id: 'localhost' },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'none',
  })
})

test.each([
  ['nothing', {}],
  ['a text', { response: 'x' }],
  ['a key of nobody', { response: { id: 'x', rawId: 'x', type: 'public-key', response: {} } }],
])('%s signs nobody in', async (_name, payload) => {
  const answer = await post('passkey/sign-in', { payload })
  expect(answer.statusCode).toBe(401)
  expect(answer.json()).toMatchObject({ code: 'sign_in.passkey_refused' })
  expect(answer.headers['set-cookie']).toBeUndefined()
})

test('nothing else of the library answers, and no provider is there unless it is configured', async () => {
  const { visit } = await signIn(running.app, 'tout@exemple.fr')
  for (const path of ['get-session', 'list-sessions', 'oidc', 'callback/oidc', 'ok', 'magic-link/verify?token=x'])
    expect(
      (await server.inject({ url: `/api/auth/${path}`, headers: { cookie: visit.cookie! } })).statusCode,
      path,
    ).toBe(404)
  for (const path of ['sign-up/email', 'sign-in/email', 'sign-in/magic-link', 'update-user', 'delete-user'])
    expect((await post(path, { cookie: visit.cookie! })).statusCode, path).toBe(404)
})
