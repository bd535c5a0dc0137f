import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, sql, type App, type User } from '#platform'
import { cookieOf, signIn } from '../accounts/people/testing.ts'
import { acceptCollection, collectionPage, collectPage, removeCollection } from './collect/capability.ts'
import { readCollection } from './collect/commands.ts'
import { listAnswers } from './contributions/answers.ts'
import { linkProspect } from './contributions/commands.ts'
import { createBody, createScene, join, plainItems, type Journal, type Scene } from './contributions/testing.ts'
import { coveragePage, visitListPage } from './coverage/page.ts'
import { listContributions, listProspects } from './coverage/queries.ts'
import {
  acceptDelivery,
  decideRow,
  keepRefusal,
  readDelivery,
  removeDelivery,
  setColumns,
  undoDelivery,
} from './deliveries/commands.ts'
import { bodyExpected } from './deliveries/errors.ts'
import { deliveryPage } from './deliveries/page.ts'
import { findRefusal, listDeliveries } from './deliveries/queries.ts'
import { addAttendee, cancelMeeting, changeMeeting, noteAttendance, planMeeting } from './meetings/commands.ts'
import { getMeeting } from './meetings/queries.ts'
import type { Entry } from './model.ts'

let scene: Scene
let app: App
let server: FastifyInstance
let siret: string
let commune: string
let journal: Journal
let visit: Entry
let answer: Entry
let prospect: Entry
let delivery: string
let collection: string
let meeting: string

type Signed = User & { session: string }
async function enter(name: string, body?: string): Promise<Signed> {
  const { id, session } = await signIn(app, `${name}@exemple.org`, name)
  if (body) await join(app.db.kysely, body, { id })
  return { id, name, email: null, kind: 'person', administrator: false, session }
}

let [ada, bruno, gone, citizen, artisan]: Signed[] = []
/** Who has nothing to do with Ada's body. */
const others = () => [bruno!, gone!, citizen!, artisan!]
const plan = () => ({
  body: scene.body,
  kind: 'meeting',
  title: 'Essai',
  day: '2030-01-01',
  from: '10:00',
  lastDay: '',
  until: '',
  place: 'Ici',
  agenda: '',
})

beforeAll(async () => {
  scene = await createScene()
  app = scene.app
  server = await createServer({ app, pages: 'none' })
  ;({ siret, commune, journal } = await scene.next())
  const db = app.db.kysely
  const { id: far } = await createBody(db, 'Voisins', [{}, { action: 'read' }])
  ;[ada, bruno, gone] = [await enter('ada', scene.body), await enter('bruno', far), await enter('gone', scene.body)]
  await sql`update accounts.membership set ends_at = now() where person = ${gone.id}`.execute(db)
  ;[citizen, artisan] = [await enter('max'), await enter('lise')]
  await sql`insert into accounts.enterprise_holder (person, siret) values (${artisan.id}, ${scene.units[0]!.siret})`.execute(
    db,
  )
  visit = journal.open({ siret }, scene.body)
  answer = journal.answer(visit)
  prospect = journal.prospect(commune, scene.body)
  const held = journal.open({ prospect: prospect.id }, scene.body)
  await scene.send(ada, visit, answer, prospect, held, journal.answer(held))
  const bytes = Buffer.from(`SIRET;Nom;${plainItems[1]!.id}\n${siret};Forge;oui\n`)
  delivery = await readDelivery(app, ada, { body: scene.body, title: 'Adhérents', fileName: 'a.csv', bytes })
  const collected = Buffer.from(`KEY,end,siret,${plainItems[1]!.id}\nuuid:1,2026-11-20T10:00:00Z,${siret},yes`)
  collection = await readCollection(app, ada, { body: scene.body, fileName: 'a.csv', bytes: collected })
  meeting = await planMeeting(app.db, ada, plan())
  await addAttendee(app.db, ada, meeting, { name: 'Lou', organisation: '', present: false })
})
afterAll(async () => {
  await server.close()
  await scene.close()
})

const statusOf = (work: () => Promise<unknown>) =>
  work().then(
    () => 200,
    (error: { status?: number }) => error.status,
  )

test('what a body was told before the artisan agreed is read by its own people alone', async () => {
  expect((await listAnswers(app, ada!, siret)).answers).toMatchObject([{ entry: answer.id, disclosure: 'body' }])
  for (const who of others()) {
    expect((await listAnswers(app, who, siret)).answers, who.name).toEqual([])
    for (const whose of ['mine', 'bodies'] as const)
      expect((await listContributions(app.db, who, { whose })).contributions, who.name).toEqual([])
    expect(await listProspects(app.db, who), who.name).toEqual([])
    expect(await statusOf(() => linkProspect(app.db, who, { prospect: prospect.id, siret })), who.name).toBe(403)
  }
})

test('nobody adds to the visit of somebody else, nor speaks for a body that is not his', async () => {
  for (const who of others()) {
    const sent = [journal.answer(visit), journal.retract(answer), journal.consent(visit)]
    const results = await scene.send(who, ...sent, journal.open({ siret }, scene.body), journal.open({ siret }, null))
    expect(results.map(({ code }) => code).slice(0, 3)).toEqual(Array(3).fill('survey.not_yours'))
    expect(results.slice(3).map(({ outcome }) => outcome)).toEqual(['refused', 'refused'])
    // The same entry again, as another person's.
    expect(await scene.send(who, answer)).toMatchObject([{ code: 'survey.conflict' }])
  }
})

test('a delivery, a file of answers and a refused file are for those who may', async () => {
  const refusal = await keepRefusal(app.db, ada!, { body: scene.body, title: 'x', fileName: 'b.csv' }, bodyExpected())
  for (const who of others()) {
    const works = {
      page: () => deliveryPage(app, who, delivery, { lang: 'fr', show: 'all', after: 0 }),
      columns: () => setColumns(app, who, delivery, ['siret']),
      row: () => decideRow(app, who, { delivery, line: 2, siret: null }),
      accept: () => acceptDelivery(app, who, delivery),
      undo: () => undoDelivery(app, who, delivery, { confirmed: true }),
      remove: () => removeDelivery(app, who, delivery),
    }
    for (const [name, work] of Object.entries(works)) expect(await statusOf(work), `${who.name} ${name}`).toBe(403)
    for (const work of [collectionPage, acceptCollection, removeCollection])
      expect(await statusOf(() => work(app, who, collection)), `${who.name} ${work.name}`).toBe(404)
    expect((await listDeliveries(app.db, who)).deliveries).toEqual([])
    expect((await collectPage(app, who, null)).mine).toEqual([])
    expect(await findRefusal(app.db, who, refusal)).toBeNull()
  }
})

test('who is on the list of a meeting is for its body, the agenda for all bodies', async () => {
  expect((await getMeeting(app.db, ada!, meeting)).people).toMatchObject([{ name: 'Lou' }])
  expect((await getMeeting(app.db, bruno!, meeting)).people).toBeNull()
  for (const who of [gone!, citizen!, artisan!])
    expect(await statusOf(() => getMeeting(app.db, who, meeting))).toBe(403)
  for (const who of others()) {
    const attendee = { name: 'Eve', organisation: '', present: true }
    for (const work of [
      () => addAttendee(app.db, who, meeting, attendee),
      () => noteAttendance(app.db, who, meeting, { shown: [], present: [] }),
      () => changeMeeting(app.db, who, meeting, plan()),
      () => cancelMeeting(app.db, who, meeting, 'x'),
      () => planMeeting(app.db, who, plan()),
    ])
      expect(await statusOf(work), who.name).toBe(403)
  }
})

test('who was asked lately is told to those who survey', async () => {
  const search = async ({ session }: Signed) => {
    const found = await server.inject({
      url: `/api/survey/enterprises?q=${siret}`,
      headers: { cookie: cookieOf(session) },
    })
    return found.json<{ enterprises: { asked: unknown }[] }>().enterprises[0]!.asked
  }
  expect(await search(ada!)).not.toBeNull()
  expect(await search(bruno!)).not.toBeNull()
  for (const who of [gone!, citizen!, artisan!]) {
    expect(await search(who), who.name).toBeNull()
    expect(await statusOf(() => coveragePage(app.db, who, 'fr', 'ZZ'))).toBe(403)
    const asked = { territory: 'ZZ', commune: null, metier: null, state: 'season', after: null }
    expect(await statusOf(() => visitListPage(app.db, who, 'fr', asked))).toBe(403)
  }
})

const read = () => [
  '/api/survey/start',
  `/api/survey/pack?body=${scene.body}&territory=${commune}`,
  `/api/survey/enterprises?q=${siret}`,
  `/api/survey/enterprises/${siret}/answers`,
  `/espace/livraisons/${delivery}/rapport.csv`,
  '/espace/livraisons/modele.csv',
  `/espace/rencontres/${meeting}/rencontre.ics`,
]
const written = ['/api/survey/sync', '/espace/livraisons/fichier', '/espace/collecte/fichier']

test('nobody reads or writes without signing in, nor writes from another site', async () => {
  for (const url of read()) expect((await server.inject({ url })).statusCode, url).toBe(401)
  const host = { host: 'localhost', 'content-type': 'application/json' }
  for (const url of written) {
    const send = (headers: object) =>
      server.inject({ method: 'POST', url, headers: { ...host, ...headers }, payload: '{}' })
    const cookie = cookieOf(ada!.session)
    expect((await send({ origin: 'http://localhost' })).statusCode, url).toBe(401)
    for (const origin of [{}, { origin: 'null' }, { origin: 'https://localhost' }, { origin: 'http://autre.example' }])
      expect((await send({ cookie, ...origin })).json(), url).toMatchObject({ code: 'forbidden_origin' })
  }
})

test('forms of files are refused in words, whatever is in them', async () => {
  const forms: Record<string, [string, string | File][]> = {
    nothing: [],
    'no file': [['body', scene.body]],
    'no body': [['file', new File(['SIRET;Nom\n1;a'], 'a.csv')]],
    'a body of others': [
      ['body', '00000000-0000-0000-0000-000000000000'],
      ['file', new File(['SIRET;Nom\n1;a'], 'a.csv')],
    ],
    'what is no text': [
      ['body', `a\0b`],
      ['title', `\0`],
      ['file', new File(['\0\0'], '\0.csv')],
    ],
    'two files': [
      ['file', new File(['a'], 'a.csv')],
      ['file', new File(['b'], 'b.csv')],
    ],
    'many fields': Array.from({ length: 30 }, (_, at): [string, string] => [`f${at}`, 'x'.repeat(2000)]),
  }
  for (const url of written.slice(1))
    for (const [name, fields] of Object.entries(forms)) {
      const form = new FormData()
      for (const [field, value] of fields) form.append(field, value)
      const { headers, body } = new Response(form)
      const answer = await server.inject({
        method: 'POST',
        url,
        headers: {
          'content-type': headers.get('content-type')!,
          cookie: cookieOf(ada!.session),
          origin: 'http://localhost',
          host: 'localhost',
        },
        payload: Buffer.from(await new Response(body).arrayBuffer()),
      })
      expect(answer.statusCode, `${url} ${name}`).toBeLessThan(500)
      expect(Number(answer.headers['x-ratelimit-limit']), url).toBeLessThan(100)
      if (answer.statusCode === 303) expect(answer.headers.location, `${url} ${name}`).toContain('?refus=')
    }
})
