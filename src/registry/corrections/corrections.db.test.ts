import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { giveConsent, withdrawConsent } from '#consent'
import { createServer, newId, sql, type User } from '#platform'
import { listAgreed, moderate, sayStatement, withdrawStatement } from '#statements'
import type { FastifyInstance } from 'fastify'
import { company, createBench, lambert, type Bench } from '../imports/testing.ts'
import { getEstablishment, readRevision } from '../queries.ts'

let bench: Bench
let server: FastifyInstance
beforeAll(async () => {
  bench = await createBench()
  await bench.app.events.start(bench.app)
  server = await createServer({ app: bench.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await bench.app.events.stop()
  await bench.close()
})

const person = (administrator = false): User => ({
  id: newId(),
  name: 'Ada',
  email: null,
  kind: 'person',
  administrator,
})
const administrator = person(true)
let siret: string
let artisan: User

async function newUnit(values: Record<string, string> = {}) {
  siret = bench.newSiret()
  await bench.importFiles([bench.exportFile(company(siret, { ...lambert, ...values }))])
  artisan = person()
  await sql`insert into accounts.enterprise_holder (person, siret) values (${artisan.id}, ${siret})`.execute(
    bench.app.db.kysely,
  )
}
beforeEach(() => newUnit())

const consent = { textVersion: 'know-how-1', textLang: 'fr' as const }
const say = async (actor: User | null, item: string, value: unknown, more: object = {}) => {
  const said = await sayStatement(bench.app.db, actor, {
    subject: { kind: 'enterprise', id: siret },
    item,
    value,
    as: actor?.id === artisan.id ? 'right' : 'citizen',
    method: 'on_site',
    ...more,
  })
  await bench.app.events.settle()
  return said.id
}
const find = () => getEstablishment(bench.app.db, siret)
const text = (one: string) => ({ kind: 'text', text: one })
const settled = async <T>(work: Promise<T>) => {
  const result = await work
  await bench.app.events.settle()
  await bench.app.events.settle()
  return result
}

test('what a citizen proposes shows once it is accepted, everywhere, and leaves when it is withdrawn', async () => {
  const before = await find()
  const id = await say(null, 'opening_hours', text('Du lundi au jeudi'))
  expect(await find()).toEqual(before)
  const { value } = await readRevision(bench.app.db)
  await settled(moderate(bench.app.db, administrator, { statement: id, accepted: true, reason: '' }))
  expect(await find()).toMatchObject({ openingHours: 'Du lundi au jeudi', corrected: ['opening_hours'] })
  expect((await readRevision(bench.app.db)).value).toBeGreaterThan(value)
  const csv = await server.inject(`/api/establishments.csv?craft=all&q=${siret}`)
  expect(csv.body).toMatch(/Du lundi au jeudi,,opening_hours/)
  const item = await server.inject(`/api/establishments/${siret}`)
  expect(item.json()).toMatchObject({ properties: { openingHours: 'Du lundi au jeudi' } })
  const agreed = await server.inject(`/api/statements?subject=enterprise:${siret}`)
  expect(agreed.json()).toMatchObject({
    numberMatched: 1,
    items: [{ item: 'opening_hours', state: 'agreed', sides: [{ citizens: 1, statements: [id] }] }],
  })
  await settled(withdrawStatement(bench.app.db, administrator, id))
  expect(await find()).toEqual(before)
  const retired = await sql`select 1 from platform.retired where kind = 'statement' and id = ${id}`.execute(
    bench.app.db.kysely,
  )
  expect(retired.rows).toHaveLength(1)
})

test('an activity, a place and a name override the register, in search too, until they are withdrawn', async () => {
  const before = await find()
  const ids = [
    await say(artisan, 'activity', { kind: 'choice', choice: 'tailleur-de-pierre' }),
    await say(artisan, 'place', { kind: 'place', lon: 1.4, lat: 44.05, quality: 'address' }),
    await say(artisan, 'public_name', text('L’Écureuil d’Or')),
  ]
  expect(await find()).toMatchObject({
    metier: 'tailleur-de-pierre',
    lon: 1.4,
    lat: 44.05,
    positionQuality: 'address',
  })
  // The unit of the bench is a legal person: its name needs no consent.
  expect((await find()).name).toBe('L’Écureuil d’Or')
  const found = await server.inject('/api/establishments?craft=all&q=ecureuil')
  expect(found.json()).toMatchObject({ numberMatched: 1, features: [{ id: siret }] })
  for (const id of ids) await settled(withdrawStatement(bench.app.db, artisan, id))
  expect(await find()).toEqual(before)
})

test('an import never takes a correction for the register, keeps it over newer values, and says nothing changed', async () => {
  const file = () => bench.exportFile(company(siret, lambert))
  await say(artisan, 'place', { kind: 'place', lon: 1.4, lat: 44.05, quality: 'address' })
  await say(artisan, 'public_name', text('L’Écureuil d’Or'))
  const corrected = await find()
  expect(await bench.importFiles([file()])).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await find()).toEqual(corrected)
  const newer = {
    ...lambert,
    dateDernierTraitementEtablissement: '2025-06-01T10:00:00',
    trancheEffectifsEtablissement: '11',
  }
  expect(await bench.importFiles([bench.exportFile(company(siret, newer))])).toMatchObject({ updated: 1 })
  expect(await find()).toEqual({ ...corrected, employees: '11', registerUpdatedAt: '2025-06-01T10:00:00' })
  expect(await bench.historyOf(siret)).toMatchObject([{ name: 'L’ÉTAMEUR DU QUERCY', employees: '01' }])
  const kept = await sql<{ name: string }>`
    select registered->>'name' as name from registry.establishment_correction where siret = ${siret}`.execute(
    bench.app.db.kysely,
  )
  expect(kept.rows[0]!.name).toBe('L’ÉTAMEUR DU QUERCY')
})

test('a unit that becomes partial shows none of what was said of its name and place', async () => {
  const name = await say(artisan, 'public_name', text('ZYTHOLOGIE SECRETE'))
  await say(artisan, 'website', text('https://zythologie-secrete.fr'))
  await say(artisan, 'in_activity', { kind: 'answer', answer: 'yes' })
  const partial = { statutDiffusionEtablissement: 'P', dateDernierTraitementEtablissement: '2025-02-01T00:00:00' }
  await settled(bench.importFiles([bench.exportFile(company(siret, partial))]))
  expect(await find()).toMatchObject({ name: null, website: null, inActivity: 'yes', corrected: ['in_activity'] })
  const answers = await Promise.all(
    [
      `/api/statements?subject=enterprise:${siret}`,
      '/api/establishments.csv?craft=all',
      `/api/establishments/${siret}`,
    ].map(async (url) => (await server.inject(url)).body),
  )
  expect(answers.join().toLowerCase()).not.toContain('zythologie')
  const retired = await sql`select 1 from platform.retired where kind = 'statement' and id = ${name}`.execute(
    bench.app.db.kysely,
  )
  expect(retired.rows).toHaveLength(1)
  await expect(say(artisan, 'public_name', text('ZYTHOLOGIE'))).rejects.toMatchObject({ code: 'statements.withheld' })
})

test('the name of a sole trader is his alone to say, by his consent, and leaves with it', async () => {
  await newUnit({
    categorieJuridiqueUniteLegale: '1000',
    denominationUniteLegale: '',
    nomUniteLegale: 'LAVANDELLE',
    prenom1UniteLegale: 'ODETTE',
  })
  expect(await find()).toMatchObject({ naturalPerson: true, name: null })
  await expect(say(null, 'public_name', text('Chez Odette'))).rejects.toMatchObject({
    code: 'statements.subject_alone',
  })
  await expect(say(artisan, 'public_name', text('Chez Odette'))).rejects.toMatchObject({
    code: 'statements.consent_expected',
  })
  const id = await say(artisan, 'public_name', text('Chez Odette'), { consent })
  expect(await find()).toMatchObject({ name: 'Chez Odette', corrected: ['public_name'] })
  await settled(withdrawConsent(bench.app.db, artisan, { kind: 'statement', id }))
  expect(await find()).toMatchObject({ name: null, corrected: [] })
  expect(await listAgreed(bench.app.db.kysely, { kind: 'enterprise', id: siret })).toEqual([])
  const scope = { audience: 'public' as const, uses: ['atlas' as const], until: null }
  await settled(
    giveConsent(bench.app.db, artisan, {
      kind: 'statement',
      id,
      scope,
      way: 'screen',
      by: 'holder',
      ageClass: 'adult',
      textVersion: 'know-how-1',
    }),
  )
  expect(await find()).toMatchObject({ name: 'Chez Odette' })
})

test('a place far from its commune, an unknown craft and a dangerous link are refused with the field', async () => {
  const refusals: [string, unknown, string][] = [
    ['place', { kind: 'place', lon: 44.02, lat: 1.35, quality: 'address' }, 'lat'],
    ['activity', { kind: 'choice', choice: 'licornier' }, 'choice'],
    ['website', text('javascript:alert(1)'), 'text'],
    ['website', text('https://user:pass@example.fr'), 'text'],
    ['in_activity', { kind: 'answer', answer: 'partly' }, 'answer'],
    ['opening_hours', text('x'.repeat(301)), 'text'],
  ]
  for (const [item, value, field] of refusals)
    await expect(say(null, item, value), item).rejects.toMatchObject({
      status: 400,
      fields: expect.arrayContaining([expect.objectContaining({ field })]) as unknown,
    })
})
