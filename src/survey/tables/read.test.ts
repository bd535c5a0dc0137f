import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { cellText } from './cells.ts'
import { decodeText, guessDelimiter } from './csv.ts'
import { readTables } from './read.ts'
import { deflated, smallestWorkbook, workbook, type Part } from './testing.ts'

// Each reading starts a process.
vi.setConfig({ testTimeout: 60_000 })

const text = (content: string, encoding: BufferEncoding = 'utf8') => Buffer.from(content, encoding)
const rowsOf = async (bytes: Buffer, name = 'essai.csv') => (await readTables(bytes, name))[0]!.rows

async function refusalOf(bytes: Buffer, name = 'fichier.xlsx') {
  const error = await readTables(bytes, name).then(
    () => undefined,
    (caught: unknown) => caught as { code: string; status: number; message: string },
  )
  expect(error, 'it was read').toBeDefined()
  expect(error!.status).toBe(400)
  expect(error!.message).toContain(`« ${name} »`)
  return error!
}

test('reads every sheet of a workbook as text: dates, hours, numbers, booleans', async () => {
  const bytes = await workbook({
    Entreprises: [
      ['siret', 'depuis', 'vu le', 'part', 'label', 'bon'],
      [41817685900012, new Date('1998-03-01T00:00:00Z'), new Date('2026-11-20T10:30:00Z'), 0.1 + 0.2, ' Bois ', true],
      [null, null, null, -12.5, '00123', false],
    ],
    Autre: [['seule']],
  })
  // The name lies: the bytes decide.
  expect(await readTables(bytes, 'liste.csv')).toEqual([
    {
      name: 'Entreprises',
      rows: [
        ['siret', 'depuis', 'vu le', 'part', 'label', 'bon'],
        ['41817685900012', '1998-03-01', '2026-11-20T10:30:00', '0.3', ' Bois ', 'yes'],
        ['', '', '', '-12.5', '00123', 'no'],
      ],
    },
    { name: 'Autre', rows: [['seule']] },
  ])
})

test('reads a CSV whatever its delimiter and its encoding', async () => {
  const expected = [
    ['nom', 'commune', 'note'],
    ['Ébénisterie « Noël »', 'Périgueux', 'a, b; c'],
    ['Forge', 'Sarlat', 'deux\nlignes'],
  ]
  const written = (delimiter: string) =>
    expected.map((row) => row.map((cell) => `"${cell}"`).join(delimiter)).join('\r\n')
  for (const delimiter of [',', ';', '\t']) {
    for (const bytes of [text(written(delimiter)), text(`\uFEFF${written(delimiter)}`)]) {
      expect(await rowsOf(bytes)).toEqual(expected)
    }
  }
  expect(await rowsOf(text(`\uFEFF${written(';')}`, 'utf16le'))).toEqual(expected)
  // In windows-1252, « œ » is 0x9C and « ’ » 0x92: not in ISO 8859-1.
  expect(await rowsOf(Buffer.from([0x63, 0x9c, 0x75, 0x72, 0x3b, 0x6c, 0x92, 0xe9, 0x74, 0xe9]))).toEqual([
    ['cœur', 'l’été'],
  ])
})

test('keeps the numbers of rows, and gives rows of one width', async () => {
  expect(await rowsOf(text('a;b;c;;\n\n1;2\n;;\n'))).toEqual([
    ['a', 'b', 'c'],
    ['', '', ''],
    ['1', '2', ''],
  ])
})

test('is not misled by commas of prose or of decimals, nor by a title above the table', () => {
  expect(guessDelimiter('nom;prix\nBois, pierre, chaux;45,5\nFer, cuivre;3,2')).toBe(';')
  expect(guessDelimiter('"survey"\n,"type","name"\n,"text","a"')).toBe(',')
  expect(guessDelimiter('nom\nForge')).toBe(',')
})

test('a CSV of any cells is read as it was written', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', ';', '"', '\n', '7') })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 2 }), fc.constantFrom(',', ';', '\t'), (rows, by) => {
      const written = [['un', 'deux', 'trois'], ...rows].map((row) =>
        row.map((value) => `"${value.replaceAll('"', '""')}"`).join(by),
      )
      expect(guessDelimiter(written.join('\n'))).toBe(by)
    }),
  )
})

test('numbers are plain and keep their value, at the precision of a spreadsheet', () => {
  expect([1e21, 1e-7, 41817685900012, -0, 1.005].map(cellText)).toEqual([
    '1000000000000000000000',
    '0.0000001',
    '41817685900012',
    '0',
    '1.005',
  ])
  expect(cellText(new Date(-2209161600000 + 9.5 * 3_600_000 - 1))).toBe('09:30:00')
  fc.assert(
    fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true, noDefaultInfinity: true }), (value) => {
      const read = cellText(value)
      expect(read).toMatch(/^-?\d+(\.\d+)?$/)
      expect(Math.abs(Number(read) - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 1e-14, 1e-20))
    }),
  )
})

test('any bytes are a text', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof decodeText(Buffer.from(bytes)) === 'string'))
})

test('refuses other formats by their name, and says how to go on', async () => {
  const archive = (path: string) => deflated([{ path, content: Buffer.from('x') }])
  const cases: [Buffer, RegExp][] = [
    [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0]), /ancien document Office \(\.xls/],
    [archive('content.xml'), /\.ods/],
    [archive('word/document.xml'), /\.docx/],
    [archive('xl/workbook.bin'), /\.xlsb/],
    [archive('photo.jpg'), /archive qui n’est pas un classeur/],
    [Buffer.from('%PDF-1.7\n'), /PDF/],
    [Buffer.from('<html><table><tr><td>1</td></tr></table>'), /page web/],
    [Buffer.from('\uFEFF{"a": 1}'), /JSON/],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 0]), /fichier binaire/],
  ]
  for (const [bytes, format] of cases) {
    const { code, message } = await refusalOf(bytes)
    expect(code).toBe('tables.other_format')
    expect(message).toMatch(format)
    expect(message).toContain('enregistrez-le en .xlsx ou en .csv')
  }
  const locked = Buffer.concat([
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0]),
    Buffer.alloc(64),
    text('EncryptedPackage', 'utf16le'),
  ])
  expect((await refusalOf(locked)).code).toBe('tables.password')
})

test('refuses what is empty, too large, too long or too wide', async () => {
  expect((await refusalOf(Buffer.alloc(0))).code).toBe('tables.empty')
  expect((await refusalOf(text('\n\n \n'.replaceAll(' ', '')), 'vide.csv')).code).toBe('tables.no_table')
  expect((await refusalOf(Buffer.alloc(10 * 2 ** 20 + 1, 'a'))).code).toBe('tables.too_large')
  expect((await refusalOf(text('a;b\n'.repeat(20_001)), 'long.csv')).message).toMatch(/plus de 20\s000 lignes/)
  expect(await rowsOf(text('a;b\n'.repeat(20_000)))).toHaveLength(20_000)
  expect((await refusalOf(text(Array.from({ length: 301 }, () => 'c').join(';')), 'large.csv')).message).toContain(
    '300 colonnes',
  )
  expect((await refusalOf(text('a,b\n1,"deux\n3,4'), 'ouvert.csv')).message).toMatch(/ligne [23]/)
})

/** The letters of a column, from 0. */
const columnName = (column: number): string =>
  (column >= 26 ? columnName(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))
const cellAt = (at: string, row: string) => `<row r="${row}"><c r="${at}${row}"><v>1</v></c></row>`

test('refuses a bomb, whether its headers say so, lie or hide it', async () => {
  const zeros = Buffer.alloc(150 * 2 ** 20)
  const bomb: Part = { path: 'xl/worksheets/sheet2.xml', content: zeros }
  const sound = smallestWorkbook(cellAt('A', '1'))
  expect((await readTables(deflated(sound), 'bon.xlsx'))[0]).toEqual({ name: 'Feuille', rows: [['1']] })

  expect((await refusalOf(deflated([...sound, bomb]))).code).toBe('tables.inflates_too_much')
  expect((await refusalOf(deflated([...sound, { ...bomb, told: 1000 }]))).code).toBe('tables.unreadable')
  // What the directory does not name is never inflated.
  const hidden = deflated([{ ...bomb, hidden: true }, ...sound])
  expect((await readTables(hidden, 'caché.xlsx'))[0]!.rows).toEqual([['1']])
  // What is no part of a sheet is never inflated either.
  expect(await readTables(deflated([...sound, { path: 'xl/media/a.png', content: zeros }]), 'image.xlsx')).toHaveLength(
    1,
  )
})

test('refuses a damaged workbook, and one that asks for all memory', async () => {
  const whole = await workbook({ Feuille: [['a', 'b']] })
  expect((await refusalOf(whole.subarray(0, whole.length - 30))).code).toBe('tables.unreadable')
  expect((await refusalOf(deflated(smallestWorkbook('<row><c r="A1"><v>')))).code).toMatch(/^tables\./)
  expect((await refusalOf(deflated(smallestWorkbook(cellAt('A', '999999999999'))))).code).toBe('tables.too_heavy')
  expect((await refusalOf(deflated(smallestWorkbook(cellAt('XFD', '1'))))).code).toBe('tables.too_many_columns')
  expect((await refusalOf(deflated(smallestWorkbook(cellAt('A', '30000'))))).code).toBe('tables.too_many_rows')
})

test('refuses a small workbook whose cells are as many times one long text', async () => {
  const rows = Array.from({ length: 1000 }, (_, at) => {
    const row = Array.from({ length: 200 }, (__, column) => `<c r="${columnName(column)}${at + 1}" t="s"><v>0</v></c>`)
    return `<row r="${at + 1}">${row.join('')}</row>`
  })
  const bytes = deflated(smallestWorkbook(rows.join(''), 'x'.repeat(1000)))
  expect(bytes.length).toBeLessThan(1_000_000)
  expect((await refusalOf(bytes)).code).toBe('tables.too_heavy')
  expect((await refusalOf(text(`a;b\n1;${'x'.repeat(32_768)}`), 'long.csv')).message).toContain('La ligne 2')
})

test('gives no text that a database could not keep', async () => {
  const hostile = deflated(
    smallestWorkbook('<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000_b_xD800_c</t></is></c></row>'),
  )
  const [[cell]] = (await rowsOf(hostile)) as [[string]]
  expect(cell).toMatch(/^ab.c$/u)
  expect(cell.isWellFormed()).toBe(true)
})

test('reads several files at once', async () => {
  const files = Array.from({ length: 6 }, (_, at) => readTables(text(`n\n${at}`), `${at}.csv`))
  expect((await Promise.all(files)).map(([table]) => table!.rows[1]![0])).toEqual(['0', '1', '2', '3', '4', '5'])
})
