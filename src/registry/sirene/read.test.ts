import fc from 'fast-check'
import { writeFileSync } from 'node:fs'
import { truncate } from 'node:fs/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { readSirene } from './read.ts'
import { collect, createFolder, csvOf, stockUnit } from './testing/collect.ts'
import { siretAt, stockColumns, unitStockColumns, writeStock } from './testing.ts'
import { writeZip } from './testing/zip.ts'

const folder = createFolder()
afterAll(folder.remove)

const units = Array.from({ length: 30 }, (_, n) =>
  stockUnit({
    siret: siretAt(n),
    libelleVoieEtablissement: n % 3 === 0 ? 'DE L’ÉGLISE, "HAUTE"' : 'DU CÈDRE',
    libelleCommuneEtablissement: 'CÉRET',
  }),
)
const text = csvOf(units)
const refusal = async (file: { name: string; path: string }) => {
  const error: unknown = await collect([file]).catch((thrown: unknown) => thrown)
  return error as { code: string; message: string }
}

describe('writings of a CSV', () => {
  const encodings: Record<string, (content: string) => Buffer> = {
    utf8: (content) => Buffer.from(content),
    utf8mark: (content) => Buffer.from(`\ufeff${content}`),
    utf16le: (content) => Buffer.from(`\ufeff${content}`, 'utf16le'),
    utf16be: (content) => Buffer.from(`\ufeff${content}`, 'utf16le').swap16(),
    windows1252: (content) => Buffer.from(content.replaceAll('’', '\u0092'), 'latin1'),
  }

  test('any encoding, separator and line end gives the same records', async () => {
    const expected = (await collect([folder.write(text)])).establishments
    expect(expected).toHaveLength(30)
    expect(expected[0]!.addressLine).toBe('DE L’ÉGLISE, "HAUTE"')
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(encodings)),
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        async (encoding, separator, newline, lastLine) => {
          const content = csvOf(units, stockColumns, separator).replaceAll('\n', newline)
          const written = lastLine ? content : content.slice(0, -newline.length)
          const { establishments, issues } = await collect([folder.write(encodings[encoding]!(written))])
          expect(establishments).toEqual(expected)
          expect(issues).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('columns may come in any order and letter case, unknown ones being told', async () => {
    const columns = [...stockColumns].reverse().map((column) => (column === 'siret' ? ' SIRET ' : column))
    const rows = csvOf(
      units.map((unit) => ({ ...unit, ' SIRET ': unit.siret!, note: 'x' })),
      [...columns, 'note', 'Réf'],
    )
    const { establishments, recognised } = await collect([folder.write(rows)])
    expect(establishments.map(({ siret }) => siret)).toEqual(units.map(({ siret }) => siret))
    expect(recognised).toMatchObject([{ unknownColumns: ['note', 'Réf'], absentColumns: [] }])
  })
})

describe('recognition by the header', () => {
  const label = async (columns: readonly string[]) =>
    (await collect([folder.write(csvOf([], columns))])).recognised[0]!.formatLabel
  const unitColumns = unitStockColumns.filter((column) => column.endsWith('UniteLegale'))

  test.each([
    ['StockEtablissement 2026 (54 colonnes)', stockColumns],
    ['StockEtablissement 2024 (53 colonnes)', stockColumns.slice(0, -1)],
    [
      'StockEtablissement 2019 géocodé (53 colonnes)',
      [...stockColumns.filter((column) => !/Lambert|NAF25/.test(column)), 'longitude', 'latitude'],
    ],
    ['StockUniteLegale (35 colonnes)', unitStockColumns],
    ['Géolocalisation de l’Insee (5 colonnes)', ['siret', 'x', 'y', 'qualite_xy', 'epsg']],
    ['Géolocalisation de l’Insee (4 colonnes)', ['siret', 'qualite_xy', 'x_longitude', 'y_latitude']],
  ])('%s', async (expected, columns) => {
    expect(await label(columns)).toBe(expected)
  })

  test.each([
    [['siret'], stockColumns],
    [['codeCommuneEtablissement', 'activitePrincipaleEtablissement'], stockColumns],
    [['statutDiffusionEtablissement'], stockColumns],
    [['etatAdministratifEtablissement'], stockColumns],
    [['categorieJuridiqueUniteLegale'], [...stockColumns, ...unitColumns]],
    [['siren'], unitStockColumns],
    [['statutDiffusionUniteLegale', 'nomUniteLegale'], unitStockColumns],
    [
      ['qualite_xy', 'epsg'],
      ['siret', 'x', 'y', 'qualite_xy', 'epsg'],
    ],
  ])('refuses a file without %s, by its name', async (missing, columns) => {
    const error = await refusal(
      folder.write(
        csvOf(
          units,
          columns.filter((column) => !missing.includes(column)),
        ),
      ),
    )
    expect(error.code).toBe('sirene.missing_column')
    for (const column of missing) expect(error.message).toContain(`« ${column} »`)
  })

  test('tells the usual columns that are absent', async () => {
    const file = folder.write(
      csvOf(
        units,
        stockColumns.filter((column) => !column.startsWith('enseigne1')),
      ),
    )
    expect((await collect([file])).recognised).toMatchObject([{ absentColumns: ['enseigne1Etablissement'] }])
  })

  test.each([
    ['another CSV', 'nom;prenom\nA;B\n'],
    ['a text', 'bonjour\n'],
    ['a Parquet file', 'PAR1\u0015\u0004'],
    ['a gzip file', Buffer.from([0x1f, 0x8b, 8, 0])],
    ['a binary file', Buffer.from([1, 2, 3, 0, 0, 0, 255])],
    ['a history', `${stockColumns.join(',')},dateFin,changementEtatAdministratifEtablissement\n`],
    ['the JSON of something else', '{"a": 1}'],
    ['a JSON list of something else', '[1, 2]'],
  ])('refuses %s', async (_, content) => {
    expect((await refusal(folder.write(content))).code).toBe('sirene.unknown_format')
  })

  test.each([
    ['sirene.empty', ''],
    ['sirene.empty', '\ufeff\n \r\n'],
    ['sirene.invalid_json', '[{"siret": "420'],
    ['sirene.line_too_long', Buffer.concat([Buffer.from(`${stockColumns.join(',')}\n`), Buffer.alloc(5_000_000, 'x')])],
  ])('says %s', async (code, content) => {
    expect((await refusal(folder.write(content))).code).toBe(code)
  })

  test('says that a file is not there, or is a folder', async () => {
    expect((await refusal({ name: 'absent.csv', path: folder.path('absent.csv') })).code).toBe('sirene.unreadable_file')
    expect((await refusal({ name: 'dossier', path: folder.path('.') })).code).toBe('sirene.unreadable_file')
  })

  test('gives no record when the last of several files is at fault', async () => {
    const kinds: string[] = []
    const files = [folder.write(text, 'bon.csv'), folder.write('a;b\n', 'mauvais.csv')]
    await expect(async () => {
      for await (const event of readSirene(files)) kinds.push(event.kind)
    }).rejects.toMatchObject({ code: 'sirene.unknown_format' })
    expect(kinds).toEqual(['recognised'])
  })
})

describe('archives', () => {
  const write = async (entries: Parameters<typeof writeZip>[1]) => {
    const path = folder.path('archive.bin')
    await writeZip(path, entries)
    return { name: 'archive.zip', path }
  }
  const content = Buffer.from(text)

  test('a CSV in an archive reads like the CSV', async () => {
    const found = await collect([await write([{ name: 'StockEtablissement_utf8.csv', content }])])
    const plain = await collect([folder.write(text, 'archive.zip')])
    expect({ ...found, recognised: [] }).toEqual({ ...plain, recognised: [] })
  })

  test('all its CSV and JSON are read, the rest left', async () => {
    const units = Buffer.from(
      csvOf([{ siren: siretAt(1).slice(0, 9), statutDiffusionUniteLegale: 'O' }], unitStockColumns),
    )
    const file = await write([
      { name: 'lisez-moi.pdf', content: Buffer.from('%PDF') },
      { name: '__MACOSX/._u.csv', content: Buffer.from('x') },
      { name: 'u.csv', content: units },
      { name: 'dossier/e.CSV', content },
    ])
    const { done } = await collect([file])
    expect(done.files).toMatchObject([
      { file: 'archive.zip › u.csv', accepted: 1 },
      { file: 'archive.zip › dossier/e.CSV', accepted: 30 },
    ])
  })

  test('a cut archive, a wrong one and a wrong size are refused', async () => {
    const file = await write([{ name: 'e.csv', content }])
    await truncate(file.path, 900)
    expect((await refusal(file)).code).toBe('sirene.unreadable_zip')
    writeFileSync(file.path, Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(500)]))
    expect((await refusal(file)).code).toBe('sirene.unreadable_zip')
    expect((await refusal(await write([{ name: 'e.csv', content, declaredSize: content.length - 1 }]))).code).toBe(
      'sirene.unreadable_zip',
    )
  })

  test('an encrypted archive, a bomb and an archive without text are refused', async () => {
    expect((await refusal(await write([{ name: 'e.csv', content, encrypted: true }]))).code).toBe(
      'sirene.encrypted_zip',
    )
    const bomb = await write([{ name: 'e.csv', content: Buffer.alloc(20_000_000) }])
    expect((await refusal(bomb)).code).toBe('sirene.zip_too_large')
    expect((await refusal(await write([{ name: 'x.xml', content }]))).code).toBe('sirene.unknown_format')
  })
})

describe('the reading of a large file', () => {
  test('comes in batches, with progress, and one end', async () => {
    const path = folder.path('grand.csv')
    await writeStock(path, { rows: 20_000 })
    const sizes: number[] = []
    const ratios: number[] = []
    let ends = 0
    for await (const event of readSirene([{ name: 'grand.csv', path }])) {
      if (event.kind === 'batch') sizes.push(event.establishments.length + event.issues.length)
      if (event.kind === 'progress') ratios.push(event.bytesRead / event.bytesTotal)
      if (event.kind === 'done') ends++
    }
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(20_000)
    expect(Math.max(...sizes)).toBeLessThan(8000)
    expect(ratios).toEqual([...ratios].sort((a, b) => a - b))
    expect(ratios.at(-1)).toBe(1)
    expect(ends).toBe(1)
  })

  test('may be left before its end', async () => {
    for await (const event of readSirene([{ name: 'grand.csv', path: folder.path('grand.csv') }]))
      if (event.kind === 'batch') break
  })
})
