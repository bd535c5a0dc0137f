import fc from 'fast-check'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createServer, newId, sql, toUserError, type App, type User } from '#platform'
import { cookieOf, signIn } from '../accounts/people/testing.ts'
import { takeCollection } from './collect/accept.ts'
import { acceptCollection, collectionPage, removeCollection } from './collect/capability.ts'
import { passTo } from './collect/collections.ts'
import { readCollection } from './collect/commands.ts'
import { createScene, join, plainItems, type Journal, type Scene } from './contributions/testing.ts'
import { coveragePage, linkByForm, visitListPage, visitsPage } from './coverage/page.ts'
import { carryOutAcceptance } from './deliveries/accept.ts'
import { decideRow, readDelivery, removeDelivery, setColumns, undoDelivery } from './deliveries/commands.ts'
import { deliveriesPage, deliveryPage } from './deliveries/page.ts'
import { latestGuide } from './guide/guides.ts'
import { addAttendee, addMaterial, changeMeeting, noteAttendance, planMeeting } from './meetings/commands.ts'
import { getMeeting, pageMeetings } from './meetings/queries.ts'
import type { OpenEntry } from './model.ts'

let scene: Scene
let app: App
let server: FastifyInstance
let headers: Record<string, string>
let actor: User
let siret: string
let commune: string
let journal: Journal
let delivery: string
let meeting: string

const emoji = '🧵'
const number = latestGuide().items.find(({ kind }) => kind === 'number')!.id
const yesNo = plainItems[0]!.id
const cursor = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')

/** What no form writes. */
const hostile = [
  '',
  'a\0b',
  '\ud83e',
  "' or 1=1 --",
  '=cmd|calc',
  '-'.repeat(36),
  newId().toUpperCase(),
  newId(),
  '9'.repeat(400),
  `${'a'.repeat(199)}${emoji}`,
  'é'.repeat(20_000),
  '0000-01-01',
  '2026-02-30',
  '9999-12-31',
  '23:59',
  cursor('0000-01-01T00:00:00.000Z', newId()),
  cursor('2026-02-30T00:00:00.000Z', newId()),
  cursor('2026-02-03T00:00:00.000Z', '-'.repeat(36)),
  cursor('\0', '\0'),
  cursor(1, {}),
  'javascript:alert(1)',
  'item:__proto__',
  'constructor',
]
const text = fc.constantFrom(...hostile)

const plan = (changes: object) => ({
  body: scene.body,
  kind: 'meeting',
  title: 'Essai',
  day: '2030-01-01',
  from: '10:00',
  lastDay: '',
  until: '',
  place: 'Ici',
  agenda: '',
  ...changes,
})
const deliver = (content: string, fileName = 'a.csv') =>
  readDelivery(app, actor, { body: scene.body, title: 'Essai', fileName, bytes: Buffer.from(content) })
const collect = (...lines: string[]) =>
  readCollection(app, actor, { body: scene.body, fileName: 'a.csv', bytes: Buffer.from(lines.join('\n')) })

beforeAll(async () => {
  scene = await createScene()
  app = scene.app
  server = await createServer({ app, pages: 'none' })
  const { id, session } = await signIn(app, 'zoe@example.org', 'Zoé')
  actor = { id, name: 'Zoé', email: null, kind: 'person', administrator: false }
  await join(app.db.kysely, scene.body, { id })
  headers = { cookie: cookieOf(session), origin: 'http://localhost', host: 'localhost' }
  delivery = await deliver('Nom;Ville;Remarque;Note\nForge;Montauban;a;b\n')
  meeting = await planMeeting(app.db, actor, plan({}))
})
afterAll(async () => {
  await server.close()
  await scene.close()
})
beforeEach(async () => {
  ;({ siret, commune, journal } = await scene.next())
})

type Texts = [string, string, string]
/** What pages and actions hand over as it came. */
const works: Record<string, (texts: Texts) => Promise<unknown>> = {
  coverage: ([a]) => coveragePage(app.db, actor, 'fr', a),
  visitList: ([a, b, after]) =>
    visitListPage(app.db, actor, 'fr', { territory: null, commune: a, metier: b, state: 'season', after }),
  visits: ([after]) => visitsPage(app.db, actor, { whose: 'bodies', after }),
  link: ([prospect, b]) => linkByForm(app.db, actor, { prospect, siret: b }),
  deliveries: ([refusal]) => deliveriesPage(app, actor, { refusal, before: null }),
  delivery: ([id]) => deliveryPage(app, actor, id, { lang: 'fr', show: id, after: 999_999_999 }),
  deliveryRows: ([show]) => deliveryPage(app, actor, delivery, { lang: 'fr', show, after: 0 }),
  columns: (meanings) => setColumns(app, actor, delivery, meanings),
  row: ([typed]) => decideRow(app, actor, { delivery, line: 2, siret: typed }),
  undo: ([id]) => undoDelivery(app, actor, id, { confirmed: true }),
  removeDelivery: ([id]) => removeDelivery(app, actor, id),
  collection: ([id]) => collectionPage(app, actor, id),
  acceptCollection: ([id]) => acceptCollection(app, actor, id),
  removeCollection: ([id]) => removeCollection(app, actor, id),
  plan: ([day, lastDay, title]) => planMeeting(app.db, actor, plan({ day, lastDay, title, until: '12:00' })),
  planFor: ([body, kind, from]) => planMeeting(app.db, actor, plan({ body, kind, from })),
  change: ([day, title, agenda]) => changeMeeting(app.db, actor, meeting, plan({ day, title, agenda })),
  attendee: ([name, organisation]) => addAttendee(app.db, actor, meeting, { name, organisation, present: false }),
  attendance: ([a, b]) => noteAttendance(app.db, actor, meeting, { shown: [a, b], present: [b] }),
  material: ([title, link]) => addMaterial(app, actor, meeting, { title, link }),
  meeting: ([id]) => getMeeting(app.db, actor, id),
  meetings: ([after]) => pageMeetings(app.db, actor, { past: false, after }),
}

test.each(Object.entries(works))('garbage is refused in words: %s', async (_, work) => {
  await fc.assert(
    fc.asyncProperty(text, text, text, async (...texts) => {
      const error: unknown = await work(texts).catch((thrown: unknown) => thrown)
      if (error instanceof Error) expect(toUserError(error).status, String(error)).toBeLessThan(500)
    }),
    { numRuns: 2 * hostile.length, examples: hostile.map((one): Texts => [one, one, one]) },
  )
})

const addresses: ((garbage: string) => string)[] = [
  (one) => `/api/survey/pack?body=${one}&territory=ZZ`,
  (one) => `/api/survey/enterprises?q=forge&territory=${one}`,
  (one) => `/api/survey/enterprises?q=${one}`,
  (one) => `/api/survey/enterprises/${one}/answers`,
  (one) => `/api/guide?version=${one}`,
  (one) => `/guide/xlsform.xlsx?version=${one}`,
  (one) => `/espace/livraisons/${one}/rapport.csv`,
  (one) => `/espace/livraisons/${delivery}/rapport.csv?lang=${one}`,
  (one) => `/espace/rencontres/${one}/rencontre.ics`,
]

test('every address answers garbage by a refusal', async () => {
  for (const address of addresses)
    for (const one of hostile) {
      const url = address(encodeURIComponent(one.toWellFormed()).slice(0, 5000))
      expect((await server.inject({ url, headers })).statusCode, url.slice(0, 200)).toBeLessThan(500)
    }
})

const post = (payload: unknown) =>
  server.inject({
    method: 'POST',
    url: '/api/survey/sync',
    headers: { ...headers, 'content-type': 'application/json' },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })

test('what is no request of a device is refused', async () => {
  const raws = ['', '{', 'null', '[]', '"a"', '{"__proto__":1}', '{"protocol":1}', '{"protocol":1e999}']
  for (const raw of [...raws, '['.repeat(9000)]) {
    const { statusCode } = await post(raw)
    expect(statusCode, raw.slice(0, 20)).toBeGreaterThanOrEqual(400)
    expect(statusCode, raw.slice(0, 20)).toBeLessThan(500)
  }
})

test('whatever a device writes in its journal, each entry is taken or refused, and none is tried for ever', async () => {
  const open = journal.open({ siret }, scene.body)
  const sound = journal.request(
    open,
    journal.prospect(commune, scene.body),
    journal.answer(open),
    journal.consent(open),
  )
  const anything = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<unknown>)
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), anything, async (where, field, put) => {
      const request = structuredClone(sound) as unknown as Record<string, unknown>
      const places = [request, ...(request.entries as Record<string, unknown>[])]
      const place = places[where % places.length]!
      place[Object.keys(place)[field % Object.keys(place).length]!] = put
      const answer = await post(request)
      expect(answer.statusCode).toBeLessThan(500)
      expect(answer.body).not.toContain('survey.failed')
    }),
    { numRuns: 150 },
  )
})

test('a clock that was never set spoils no visit', async () => {
  const [first, last] = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']
  for (const [at, now] of [
    [first, last],
    [last, first],
    [first, first],
  ] as const) {
    const open: OpenEntry = { ...journal.open({ siret }, scene.body), at }
    const answer = await post({ ...journal.request(open), device: newId(), now })
    expect(answer.json()).toMatchObject({ results: [{ outcome: 'taken' }] })
  }
})

test('a half of a character, where a text is cut, stops no delivery', async () => {
  const cells = [`${'a'.repeat(39)}${emoji}`, `${'a'.repeat(999)}${emoji}`]
  const header = `SIRET;Nom;Date;Commentaire;${'h'.repeat(199)}${emoji};${number};${yesNo}`
  const id = await deliver(`${header}\n${siret};Forge;${cells[0]};${cells[1]};x;${cells[0]};oui\n${cells[0]};;;;;;oui`)
  await sql`update survey.delivery set state = 'accepting', accepted_by = ${actor.id} where id = ${id}::uuid`.execute(
    app.db.kysely,
  )
  await carryOutAcceptance(app, id)
  const { delivery: done, counts } = await deliveryPage(app, actor, id, { lang: 'fr', show: 'all', after: 0 })
  expect([done.state, counts.matched]).toEqual(['accepted', 1])
  expect(await scene.count('survey.contribution', sql`delivery = ${id}::uuid`)).toBe(1)
})

test('nor a file of answers, whose clocks and crafts may be anything', async () => {
  const head = `KEY,end,guide_version,siret,enterprise_name,enterprise_commune,enterprise_metier,${number},${yesNo}`
  const long = `${'a'.repeat(39)}${emoji}`
  const id = await collect(
    head,
    `uuid:1,2026-11-20T10:00:00Z,1,${siret},,,,${long},yes`,
    `uuid:2,0000-01-01T00:00:00Z,1,${siret},,,,,yes`,
    `uuid:3,2026-11-20T10:00:00Z,1,,${'n'.repeat(199)}${emoji},${commune},${'m'.repeat(3000)},,yes`,
    `uuid:4,2026-11-20T10:00:00Z,1,,Forge,${'a'.repeat(59)}${emoji},,,yes`,
    `uuid:5,2026-11-20T10:00:00Z,${long},${siret},,,,,yes`,
    `uuid:6,2026-11-20T10:00:00Z,1,${long},,,,,yes`,
  )
  await passTo(app.db.kysely, id, 'read', 'accepting')
  await takeCollection(app, id)
  const { state, report } = await collectionPage(app, actor, id)
  expect([state, report!.rows.map(({ taken }) => taken)]).toEqual(['accepted', [1, 0, 1, 0, 0, 0]])
  expect(await scene.count('survey.prospect', sql`author = ${actor.id} and metier is null`)).toBeGreaterThan(0)
})
