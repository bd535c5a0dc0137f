import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer, loadDemonstration, sql, type User } from '#platform'
import { contest, withdrawStatement } from '#statements'
import type { Value } from '#statements/model'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { latestGuide } from '../guide/guides.ts'
import { practicesDataset } from './dataset.ts'
import type { ItemTrait, Practice } from './model.ts'
import { practicePage, practicesPage } from './page.ts'
import { parsePractices } from './query.ts'
import { listStrengths } from './strengths.ts'
import { bodyOf, holderOf, listUntold, sayPublicly } from './testing.ts'
import { readPractices } from './territory.ts'
import { fewest } from './withhold.ts'

let own: TestApp
let server: FastifyInstance
let sirets: string[]
const holders = new Map<string, User>()

const answer = (said: 'yes' | 'no' | 'partly' | 'unknown'): Value => ({ kind: 'answer', answer: said })

/** Answers that look drawn, and are the same at each run. */
function drawn(siret: string, index: number): Value | null {
  const { kind, choices, unit, ceiling } = latestGuide().items[index]!
  const dice = (Number(siret.slice(-6)) * 31 + index * 17) % 23
  if (ceiling || dice > 8) return null
  if (kind === 'answer') return answer((['yes', 'yes', 'partly', 'no', 'unknown'] as const)[dice % 5]!)
  if (kind === 'choice') return { kind, choice: choices![dice % choices!.length]!.id }
  if (kind === 'number') return { kind, number: dice * dice, unit: unit! }
  return kind === 'text' ? { kind, text: `Comme mes parents, depuis ${dice} ans.` } : null
}

beforeAll(async () => {
  own = await createTestApp()
  await loadDemonstration(own.app)
  await own.app.events.start(own.app)
  server = await createServer({ app: own.app, pages: 'none' })
  sirets = await listUntold(own.app, 60)
  for (const siret of sirets.slice(0, 25)) {
    const holder = await holderOf(own.app, siret)
    holders.set(siret, holder)
    for (const [index, { id }] of latestGuide().items.entries()) {
      const value = drawn(siret, index)
      if (value) await sayPublicly(own.app, holder, siret, id, value)
    }
  }
})
afterAll(async () => {
  await server.close()
  await own.app.events.stop()
  await own.close()
})

interface Page {
  numberMatched: number
  numberReturned: number
  links: { rel: string; href: string }[]
  items: Practice[]
}
const get = async (url: string) => (await server.inject({ url })).json<Page>()

/** The rows of all pages. */
async function getAll(url: string): Promise<Practice[]> {
  const { items, links } = await get(url)
  const next = links.find(({ rel }) => rel === 'next')
  return next ? [...items, ...(await getAll(next.href))] : items
}

const oneOf = (...values: string[]) => fc.option(fc.constantFrom(...values), { nil: undefined, freq: 2 })
const filters = fc
  .record({
    territory: oneOf('ZZ', 'ZZ001', 'ZZ012', '000000002', 'pays-des-trois-fours', '82'),
    pillar: oneOf('environment', 'economic,social'),
    item: oneOf('materials-nearby', 'material-choice,work-radius', 'place-story'),
    sector: oneOf('food', 'making,services'),
    metier: oneOf('boulanger-patissier', 'macon,coiffeur'),
    value: oneOf('yes', 'yes,partly', 'quality'),
    answers: oneOf('done'),
    craft: oneOf('all'),
  })
  .map(
    (record) =>
      new URLSearchParams(Object.entries(record).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  )

test('pages, API, CSV and stream say the same number under any filter', async () => {
  const dataset = practicesDataset(own.app.db)
  let found = 0
  await fc.assert(
    fc.asyncProperty(filters, async (parameters) => {
      const query = parsePractices(parameters)
      const count = await dataset.count(query)
      found = Math.max(found, count)
      const { numberMatched } = await get(`/api/practices?${parameters}&limit=1`)
      const rows = await getAll(`/api/practices?${parameters}&limit=1000`)
      expect([numberMatched, rows.length], 'API').toEqual([count, count])
      const csv = parse((await server.inject(`/api/practices.csv?${parameters}`)).body, { columns: true }) as Record<
        string,
        string
      >[]
      expect(
        csv.map(({ siret, item }) => [siret, item]),
        'CSV',
      ).toEqual(rows.map(({ siret, item }) => [siret, item]))
      let streamed = 0
      for await (const some of dataset.stream(query)) streamed += some.length
      expect(streamed, 'stream').toBe(count)
    }),
    { numRuns: 20, examples: [[new URLSearchParams()], [new URLSearchParams({ territory: 'ZZ' })]] },
  )
  expect(found).toBeGreaterThan(300)
})

test('pages follow one another without a hole or a repetition, in both orders', async () => {
  const all = await getAll('/api/practices?territory=ZZ&limit=1000')
  for (const sort of ['enterprise', 'newest']) {
    const seen: string[] = []
    let url: string | undefined = `/api/practices?territory=ZZ&limit=43&sort=${sort}`
    while (url) {
      const page: Page = await get(url)
      seen.push(...page.items.map(({ siret, item }) => `${siret} ${item}`))
      url = page.links.find(({ rel }) => rel === 'next')?.href
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.toSorted()).toEqual(all.map(({ siret, item }) => `${siret} ${item}`).toSorted())
  }
})

/** The same figures counted apart, from the rows of the API. */
function countedFrom(rows: readonly Practice[], { item, kind }: ItemTrait) {
  const known = rows.filter(
    (row) => row.item === item && row.value && !(row.value.kind === 'answer' && row.value.answer === 'unknown'),
  )
  const doing = kind === 'answer' ? known.filter(({ done }) => done) : known
  return { answered: known.length, doing: doing.length }
}

test('traits are the numbers of the rows, or withheld where they speak of one or two enterprises', async () => {
  const states = new Map<string, number>()
  for (const territory of ['ZZ', 'ZZ001', 'ZZ012', '000000002', 'pays-des-trois-fours', null])
    for (const sectors of [[], ['food' as const]]) {
      const traits = await readPractices(own.app.db, { territory, sectors, metiers: [] })
      const where = new URLSearchParams({ ...(territory ? { territory } : {}), sector: sectors.join(',') })
      const rows = await getAll(`/api/practices?${where}&limit=1000`)
      const surveyed = new Set(rows.map(({ siret }) => siret)).size
      const few = surveyed > 0 && surveyed < fewest
      expect(traits.surveyed).toBe(few ? null : surveyed)
      expect(traits.notSurveyed).toBe(few ? null : traits.crafts - surveyed)
      for (const trait of traits.items) {
        const { answered, doing } = countedFrom(rows, trait)
        states.set(trait.state, (states.get(trait.state) ?? 0) + 1)
        for (const figure of [trait.doing, trait.answered, ...trait.choices.map(({ count }) => count)])
          if (figure !== null) expect(figure === 0 || figure >= fewest, `${territory} ${trait.item}`).toBe(true)
        if (trait.state === 'not_surveyed') expect(answered).toBe(0)
        if (trait.state === 'known') expect(trait.doing).toBe(doing)
        if (trait.answered !== null) expect(trait.answered).toBe(answered)
        if (trait.state === 'known' && trait.answered === null) expect([1, 2]).toContain(answered - doing)
        if (trait.state === 'withheld' && trait.choices.length === 0)
          expect([answered, doing, answered - doing].some((n) => n === 1 || n === 2)).toBe(true)
      }
    }
  expect([...states.keys()].toSorted()).toEqual(['known', 'not_surveyed', 'withheld'])
  expect(states.get('known')).toBeGreaterThan(50)
})

test('the portrait’s API and export withhold what the page of practices does', async () => {
  for (const code of ['ZZ', 'ZZ001', '000000002']) {
    const page = await practicesPage(own.app, 'fr', new URLSearchParams({ territory: code }))
    const { figures } = (await server.inject(`/api/territories/${code}`)).json<{
      figures: { practices: { items: ItemTrait[]; surveyed: number | null } }
    }>()
    expect(figures.practices).toEqual(JSON.parse(JSON.stringify(page.practices)))
    const csv = parse((await server.inject(`/api/territories/${code}/practices.csv`)).body, {
      columns: true,
    }) as Record<string, string>[]
    const cell = (value: number | null) => (value === null ? '' : String(value))
    for (const trait of page.practices.items) {
      const row = csv.find(({ item, choice }) => item === trait.item && choice === '')!
      expect([row.state, row.doing, row.answered]).toEqual([trait.state, cell(trait.doing), cell(trait.answered)])
      for (const choice of trait.choices) {
        const line = csv.find((one) => one.item === trait.item && one.choice === choice.id)!
        expect(line.doing).toBe(trait.state === 'known' ? cell(choice.count) : '')
      }
    }
    for (const trait of page.practices.items.filter((_, index) => index % 6 === 0)) {
      const alone = await practicePage(own.app, 'fr', trait.item, new URLSearchParams({ territory: code }))
      expect(alone.trait).toEqual(trait)
      if (trait.state === 'known' && trait.doing! <= 50) expect(alone.rows).toHaveLength(trait.doing!)
    }
  }
})

test('a withdrawal is seen at once, in list, figures, page of the enterprise and ETag', async () => {
  const [siret] = sirets.slice(50)
  const holder = await holderOf(own.app, siret!)
  const url = `/api/practices?siret=${siret}`
  const empty = await server.inject(url)
  const id = await sayPublicly(own.app, holder, siret!, 'repair-first', answer('yes'))
  const told = await server.inject({ url, headers: { 'if-none-match': String(empty.headers.etag) } })
  expect(told.statusCode).toBe(200)
  expect(told.json()).toMatchObject({
    numberMatched: 1,
    items: [{ item: 'repair-first', done: true, bySubject: true }],
  })
  const headers = { 'if-none-match': String(told.headers.etag) }
  expect((await server.inject({ url, headers })).statusCode).toBe(304)
  expect((await server.inject({ url: url.replace('?', '.csv?'), headers })).statusCode).toBe(200)
  expect((await listStrengths(own.app.db, siret!, 'fr')).strengths).toHaveLength(1)
  await withdrawStatement(own.app.db, holder, id)
  const gone = await server.inject({ url, headers })
  expect(gone.json()).toMatchObject({ numberMatched: 0, items: [] })
  expect(await listStrengths(own.app.db, siret!, 'fr')).toEqual({ strengths: [], others: [], count: 0 })
})

test('a closed enterprise is no part of the figures, and is found among all units', async () => {
  const siret = sirets[51]!
  const holder = await holderOf(own.app, siret)
  await sayPublicly(own.app, holder, siret, 'own-tools', answer('yes'))
  expect(await get(`/api/practices?siret=${siret}`)).toMatchObject({ numberMatched: 1 })
  await sql`update registry.establishment set state = 'closed' where siret = ${siret}`.execute(own.app.db.kysely)
  expect(await get(`/api/practices?siret=${siret}`)).toMatchObject({ numberMatched: 0 })
  expect(await get(`/api/practices?siret=${siret}&craft=all`)).toMatchObject({ numberMatched: 1 })
})

test('two bodies that disagree are both shown, and so is what the artisan contests', async () => {
  const siret = sirets[52]!
  const [chamber, pays] = [await bodyOf(own.app, 'Chambre d’essai'), await bodyOf(own.app, 'Pays d’essai')]
  await sayPublicly(own.app, chamber.surveyor, siret, 'local-events', answer('yes'))
  await sayPublicly(own.app, pays.surveyor, siret, 'local-events', answer('no'))
  await sayPublicly(own.app, pays.surveyor, siret, 'water-saving', answer('yes'))
  const tied = (await listStrengths(own.app.db, siret, 'fr')).strengths.find(({ pillar }) => pillar === 'social')!
  expect(tied.items).toMatchObject([{ item: 'local-events', state: 'tied', value: null, who: null }])
  expect(tied.items[0]!.sides.map(({ value, who }) => [value, who]).toSorted()).toEqual([
    ['non', 'Pays d’essai'],
    ['oui', 'Chambre d’essai'],
  ])
  const row = (await get(`/api/practices?siret=${siret}&item=local-events`)).items[0]!
  expect(row).toMatchObject({ value: null, done: false, state: 'tied', bodies: ['Chambre d’essai', 'Pays d’essai'] })
  const holder = await holderOf(own.app, siret)
  await contest(own.app.db, holder, {
    subject: { kind: 'enterprise', id: siret },
    item: 'water-saving',
    reason: 'Pas tout à fait',
  })
  const { strengths } = await listStrengths(own.app.db, siret, 'fr')
  expect(strengths[0]!.items).toMatchObject([{ item: 'water-saving', state: 'contested', who: 'Pays d’essai' }])
})

test('wrong filters are refused with the name of each', async () => {
  const wrong = await server.inject('/api/practices?pillar=money&item=nothing&siret=12&value=A%20B&territory=nowhere')
  expect(wrong.statusCode).toBe(400)
  const { errors } = wrong.json<{ errors: { field: string }[] }>()
  expect(errors.map(({ field }) => field).toSorted()).toEqual(['item', 'pillar', 'siret', 'territory', 'value'])
  const noDay = JSON.stringify(['newest', '2026-99-99', '00000000000000', 'repair-first'])
  const noCursor = `sort=newest&cursor=${Buffer.from(noDay).toString('base64url')}`
  for (const url of ['limit=0', 'cursor=zzz', 'sort=size', 'territory=99999x', noCursor])
    expect((await server.inject(`/api/practices?${url}`)).statusCode, url).toBe(400)
  expect((await server.inject('/api/practices.csv?separator=x')).statusCode).toBe(400)
  for (const url of ['territory=99999', 'metier=nobody'])
    expect((await server.inject(`/api/practices?${url}`)).statusCode, url).toBe(404)
  await expect(practicePage(own.app, 'fr', 'nothing', new URLSearchParams())).rejects.toMatchObject({ status: 404 })
})

test('the CSV is the one of the golden file', async () => {
  const siret = sirets[53]!
  const [chamber, pays] = [await bodyOf(own.app, 'Chambre « modèle »'), await bodyOf(own.app, 'Pays modèle')]
  const holder = await holderOf(own.app, siret)
  const say = (actor: User, item: string, value: Value) => sayPublicly(own.app, actor, siret, item, value, '2026-03-21')
  await say(chamber.surveyor, 'materials-nearby', answer('yes'))
  await say(pays.surveyor, 'materials-nearby', answer('yes'))
  await say(holder, 'materials-nearby', answer('partly'))
  await say(holder, 'material-choice', { kind: 'choice', choice: 'nearby' })
  await say(holder, 'place-story', { kind: 'text', text: '=1+1, dit "le vieux" ;\nici depuis 1920' })
  await say(holder, 'work-radius', { kind: 'number', number: 25, unit: 'km' })
  await say(holder, 'energy-use', { kind: 'number', number: 1200, unit: 'kWh' })
  await sql`update registry.establishment set name = 'Atelier modèle', commune = 'ZZ001', sector = 'making', metier = null
    where siret = ${siret}`.execute(own.app.db.kysely)
  const { body } = await server.inject(`/api/practices.csv?siret=${siret}`)
  const golden = await readFile(new URL('testing/practices.csv', import.meta.url), 'utf8')
  expect(body.replaceAll(siret, '00000000000000')).toBe(golden)
})
