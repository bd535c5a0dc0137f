import type { Point } from '#registry/model'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { copyText, sql } from '#platform'
import { streamChanges } from '#registry'
import { listCommuneCodes } from '#territory'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { listIdsOf, whereOf } from '../../registry/query.ts'
import { filterOf } from './filter.ts'
import { PointIndex } from './point-index.ts'
import { createPopulation, createRandom, pick, randomQuery } from './testing.ts'

const size = 1500
const territories = ['82121', '82001', '82', 'region-76', '24']
const columns = [
  'siret',
  'siren',
  'state',
  'diffusion',
  'name',
  'commune',
  'commune_declared',
  'position',
  'position_quality',
  'craft_rule',
  'sector',
  'metier',
  'employees',
  'created_on',
  'search',
  'fingerprint',
  'version',
]

let test_: TestApp
beforeAll(async () => {
  test_ = await createTestApp()
})
afterAll(() => test_.close())

const values = (row: Point, version: number) => [
  row.siret,
  row.siret.slice(0, 9),
  row.state,
  'full',
  row.name,
  row.commune,
  row.commune ?? '',
  row.lon === null ? null : `(${row.lon},${row.lat})`,
  row.positionQuality,
  row.craftRule,
  row.sector,
  row.metier,
  row.employees,
  row.createdOn,
  row.name?.toLowerCase() ?? '',
  '',
  version,
]

test('the index counts what the register’s SQL counts, for any query', async () => {
  const { db } = test_.app
  const random = createRandom(31)
  const { rows } = createPopulation(size, 30)
  const communes = [...(await listCommuneCodes(db, '82')).slice(0, 12), '37261']
  const placed = rows.map((row) => ({ ...row, commune: random() < 0.05 ? null : pick(random, communes) }))
  await db.copyIn('registry.establishment', columns, copyText(placed.map((row, n) => values(row, n + 1))))
  const index = await PointIndex.fromRows(streamChanges(db, 0))
  expect(index.size).toBe(size)
  let found = 0
  for (let n = 0; n < 200; n++) {
    const { query, viewport } = randomQuery(random, { rows: placed, communes })
    if (query.territory) query.territory = pick(random, territories)
    if (query.q) query.q = pick(random, ['Atelier', 'atelier 1', '  12  ', '—', '%', 'néant'])
    if (n % 3 === 0) query.bbox = viewport
    // The corner of a box on a unit: both borders are inside.
    const corner = pick(random, placed)
    if (n % 7 === 0 && corner.lon !== null) query.bbox = [corner.lon, corner.lat!, corner.lon + 1, corner.lat! + 1]
    const counted = await sql<{ n: number; placed: number }>`
      select count(*)::int as n, count(e.position)::int as placed from registry.public_establishment e where ${whereOf(query)}`.execute(
      db.kysely,
    )
    const communesOf = query.territory ? new Set(await listCommuneCodes(db, query.territory)) : null
    const filter = filterOf(query, {
      communes: communesOf,
      ids: await listIdsOf(db.kysely, query),
    })
    const shown = index.clusters(filter, n % 20).reduce((sum, one) => sum + one.count, 0)
    expect({ n: index.count(filter), placed: shown }, filter.key).toEqual(counted.rows[0])
    found += counted.rows[0]!.n
  }
  expect(found).toBeGreaterThan(size)
})
