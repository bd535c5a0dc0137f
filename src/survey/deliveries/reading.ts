import { cut } from '../tables/cells.ts'
import type { Table } from '../tables/read.ts'
import { guessColumns } from './columns.ts'
import { noHeader, noRows } from './errors.ts'
import type { Column, DeliveryItem } from './model.ts'
import type { FileRow } from './rows.ts'
import { isBlank } from './values.ts'

export interface Sheet {
  name: string
  columns: Column[]
  rows: FileRow[]
}

const filled = (row: readonly string[]) => row.filter((cell) => !isBlank(cell)).length

/** Rows above which a title may stand. */
const titleRows = 10

/** The row that names the columns: the first that is nearly as wide as those below; titles above are narrower. */
function findHeader(rows: readonly (readonly string[])[]): number {
  const widths = rows.slice(0, titleRows + 20).map(filled)
  const widest = Math.max(0, ...widths)
  const at = widths.slice(0, titleRows).findIndex((width) => width > 0 && width >= 0.6 * widest)
  return at < 0 ? widths.findIndex((width) => width > 0) : at
}

/** The letters of a column, as spreadsheets name it: 0 → A, 26 → AA. */
export const lettersOf = (column: number): string =>
  (column >= 26 ? lettersOf(Math.floor(column / 26) - 1) : '') + String.fromCharCode(65 + (column % 26))

function readSheet({ name, rows }: Table, items: readonly DeliveryItem[]): Sheet | null {
  const at = findHeader(rows)
  if (at < 0) return null
  const last = rows[at]!.findLastIndex((cell) => !isBlank(cell))
  const width = Math.max(last, ...rows.slice(at + 1).map((row) => row.findLastIndex((cell) => !isBlank(cell)))) + 1
  const below = rows
    .map((cells, i) => ({ line: i + 1, cells: cells.slice(0, width) }))
    .slice(at + 1)
    .filter(({ cells }) => filled(cells) > 0)
  const header = Array.from({ length: width }, (_, i) => cut((rows[at]![i] ?? '').trim(), 200))
  const columns = guessColumns(
    header,
    below.map(({ cells }) => cells),
    items,
  )
  return { name, columns, rows: below }
}

const sureness = ({ columns, rows }: Sheet) =>
  rows.length === 0
    ? 0
    : columns.reduce((sum, { meaning, confidence }) => sum + (meaning === 'ignored' ? 0 : (confidence ?? 0)), 0.01)

/** Cells of columns with personal data are emptied: nothing keeps them. */
export function withoutPersonal(columns: readonly Column[], { line, cells }: FileRow): FileRow {
  return {
    line,
    cells: columns.map(({ meaning }, i) => (meaning === 'personal' ? '' : (cells[i] ?? '').replaceAll('\0', ''))),
  }
}

/**
 * The sheet of a file that speaks of enterprises: the one whose columns are the best understood, with its header found, its
 * columns guessed, and without its blank rows.
 * @throws {UserError} 400 when it has no row, or no header
 */
export function readDeliverySheet(tables: readonly Table[], items: readonly DeliveryItem[]): Sheet {
  const sheets = tables.flatMap((table) => readSheet(table, items) ?? [])
  const best = sheets.toSorted((a, b) => sureness(b) - sureness(a))[0]
  if (!best || best.rows.length === 0) throw noRows()
  if (best.columns.every(({ meaning }) => meaning === 'ignored' || meaning === 'personal')) throw noHeader()
  return { ...best, rows: best.rows.map((row) => withoutPersonal(best.columns, row)) }
}
