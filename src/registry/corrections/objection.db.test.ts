import { afterAll, beforeAll, expect, test } from 'vitest'
import { eraseSubject } from '#consent'
import { createServer, sql, type User } from '#platform'
import { sayStatement } from '#statements'
import type { FastifyInstance } from 'fastify'
import { company, createBench, lambert, type Bench, type Unit } from '../imports/testing.ts'
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

const holder: User = { id: 'odette', name: 'Odette', email: null, kind: 'person', administrator: false }
/** A sole trader under a shop sign, which the register names. */
const trader = {
  ...lambert,
  categorieJuridiqueUniteLegale: '1000',
  denominationUniteLegale: '',
  nomUniteLegale: 'DURAND',
  prenom1UniteLegale: 'ODETTE',
  enseigne1Etablissement: 'LAVANDELLE',
}
const newer = { dateDernierTraitementEtablissement: '2025-06-01T10:00:00', trancheEffectifsEtablissement: '11' }

async function newUnit(values: Unit = trader) {
  const siret = bench.newSiret()
  const fileOf = (more: Unit = {}) => bench.exportFile(company(siret, { ...values, ...more }))
  await bench.importFiles([fileOf()])
  await sql`insert into accounts.enterprise_holder (person, siret) values (${holder.id}, ${siret})`.execute(
    bench.app.db.kysely,
  )
  return { siret, fileOf }
}

const object = async (siret: string) => {
  await eraseSubject(bench.app, holder, { kind: 'enterprise', id: siret }, 'request')
  await bench.app.events.settle()
}
const foundBy = async (words: string): Promise<string[]> => {
  const answer = await server.inject(`/api/establishments?craft=all&q=${encodeURIComponent(words)}`)
  return answer.json<{ features: { id: string }[] }>().features.map(({ id }) => id)
}

async function expectWithheld(siret: string) {
  expect(await bench.find(siret)).toMatchObject({
    diffusion: 'partial',
    name: null,
    address: null,
    postcode: null,
    natural_person: true,
    commune: '82121',
    lon: 1.35,
    lat: 44.02,
    position_quality: 'commune',
  })
  expect(await foundBy('lavandelle')).not.toContain(siret)
  expect(await foundBy(siret)).toEqual([siret])
  expect(await bench.historyOf(siret)).toEqual([])
  const shown = await server.inject(`/api/establishments/${siret}`)
  expect(shown.statusCode).toBe(200)
  expect(shown.body).not.toMatch(/lavandelle|orfevres|durand|odette/i)
}

test('the entry of a sole trader who objects becomes partial at once, and copies are told', async () => {
  const { siret, fileOf } = await newUnit()
  await bench.importFiles([fileOf({ ...newer, dateDernierTraitementEtablissement: '2024-06-01T10:00:00' })])
  expect(await bench.find(siret)).toMatchObject({ diffusion: 'full', name: 'LAVANDELLE', position_quality: 'address' })
  expect(await foundBy('lavandelle')).toContain(siret)
  expect(await bench.historyOf(siret)).toHaveLength(1)
  const { value } = await readRevision(bench.app.db)
  await object(siret)
  await expectWithheld(siret)
  expect((await readRevision(bench.app.db)).value).toBeGreaterThan(value)
  const feed = await server.inject('/api/retired?kind=establishment')
  expect(feed.body).toContain(siret)
})

test('it stays so when the same file comes again, then a newer one, and a same row changes nothing more', async () => {
  const { siret, fileOf } = await newUnit()
  await object(siret)
  const { value } = await readRevision(bench.app.db)
  for (let n = 0; n < 2; n++) {
    expect(await bench.importFiles([fileOf()])).toMatchObject({ inserted: 0, updated: 0, unchanged: 1 })
    await expectWithheld(siret)
  }
  expect((await readRevision(bench.app.db)).value).toBe(value)
  expect(await bench.importFiles([fileOf(newer)])).toMatchObject({ updated: 1 })
  await expectWithheld(siret)
  expect(await bench.find(siret)).toMatchObject({ employees: '11' })
  expect(await bench.importFiles([fileOf(newer)])).toMatchObject({ updated: 0, unchanged: 1 })
  const place = { siret, x_longitude: '1.36', y_latitude: '44.03', qualite_xy: '11', epsg: '2154' }
  await bench.importFiles([bench.positionFile(place)])
  await expectWithheld(siret)
})

test('an entry that comes after the objection comes as partial', async () => {
  const siret = bench.newSiret()
  await sql`insert into accounts.enterprise_holder (person, siret) values (${holder.id}, ${siret})`.execute(
    bench.app.db.kysely,
  )
  await object(siret)
  await bench.importFiles([bench.exportFile(company(siret, trader))])
  await expectWithheld(siret)
})

test('what its holder had corrected goes with it', async () => {
  const { siret } = await newUnit()
  const value = { kind: 'place', lon: 1.4, lat: 44.05, quality: 'address' }
  const subject = { kind: 'enterprise', id: siret }
  await sayStatement(bench.app.db, holder, { subject, item: 'place', value, as: 'right', method: 'on_site' })
  await bench.app.events.settle()
  expect(await getEstablishment(bench.app.db, siret)).toMatchObject({ lon: 1.4, corrected: ['place'] })
  await object(siret)
  await expectWithheld(siret)
  expect(await getEstablishment(bench.app.db, siret)).toMatchObject({ corrected: [], lon: 1.35 })
})

test('a company keeps its name and its address, before and after an import', async () => {
  const { siret, fileOf } = await newUnit(lambert)
  const before = await bench.find(siret)
  expect(before).toMatchObject({ diffusion: 'full', name: 'L’ÉTAMEUR DU QUERCY', natural_person: false })
  await object(siret)
  expect(await bench.find(siret)).toEqual(before)
  expect(await bench.importFiles([fileOf()])).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await bench.find(siret)).toEqual(before)
})
