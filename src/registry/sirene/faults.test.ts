import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ReadError } from './errors.ts'
import { collect, createFolder, type Collected } from './testing/collect.ts'
import { faultReasons, stockColumns, writeStock, type FaultName, type WrittenStock } from './testing.ts'

const folder = createFolder()
afterAll(folder.remove)

describe('20,000 rows of which 1 % have each fault', () => {
  const faults = Object.fromEntries(Object.keys(faultReasons).map((name) => [name, 0.01])) as Record<FaultName, number>
  let written: WrittenStock
  let found: Collected
  let clean: Collected
  beforeAll(async () => {
    const files = { faulty: folder.path('fautes.csv'), clean: folder.path('sain.csv') }
    written = await writeStock(files.faulty, { rows: 20_000, seed: 3, faults, cut: true })
    await writeStock(files.clean, { rows: 20_000, seed: 3 })
    found = await collect([{ name: 'fautes.csv', path: files.faulty }])
    clean = await collect([{ name: 'sain.csv', path: files.clean }])
  })

  test('the clean file has no issue', () => {
    expect(clean.issues).toEqual([])
    expect(clean.done.totals).toEqual({ rows: 20_000, accepted: 20_000, refused: 0, outOfScope: 0, warnings: 0 })
  })

  test.each(Object.entries(faultReasons))('every %s is told on its line, and nothing else is', (name, reason) => {
    const lines = found.issues.filter((issue) => issue.reason === reason).map(({ line }) => line)
    expect(lines).toEqual(written.lines[name as FaultName])
    expect(lines.length).toBeGreaterThan(150)
  })

  test('the cut row is told on the last line, and no other fault is seen', () => {
    expect(found.issues.filter(({ reason }) => reason === 'row.cut').map(({ line }) => line)).toEqual([20_001])
    const told = Object.values(written.lines).reduce((sum, lines) => sum + lines.length, 0)
    expect(found.issues).toHaveLength(told + 1)
  })

  test('every other row is accepted, with what it says', () => {
    const { rows, accepted, refused, warnings } = found.done.totals
    expect({ rows, accepted }).toEqual({ rows: written.rows, accepted: written.accepted })
    expect(refused).toBe(written.rows - written.accepted)
    const { year, duplicate, encoding } = written.lines
    expect(warnings).toBe(year.length + duplicate.length + encoding.length)
    const faulty = new Set(Object.values(written.lines).flat())
    const expected = new Map(clean.establishments.map(({ line, file: _, ...record }) => [line, record]))
    for (const { line, file: _, ...record } of found.establishments) {
      if (!faulty.has(line)) expect(record).toEqual(expected.get(line))
    }
  })

  test('rows in another encoding are read with their accents', async () => {
    const lines = new Set(written.lines.encoding)
    const rows = found.establishments.filter(({ line }) => lines.has(line))
    expect(rows).toHaveLength(lines.size)
    expect(JSON.stringify(found.establishments)).not.toContain('\ufffd')
    const streets = new Set(rows.map(({ addressLine }) => addressLine?.replace(/^\d+ RUE /, '')))
    expect([...streets].filter(Boolean).sort()).toEqual([
      'DE LA RÉPUBLIQUE',
      'DES ORFÈVRES',
      'DU GÉNÉRAL, ANGLE PLACE',
      'JEAN JAURES',
    ])
  })
})

test.each(['siret', 'codeCommuneEtablissement', 'activitePrincipaleEtablissement'])(
  'a file without %s is refused by that name',
  async (missingColumn) => {
    const path = folder.path('manque.csv')
    await writeStock(path, { rows: 10, missingColumn })
    await expect(collect([{ name: 'manque.csv', path }])).rejects.toMatchObject({
      code: 'sirene.missing_column',
      message: expect.stringContaining(`« ${missingColumn} »`),
    })
  },
)

test('the same seed writes the same file, another one another', async () => {
  const read = async (seed: number) => {
    const path = folder.path('graine.csv')
    await writeStock(path, { rows: 200, seed, departement: '82' })
    return (await collect([{ name: 'graine.csv', path }])).establishments
  }
  const first = await read(1)
  expect(await read(1)).toEqual(first)
  expect(await read(2)).not.toEqual(first)
  expect(first.every(({ communeCode }) => communeCode?.startsWith('82'))).toBe(true)
  expect(stockColumns).toHaveLength(54)
})

test('a file damaged anywhere is refused in words, or read with every row counted', async () => {
  const path = folder.path('abime.csv')
  await writeStock(path, { rows: 40, seed: 5 })
  const bytes = readFileSync(path)
  const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 10, 13, 34, 44, 49, 59, 65, 0xe9)), {
    maxLength: 12,
  })
  await fc.assert(
    fc.asyncProperty(damage, async (places) => {
      const damaged = Buffer.from(bytes)
      for (const [place, byte] of places) damaged[place] = byte
      const found = await collect([folder.write(damaged, 'abime.csv')]).catch((error: unknown) => error)
      if (found instanceof Error) {
        expect(found).toBeInstanceOf(ReadError)
        return
      }
      const { done, issues, establishments } = found as Collected
      const { rows, accepted, refused, outOfScope, warnings } = done.totals
      expect(rows).toBe(accepted + refused + outOfScope)
      expect(establishments).toHaveLength(accepted)
      expect(issues.filter(({ severity }) => severity === 'refused')).toHaveLength(refused)
      expect(issues.filter(({ severity }) => severity === 'warning')).toHaveLength(warnings)
      if (places.some(([place]) => place <= bytes.indexOf(10))) return
      expect(refused).toBeLessThanOrEqual(2 * places.length)
      expect(accepted).toBeGreaterThanOrEqual(40 - 2 * places.length)
    }),
    { numRuns: 150 },
  )
})
