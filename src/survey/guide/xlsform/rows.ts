import { formulaColumns, readColumn, type Column } from './columns.ts'
import type { Position, Texts } from './model.ts'
import type { Sheet } from './sheets.ts'

/** What a row says, by the present names of its columns. */
export interface ReadRow {
  at: Position
  fields: Record<string, string>
  texts: Record<string, Texts>
}

const quotes: Record<string, string> = { '‘': "'", '’': "'", '“': '"', '”': '"' }

/** A formula as it was meant: a word processor curves its quotes. */
const straightened = (text: string) => text.replace(/[‘’“”]/g, (quote) => quotes[quote]!)

function readCells(columns: readonly Column[], cells: readonly string[]): Omit<ReadRow, 'at'> {
  const fields: Record<string, string> = {}
  const texts: Record<string, Texts> = {}
  columns.forEach(({ name, language }, at) => {
    const cell = cells[at]
    if (name === '' || !cell) return
    if (language === null) fields[name] ??= formulaColumns.includes(name) ? straightened(cell) : cell
    else (texts[name] ??= {})[language] ??= cell
  })
  return { fields, texts }
}

/** The rows of a sheet that say something in a column that has a name. */
export function readRows(sheet: Sheet): ReadRow[] {
  const columns = sheet.headers.map(readColumn)
  return sheet.rows
    .map(({ row, cells }) => ({ at: { sheet: sheet.name, row }, ...readCells(columns, cells) }))
    .filter(({ fields, texts }) => Object.keys(fields).length + Object.keys(texts).length > 0)
}
