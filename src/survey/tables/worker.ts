import { recognise } from './format.ts'
import { limits } from './model.ts'
import type { Table } from './model.ts'
import { cellTooLong, noTable, TableRefusal, tooHeavy, tooManyColumns, tooManyRows } from './refusals.ts'
import { readCsv } from './csv.ts'

export interface ReadingOrder {
  bytes: Uint8Array
  file: string
}
export type ReadingReply =
  | { kind: 'read'; tables: Table[] }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'failed'; message: string }

/** Text that a database can keep: a workbook may hold null characters, and halves of characters. */
const sound = (cell: string | undefined) => cell?.replaceAll('\0', '').toWellFormed() ?? ''

const isEmpty = (row: readonly string[] | undefined) => row?.every((cell) => cell === '') ?? false

/** Rows of one width, without the empty rows and columns of the end. */
function trimmed({ name, rows }: Table): Table {
  let height = rows.length
  while (height > 0 && isEmpty(rows[height - 1])) height--
  const kept = rows.slice(0, height)
  const width = kept.reduce((widest, row) => Math.max(widest, row.findLastIndex((cell) => cell !== '') + 1), 0)
  return { name, rows: kept.map((row) => Array.from({ length: width }, (_, at) => sound(row[at]))) }
}

function checked(tables: Table[], file: string): Table[] {
  let [total, text] = [0, 0]
  for (const { name, rows } of tables) {
    total += rows.length
    if (total > limits.rows) throw tooManyRows(file, name)
    if ((rows[0]?.length ?? 0) > limits.columns) throw tooManyColumns(file, name)
    for (const [at, row] of rows.entries())
      for (const cell of row) {
        text += cell.length
        if (cell.length > limits.cell) throw cellTooLong(file, name, at + 1)
        if (text > limits.text) throw tooHeavy(file)
      }
  }
  if (total === 0) throw noTable(file)
  return tables
}

async function read({ bytes, file }: ReadingOrder): Promise<Table[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (recognise(buffer, file) === 'text') return checked(readCsv(buffer, file).map(trimmed), file)
  const { readWorkbook } = await import('./workbook.ts')
  return checked((await readWorkbook(buffer, file)).map(trimmed), file)
}

function send(reply: ReadingReply) {
  process.send!(reply, undefined, undefined, () => process.exit())
}

// One file, one answer, and the process ends: what a hostile file breaks is this process alone.
process.on('disconnect', () => process.exit())
process.once('message', (order: ReadingOrder) => {
  read(order).then(
    (tables) => send({ kind: 'read', tables }),
    (error: unknown) =>
      send(
        error instanceof TableRefusal
          ? { kind: 'refused', code: error.code, message: error.message }
          : { kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      ),
  )
})
