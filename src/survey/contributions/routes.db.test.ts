import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createServer, type User } from '#platform'
import { withdrawStatement } from '#statements'
import { cookieOf, signIn } from '../../accounts/people/testing.ts'
import type { Pack, StartAnswer, SyncAnswer } from '../model.ts'
import { createBody, createScene, join, person, type Journal, type Scene } from './testing.ts'

let scene: Scene
let server: FastifyInstance
let siret: string
let commune: string
let surveyor: User
let body: string
let journal: Journal

const db = () => scene.app.db.kysely

beforeAll(async () => {
  scene = await createScene()
  server = await createServer({ app: scene.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await scene.close()
})
beforeEach(async () => {
  ;({ siret, commune, surveyor, body, journal } = await scene.next())
})

test('a device starts, takes a territory, sends and reads, each under the rights of its person', async () => {
  const { id, session } = await signIn(scene.app, 'zoe@example.org', 'Zoé')
  await join(db(), body, { id })
  const headers = { cookie: cookieOf(session), origin: 'http://localhost', host: 'localhost' }
  const get = (url: string) => server.inject({ url, headers })
  expect((await server.inject('/api/survey/start')).statusCode).toBe(401)
  const start = (await get('/api/survey/start')).json<StartAnswer>()
  expect(start.mandates).toMatchObject([
    { body: { id: body }, territories: [{ code: '*' }], pillars: ['environment', 'economic', 'social'] },
  ])
  expect(start.consent.map(({ lang }) => lang)).toEqual(['fr', 'en'])
  const packed = await get(`/api/survey/pack?body=${body}&territory=${commune}`)
  const pack = packed.json<Pack>()
  expect(pack.enterprises.map((one) => one.siret)).toContain(siret)
  expect(pack.communes).toMatchObject([
    { code: commune, contour: { type: expect.stringMatching(/Polygon$/) as string } },
  ])
  expect(Date.parse(pack.expiresAt) - Date.parse(pack.madeAt)).toBeLessThanOrEqual(30 * 86_400_000)
  const { id: far } = await createBody(db(), 'Lointain', [
    { territory: scene.units.find((one) => one.commune !== commune)!.commune },
  ])
  await join(db(), far, { id })
  const outside = await get(`/api/survey/pack?body=${far}&territory=${commune}`)
  expect(outside.statusCode).toBe(403)
  expect(outside.json()).toMatchObject({
    code: 'right.territory',
    detail: expect.stringContaining('Lointain') as string,
  })

  const open = journal.open({ siret }, body)
  const answer = journal.answer(open)
  const post = (payload: object, more: object = {}) =>
    server.inject({ method: 'POST', url: '/api/survey/sync', headers: { ...headers, ...more }, payload })
  const sent = await post(journal.request(open, answer, { ...journal.answer(open), extra: 1 } as never))
  expect(
    sent
      .json<SyncAnswer>()
      .results.map(({ outcome }) => outcome)
      .sort(),
  ).toEqual(['refused', 'taken', 'taken'])
  expect((await post({ ...journal.request(), protocol: 2 })).statusCode).toBe(409)
  expect((await post({ protocol: 1 })).statusCode).toBe(400)
  expect((await post(journal.request(), { origin: 'https://autre.example' })).statusCode).toBe(403)
  expect((await post(journal.request(), { 'x-survey-person': surveyor.id })).json()).toMatchObject({
    code: 'survey.other_person',
  })
  const read = (await get(`/api/survey/enterprises/${siret}/answers`)).json<{ answers: unknown[] }>()
  expect(read.answers).toMatchObject([{ entry: answer.id, author: { mine: true }, disclosure: 'body' }])
  const stranger = await signIn(scene.app, 'max@example.org', 'Max')
  const other = await server.inject({
    url: `/api/survey/enterprises/${siret}/answers`,
    headers: { cookie: cookieOf(stranger.session) },
  })
  expect(other.json()).toMatchObject({ answers: [] })
  const found = await get(`/api/survey/enterprises?q=${siret.slice(0, 12)}`)
  expect(
    found.json<{ enterprises: { siret: string; asked: object }[] }>().enterprises.find((one) => one.siret === siret),
  ).toMatchObject({
    asked: { body: 'Chambre de métiers' },
  })
  await withdrawStatement(scene.app.db, { ...person(), id }, answer.id)
})
