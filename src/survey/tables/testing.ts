import { crc32, deflateRawSync } from 'node:zlib'
import writeWorkbook from 'write-excel-file/node'

type Cell = string | number | boolean | Date | null

const shown = (cell: Cell) => (cell instanceof Date ? { value: cell, type: Date, format: 'yyyy-mm-dd hh:mm' } : cell)

/** A workbook as a spreadsheet would save it. */
export const workbook = (sheets: Record<string, Cell[][]>): Promise<Buffer> =>
  writeWorkbook(
    Object.entries(sheets).map(([sheet, rows]) => ({ sheet, data: rows.map((row) => row.map(shown)) })),
  ).toBuffer()

export interface Part {
  path: string
  content: Buffer
  /** Size that both headers tell, when it is not the true one. */
  told?: number
  /** In the archive, and not in its directory. */
  hidden?: boolean
}

/** A deflated archive (APPNOTE 6.3), which may lie. */
export function deflated(parts: readonly Part[]): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { path, content, told = content.length, hidden } of parts) {
    const data = deflateRawSync(content)
    const name = Buffer.from(path)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(content), 10)
    fields.writeUInt32LE(data.length, 14)
    fields.writeUInt32LE(told, 18)
    fields.writeUInt16LE(name.length, 22)
    const position = Buffer.alloc(14)
    position.writeUInt32LE(offset, 10)
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, data])
    bodies.push(body)
    offset += body.length
    if (!hidden) directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, position, name]))
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(directory.length, 4)
  end.writeUInt16LE(directory.length, 6)
  end.writeUInt32LE(Buffer.concat(directory).length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/**
 * The parts of the smallest workbook (ECMA-376 part 1), with that XML as the data of its sheet « Feuille ».
 * @param shared the one text that cells of type `s` share
 */
export const smallestWorkbook = (sheetData: string, shared = ''): Part[] =>
  Object.entries({
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${links}"><sheets><sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${links}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${links}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
    'xl/sharedStrings.xml': `<sst xmlns="${main}"><si><t>${shared}</t></si></sst>`,
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${sheetData}</sheetData></worksheet>`,
  }).map(([path, content]) => ({ path, content: Buffer.from(content) }))
