import { parse } from 'csv-parse/sync'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { join, resolve } from 'node:path'
import { VectorTile } from '@mapbox/vector-tile'
import { PbfReader } from 'pbf'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { createServer, sql } from '#platform'
import { importTerritory, readCommuneCodes } from '#territory'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { runImport, type ImportResult } from './run.ts'

const data = resolve(import.meta.dirname, '../../../../shared/data')
const exports = [
  'sirene_fr_export_2024_brasseries_1105Z.csv',
  'sirene_fr_export_2024_brasseries_82_cvl.csv',
  'sirene_fr_export_2022_isere_47.csv',
  'StockEtablissement_2019_sample.csv',
]
const answers = [
  'api_sirene_v3_etablissement.json',
  'api_sirene_v3_etablissement_non_diffusable.json',
  'api_sirene_v3_results.json',
  'api_sirene_v3_unite_legale.json',
]

let own: TestApp
let server: FastifyInstance
beforeAll(async () => {
  own = await createTestApp()
  server = await createServer({ app: own.app, pages: 'none' })
})
afterAll(async () => {
  await server.close()
  await own.close()
})

/** The path of a file of open data; the test is skipped, and says so, where it is not there. */
function needed(context: TestContext, name: string): string {
  const path = join(data, name)
  if (!existsSync(path)) context.skip(`needs ../shared/data/${name}`)
  return path
}

interface Naive {
  siret: string | undefined
  commune: string | undefined
  updated: string | undefined
}

type Json = { [key: string]: Json | undefined } & Json[] & string

const naiveCsv = (path: string): Naive[] =>
  parse<Record<string, string>>(readFileSync(path), { columns: true, bom: true }).map((row) => ({
    siret: row.siret,
    commune: row.codeCommuneEtablissement,
    updated: row.dateDernierTraitementEtablissement,
  }))

/** The establishments of an API's answer, the head office of a search result first. */
function naiveJson(path: string): Naive[] {
  const value = JSON.parse(readFileSync(path, 'utf8')) as Json
  const results = value.result?.results
  if (results) {
    return results.flatMap(({ siege, matching_etablissements: others }: Json) =>
      Object.values(
        Object.fromEntries([...others!, siege!].map((one: Json) => [one.siret, one])) as Record<string, Json>,
      )
        .filter(({ siret }) => siret)
        .map((one) => ({ siret: one.siret, commune: one.commune, updated: one.date_mise_a_jour_insee })),
    )
  }
  return (Array.isArray(value) ? (value as Json[]) : [value]).map((one) => ({
    siret: one.siret,
    commune: one.adresseEtablissement?.codeCommuneEtablissement,
    updated: one.dateDernierTraitementEtablissement,
  }))
}

/** What the register must hold: the last row of each SIRET, unless it is older than the one before. */
const expected = new Map<string, Naive>()
const toTheSecond = (date: string | undefined) => date?.slice(0, 19) ?? ''
function expectRows(rows: Naive[]) {
  for (const row of rows) {
    const before = expected.get(row.siret!)
    if (before?.updated && row.updated && toTheSecond(row.updated) < toTheSecond(before.updated)) continue
    expected.set(row.siret!, row)
  }
}

const countBy = (values: (string | null)[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(values, (value) => value ?? '')].map(([key, { length }]) => [key, length]))

async function countByCommune(): Promise<Record<string, number>> {
  const found = await sql<{ commune: string; n: number }>`
    select coalesce(commune, '') as commune, count(*)::int as n from registry.public_establishment group by 1`.execute(
    own.app.db.kysely,
  )
  return Object.fromEntries(found.rows.map(({ commune, n }) => [commune, n]))
}

const communesOfToday = async () => {
  const codes = await readCommuneCodes(own.app.db.kysely)
  return countBy([...expected.values()].map(({ commune }) => codes.get(commune ?? '') ?? null))
}

function expectBalanced({ rows, accepted, refused, outOfScope }: ImportResult) {
  expect(accepted + refused + outOfScope).toBe(rows)
}

const imported: string[] = []

/** Imports files twice: the second time changes nothing. */
async function importTwice(...paths: string[]): Promise<ImportResult> {
  const files = paths.map((path) => ({ name: path.split('/').at(-1)!, path }))
  const request = { files, departement: null, requestedBy: 'test' }
  const first = await runImport(own.app, request)
  const again = await runImport(own.app, request)
  expectBalanced(first)
  expect(again).toMatchObject({ rows: first.rows, accepted: first.accepted, inserted: 0, updated: 0 })
  expect(again.unchanged).toBe(first.inserted + first.updated + first.unchanged)
  imported.push(...paths)
  return first
}

test('the contours of a département open it', async (context) => {
  const path = needed(context, 'geo_contours/communes-82.geojson')
  const contours = { text: readFileSync(path, 'utf8'), file: 'communes-82.geojson', source: 'test' }
  const done = await importTerritory(own.app, 'operator', { departement: '82', contours })
  expect(done).toMatchObject({ communes: 195, withContour: 195, missing: [] })
})

test.for(exports)('%s: as many rows as a naive reading finds, by commune too', async (name, context) => {
  const path = needed(context, `sirene/${name}`)
  const rows = naiveCsv(path)
  const done = await importTwice(path)
  expect(done).toMatchObject({ rows: rows.length, accepted: rows.length, refused: 0, reportKey: null })
  expectRows(rows)
  expect(done.inserted + done.updated + done.unchanged).toBe(new Set(rows.map(({ siret }) => siret)).size)
  expect(await countByCommune()).toEqual(await communesOfToday())
})

test.for(answers)('%s: as many rows as a naive reading finds, by commune too', async (name, context) => {
  const path = needed(context, `sirene/${name}`)
  const rows = naiveJson(path).filter(({ siret }) => siret)
  const done = await importTwice(path)
  expect(done).toMatchObject({ refused: 0, accepted: rows.length, outOfScope: done.rows - rows.length })
  expectRows(rows)
  expect(await countByCommune()).toEqual(await communesOfToday())
})

test('the answers of the API Recherche d’entreprises, all at once: the same', async (context) => {
  const folder = needed(context, 'sirene/api_recherche_entreprises')
  const paths = readdirSync(folder).map((name) => join(folder, name))
  const rows = paths.flatMap(naiveJson)
  const done = await importTwice(...paths)
  expect(done).toMatchObject({ rows: rows.length, accepted: rows.length, refused: 0 })
  expectRows(rows)
  expect(await countByCommune()).toEqual(await communesOfToday())
})

test('invented numbers are all refused, each told in the report by line, column, masked value and reason', async (context) => {
  const path = needed(context, 'sirene/signaux_faibles_sirene_test.csv')
  const rows = naiveCsv(path)
  const done = await importTwice(path)
  expect(done).toMatchObject({ rows: rows.length, accepted: 0, refused: rows.length, inserted: 0 })
  const report = await text((await own.app.storage.read(done.reportKey!))!)
  const lines = parse<Record<string, string>>(report, { columns: true, delimiter: ';' })
  expect(lines.map((line) => line.ligne)).toEqual(rows.map((_, index) => String(index + 2)))
  expect(lines.map((line) => line['valeur masquée'])).toEqual(rows.map(({ siret }) => siret))
  for (const line of lines)
    expect(line).toMatchObject({
      fichier: 'signaux_faibles_sirene_test.csv',
      colonne: 'siret',
      gravité: 'ligne refusée',
      code: 'siret.checksum',
      motif: 'La clé de contrôle du SIRET est fausse. Vérifiez ses chiffres.',
    })
})

test('API, CSV, GeoJSON and tiles say the same numbers', async (context) => {
  if (imported.length === 0) return context.skip('needs ../shared/data/sirene')
  const counts = await communesOfToday()
  const total = expected.size
  const in82 = Object.entries(counts).reduce((sum, [code, n]) => sum + (code.startsWith('82') ? n : 0), 0)
  const matched = async (query: string) =>
    (await server.inject({ url: `/api/establishments?craft=all&limit=1${query}` })).json<{ numberMatched: number }>()
      .numberMatched
  expect(await matched('')).toBe(total)
  expect(await matched('&territory=82')).toBe(in82)
  expect(in82).toBeGreaterThan(5)
  for (const [code, n] of Object.entries(counts).filter(([key]) => /^(82|37|45)/.test(key)))
    expect(await matched(`&territory=${code}`), code).toBe(n)
  const { csv, geojson, tile } = await published()
  expect(parse(csv, { columns: true })).toHaveLength(total)
  expect((JSON.parse(geojson) as { features: unknown[] }).features).toHaveLength(total)
  const unplaced = await sql<{ n: number }>`
    select count(*)::int as n from registry.public_establishment where position is null`.execute(own.app.db.kysely)
  expect(pointsOf(tile) + unplaced.rows[0]!.n).toBe(total)
})

async function published() {
  const answers = await Promise.all(
    [
      '/api/establishments.csv?craft=all',
      '/api/establishments.geojson?craft=all',
      '/tiles/atlas/0/0/0.mvt?craft=all',
    ].map((url) => server.inject({ url })),
  )
  for (const { statusCode } of answers) expect(statusCode).toBe(200)
  return { csv: answers[0]!.body, geojson: answers[1]!.body, tile: answers[2]!.rawPayload }
}

function pointsOf(tile: Buffer): number {
  const { layers } = new VectorTile(new PbfReader(tile))
  let count = layers.points?.length ?? 0
  for (let i = 0; i < (layers.clusters?.length ?? 0); i++) count += Number(layers.clusters!.feature(i).properties.count)
  return count
}

/** How the open files write the names of sole traders, and what is withheld. */
const secret = /\b(?:PRE)?NOM ?\d|XXXXXX|\[ND\]|NON-DIFFUSIBLE/

/** Every table whose rows hold a secret. */
async function tablesWithSecrets(): Promise<string[]> {
  const tables = await sql<{ name: string }>`
    select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('registry', 'platform', 'accounts', 'pgboss')`.execute(own.app.db.kysely)
  const wrong: string[] = []
  for (const { name } of tables.rows) {
    const found = await sql<{ row: string }>`
      select t::text as row from ${sql.raw(name)} t
      where t::text ~ '\\m(PRE)?NOM ?[0-9]|XXXXXX|\\[ND\\]|NON-DIFFUSIBLE' limit 1`.execute(own.app.db.kysely)
    wrong.push(...found.rows.map(({ row }) => `${name}: ${row}`))
  }
  return wrong
}

test('no name of a sole trader or of partial diffusion is kept or shown anywhere', async (context) => {
  if (imported.length === 0) return context.skip('needs ../shared/data/sirene')
  const sources = imported.map((path) => readFileSync(path, 'utf8')).join('\n')
  for (const sign of ['NOM7487', 'PRENOM25', 'XXXXXX', '[ND]']) expect(sources).toContain(sign)
  expect(await tablesWithSecrets()).toEqual([])
  const { csv, geojson, tile } = await published()
  for (const output of [csv, geojson, tile.toString('latin1')]) expect(output).not.toMatch(secret)
  for await (const { key } of own.app.storage.list())
    expect(await text((await own.app.storage.read(key))!), key).not.toMatch(secret)
  const partial = await sql<{ n: number; shown: number }>`
    select count(*)::int as n, count(*) filter (where name is not null or address is not null or postcode is not null
      or position_quality in ('address', 'street'))::int as shown
    from registry.establishment where diffusion = 'partial'`.execute(own.app.db.kysely)
  expect(partial.rows[0]!.n).toBeGreaterThan(214)
  expect(partial.rows[0]!.shown).toBe(0)
})
