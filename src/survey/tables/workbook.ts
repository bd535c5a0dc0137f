import readWorkbookFile from 'read-excel-file/universal'
import { packStored, unpackWorkbook } from './archive.ts'
import { cellText } from './cells.ts'
import type { Table } from './model.ts'
import { unreadableWorkbook } from './refusals.ts'

/**
 * Reads the sheets of an .xlsx workbook (ECMA-376), in their order.
 * @throws {TableRefusal} when it is no workbook, is damaged, or would inflate too much
 */
export async function readWorkbook(bytes: Buffer, file: string): Promise<Table[]> {
  const parts = await unpackWorkbook(bytes, file)
  // The library would inflate by the headers that it meets; this archive has only what was measured. Its `universal`
  // entry starts no thread of its own, which no limit would hold.
  const sheets = await readWorkbookFile(new Blob([new Uint8Array(packStored(parts))]), { trim: false }).catch(() => {
    throw unreadableWorkbook(file)
  })
  return sheets.map(({ sheet, data }) => ({
    name: sheet,
    // A sheet that is one chart has no data.
    rows: ((data as unknown[][] | undefined) ?? []).map((row) => row.map(cellText)),
  }))
}
