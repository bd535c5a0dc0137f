import type { Table } from '../../tables/read.ts'

/** A sheet of a form: its headers, and each row that is not empty with its number in the file. */
export interface Sheet {
  /** As the file writes it. */
  name: string
  headers: string[]
  headerRow: number
  rows: { row: number; cells: string[] }[]
}

const known = new Set(['survey', 'choices', 'columns', 'settings', 'external_choices', 'entities', 'osm'])

/** Text of a cell without spaces around, nor double, as pyxform reads it. */
const cleaned = (cell: string) => cell.trim().replace(/ {2,}/g, ' ')

const isEmpty = (cells: readonly string[]) => cells.every((cell) => cell.trim() === '')

interface NumberedRow {
  row: number
  cells: string[]
}

function sheetOf(name: string, rows: readonly NumberedRow[]): Sheet {
  const [header, ...others] = rows.filter(({ cells }) => !isEmpty(cells))
  return {
    name,
    headers: header?.cells.map((cell) => cell.trim()) ?? [],
    headerRow: header?.row ?? 1,
    rows: others.map(({ row, cells }) => ({ row, cells: cells.map(cleaned) })),
  }
}

/** Sheets of a text where the first cell of a row, alone, names a sheet, and those of the rows below are empty. */
function cutSections(rows: readonly NumberedRow[]): Sheet[] {
  const sections: { name: string; rows: NumberedRow[] }[] = []
  for (const { row, cells } of rows) {
    const name = cells[0]?.trim() ?? ''
    if (name !== '') sections.push({ name, rows: [] })
    sections.at(-1)?.rows.push({ row, cells: cells.slice(1) })
  }
  return sections.map((section) => sheetOf(section.name, section.rows))
}

const isSectioned = (rows: readonly NumberedRow[]) => {
  const first = rows.find(({ cells }) => !isEmpty(cells))?.cells ?? []
  return known.has(first[0]?.trim().toLowerCase() ?? '') && isEmpty(first.slice(1))
}

/**
 * The sheets of a form by their name in lower case. A CSV holds them one below the other; a workbook of one sheet that has
 * another name is its survey.
 */
export function formSheets(tables: readonly Table[]): Map<string, Sheet> {
  const sheets = tables.flatMap(({ name, rows }) => {
    const numbered = rows.map((cells, at) => ({ row: at + 1, cells }))
    return tables.length === 1 && isSectioned(numbered) ? cutSections(numbered) : [sheetOf(name, numbered)]
  })
  const byName = new Map(sheets.map((sheet) => [sheet.name.trim().toLowerCase(), sheet]))
  if (sheets.length === 1 && !known.has([...byName.keys()][0]!)) return new Map([['survey', sheets[0]!]])
  return byName
}

/** The tables of a form in Markdown, as one table of sections: its rows keep the numbers of its lines. */
export function markdownTables(text: string, file: string): Table[] {
  const rows = text.split(/\r?\n/).map((line) => {
    const cells = /^\s*\|(.*?)\|?\s*$/.exec(line)?.[1]
    if (cells === undefined || /^[\s|:-]*$/.test(cells)) return []
    return cells.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim())
  })
  const width = Math.max(1, ...rows.map(({ length }) => length))
  return [
    {
      name: file.replace(/\.\w+$/, ''),
      rows: rows.map((row) => Array.from({ length: width }, (_, at) => row[at] ?? '')),
    },
  ]
}
