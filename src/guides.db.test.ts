import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from '#platform'
import { createTestApp, type TestApp } from './platform/testing/application.ts'
import { runCommand } from './platform/testing/command-line.ts'
import { writeStock } from './registry/sirene/testing.ts'

const docs = join(import.meta.dirname, '../docs')
const read = (page: string) => readFileSync(join(docs, page), 'utf8')
// In the order in which a reader would follow them: each finds what those before it made.
const guides = [
  'guides/importer-un-territoire.md',
  'guides/deployer.md',
  'guides/droits-des-personnes.md',
  'guides/reutiliser-les-donnees.md',
]

/** The blocks of a page: what follows the fence, and the lines. */
const blocksOf = (text: string) =>
  [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({ info: match[1]!, content: match[2]! }))

let own: TestApp
let cwd: string
let server: FastifyInstance | null = null

const square = (west: number, south: number) => [
  [west, south],
  [west + 0.1, south],
  [west + 0.1, south + 0.1],
  [west, south + 0.1],
  [west, south],
]
const commune = (code: string, west: number, south: number) => ({
  type: 'Feature',
  properties: { code },
  geometry: { type: 'Polygon', coordinates: [square(west, south)] },
})

/** The files that a reader of the guides would have: those that a guide shows, and those that it tells where to find. */
async function writeFiles() {
  const features = [commune('82121', 1.3, 43.98), commune('82112', 1.05, 44.08)]
  writeFileSync(join(cwd, 'communes-82.geojson'), JSON.stringify({ type: 'FeatureCollection', features }))
  const erasure = {
    id: randomUUID(),
    kind: 'person',
    subject: randomUUID(),
    reason: 'request',
    at: '2026-11-25T09:00:00Z',
  }
  writeFileSync(join(cwd, 'erasures.jsonl'), `${JSON.stringify(erasure)}\n`)
  await writeStock(join(cwd, 'etablissements-82.csv'), { rows: 80, departement: '82' })
  for (const { info, content } of guides.flatMap((page) => blocksOf(read(page)))) {
    const name = /^csv ([a-z-]+\.csv)$/.exec(info)?.[1]
    if (name) writeFileSync(join(cwd, name), content)
  }
}

beforeAll(async () => {
  own = await createTestApp()
  await own.app.db.close()
  cwd = mkdtempSync(join(tmpdir(), 'artisanumerique-guides-'))
  await writeFiles()
})
afterAll(async () => {
  if (!server) await own.reopen()
  await server?.close()
  await own.close()
  rmSync(cwd, { recursive: true, force: true })
})

async function openServer(): Promise<FastifyInstance> {
  server ??= await createServer({ app: await own.reopen(), pages: 'none' })
  return server
}

async function closeServer() {
  if (!server) return
  await server.close()
  server = null
  await own.app.db.close()
}

/** Words of a command line; those between quotes are one. */
const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!)

/** Runs a line of the guides as the reader's shell would; `DATA_DIR=…` before it means another, embedded database. */
async function runLine(line: string) {
  const cli = /^(?:DATA_DIR=(\S+) )?npm run cli -- (.+)$/.exec(line)
  if (cli) {
    await closeServer()
    const { config } = own.app
    const asked = cli[1] ? { ...config, dataDir: join(cwd, cli[1]), databaseUrl: null } : config
    const ran = await runCommand(asked, wordsOf(cli[2]!), { cwd })
    expect(ran.code, `${line}\n${ran.out}${ran.err}`).toBe(0)
    return
  }
  const url = /^curl (?:-o \S+ )?'?http:\/\/127\.0\.0\.1:3000(\/[^'\s]*)'?$/.exec(line)?.[1]
  if (!url) throw new Error(`This test does not know how to run: ${line}`)
  const answer = await (await openServer()).inject(url)
  expect(answer.statusCode, `${line}\n${answer.body.slice(0, 500)}`).toBe(200)
  expect(answer.rawPayload.length, line).toBeGreaterThan(0)
}

test.each(guides)('%s: every command works as written', async (page) => {
  const blocks = blocksOf(read(page)).filter(({ info }) => /^sh\b/.test(info))
  const forgotten = blocks.filter(({ info, content }) => info !== 'sh test' && /npm run cli|^curl /m.test(content))
  expect(forgotten.map(({ content }) => content)).toEqual([])
  const lines = blocks.filter(({ info }) => info === 'sh test').flatMap(({ content }) => content.trim().split('\n'))
  expect(lines.length).toBeGreaterThan(2)
  for (const line of lines) await runLine(line)
})

test('the register that the guides imported is there', async () => {
  const found = await (await openServer()).inject('/api/establishments?territory=pays-des-deux-rives&craft=all')
  expect(found.json<{ numberMatched: number }>().numberMatched).toBeGreaterThan(0)
  const territory = await (await openServer()).inject('/api/territories/82')
  expect(territory.json<{ hasContour: boolean }>().hasContour).toBe(true)
})

interface OpenApi {
  paths: Record<string, { get: { parameters?: { name: string }[] } }>
}

test('the guide to the data names every address and every parameter of the API, and no other address', async () => {
  const { paths } = (await (await openServer()).inject('/api/openapi.json')).json<OpenApi>()
  const guide = read('guides/reutiliser-les-donnees.md')
  expect(Object.keys(paths).filter((path) => !guide.includes(path))).toEqual([])
  const parameters = Object.values(paths).flatMap(({ get }) => get.parameters ?? [])
  expect(parameters.filter(({ name }) => !guide.includes(`\`${name}`) && !guide.includes(`{${name}}`))).toEqual([])

  const known = [...Object.keys(paths), '/api/openapi.json'].map(
    (path) => new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
  )
  const named = [...guides, 'ARCHITECTURE.md', '../README.md'].flatMap(
    (page) => read(page).match(/(?<=[`0-9])\/(api|tiles)\/[^`'?\s…]+/g) ?? [],
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((path) => !known.some((pattern) => pattern.test(path)))).toEqual([])
})
