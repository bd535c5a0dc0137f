import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { limits } from './model.ts'
import { inflatesTooMuch, otherFormat, TableRefusal, unreadableWorkbook, withPassword } from './refusals.ts'

const openArchive = (bytes: Buffer) =>
  new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, archive) => (error ? reject(error) : resolve(archive))),
  )

const listEntries = (archive: yauzl.ZipFile) =>
  new Promise<yauzl.Entry[]>((resolve, reject) => {
    const entries: yauzl.Entry[] = []
    archive.on('error', reject)
    archive.on('end', () => resolve(entries))
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry)
      archive.readEntry()
    })
    archive.readEntry()
  })

/** Inflates an entry; yauzl stops it as soon as it gives more bytes than the directory says. */
const inflate = (archive: yauzl.ZipFile, entry: yauzl.Entry) =>
  new Promise<Buffer>((resolve, reject) =>
    archive.openReadStream(entry, (error, stream) => {
      if (error) return reject(error)
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('error', reject)
      stream.on('end', () => resolve(Buffer.concat(chunks)))
    }),
  )

function checkKind(entries: yauzl.Entry[], file: string) {
  const names = new Set(entries.map(({ fileName }) => fileName))
  if (names.has('xl/workbook.xml')) return
  if (names.has('xl/workbook.bin')) throw otherFormat(file, 'un classeur binaire (.xlsb)')
  if (names.has('content.xml')) throw otherFormat(file, 'un document OpenDocument (.ods)')
  if (names.has('word/document.xml')) throw otherFormat(file, 'un document Word (.docx)')
  if (names.has('Index/Document.iwa')) throw otherFormat(file, 'un document Numbers')
  throw otherFormat(file, 'une archive qui n’est pas un classeur')
}

/**
 * The XML of a workbook, by path, read from the directory of its archive.
 * @throws {TableRefusal} when it is no workbook, is cut, has a password, or would inflate too much
 */
export async function unpackWorkbook(bytes: Buffer, file: string): Promise<Map<string, Buffer>> {
  try {
    const archive = await openArchive(bytes)
    const entries = await listEntries(archive)
    checkKind(entries, file)
    const useful = entries.filter(({ fileName }) => /\.(xml|xml\.rels)$/.test(fileName))
    const total = useful.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
    if (total > limits.inflated) throw inflatesTooMuch(file)
    const parts = new Map<string, Buffer>()
    for (const entry of useful) {
      if (entry.isEncrypted()) throw withPassword(file)
      parts.set(entry.fileName, await inflate(archive, entry))
    }
    return parts
  } catch (error) {
    throw error instanceof TableRefusal ? error : unreadableWorkbook(file)
  }
}

function header(name: Buffer, content: Buffer): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(0x800, 2)
  fields.writeUInt32LE(crc32(content), 10)
  fields.writeUInt32LE(content.length, 14)
  fields.writeUInt32LE(content.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

/** An archive (APPNOTE 6.3) of parts that are not deflated: nothing is left in it that could inflate. */
export function packStored(parts: ReadonlyMap<string, Buffer>): Buffer {
  const bodies: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [path, content] of parts) {
    const name = Buffer.from(path)
    const fields = header(name, content)
    const position = Buffer.alloc(14)
    position.writeUInt32LE(offset, 10)
    bodies.push(Buffer.from('PK\x03\x04', 'latin1'), fields, name, content)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, position, name)
    offset += 4 + fields.length + name.length + content.length
  }
  const end = Buffer.alloc(18)
  end.writeUInt16LE(parts.size, 4)
  end.writeUInt16LE(parts.size, 6)
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    8,
  )
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...bodies, ...directory, Buffer.from('PK\x05\x06', 'latin1'), end])
}
