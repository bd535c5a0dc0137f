/** One sheet of a workbook, or a CSV: all cells as text, rows of one width, row `i` being row `i + 1` of the sheet. */
export interface Table {
  name: string
  rows: string[][]
}

export const limits = {
  /** Of the file, in bytes. */
  bytes: 10 * 2 ** 20,
  /** Of what an archive holds once inflated, in bytes. */
  inflated: 100 * 2 ** 20,
  /** Of all sheets together. */
  rows: 20_000,
  columns: 300,
  /** Of one cell, in characters: what a spreadsheet holds. */
  cell: 32_767,
  /** Of all cells together, in characters: a workbook writes once what a thousand cells repeat. */
  text: 30_000_000,
  /** Of one reading. */
  seconds: 30,
  /** Of the memory of one reading, in MiB. */
  memory: 640,
}
