import { establishmentColumns, enterpriseColumns } from './columns.ts'
import { emptyFile, lineTooLong, ReadError, unknownFormat } from './errors.ts'
import { formatOf, type Format } from './formats.ts'
import { readHeader, type Header } from './header.ts'
import { fieldsOf, readJson, unitsOfJson } from './json.ts'
import type { Source } from './source.ts'
import { Splitter, type AnyRow, type FaultyRow } from './splitter.ts'
import { decodeStream, decodeText, LineTooLong } from './text.ts'

/** A row, or what stands in place of one. */
export type SourceRow = AnyRow | UnreadableElement
interface UnreadableElement extends Omit<FaultyRow, 'fault'> {
  fault: 'row.unreadable'
}

/** A source whose format is known, and its rows. */
export interface Recognised {
  source: Source
  format: Format
  /** Names of the fields of each row. */
  columns: readonly string[]
  rows(): AsyncGenerator<{ rows: SourceRow[]; bytes: number; mended: number[] }>
}

const headLength = 128 * 1024

/** The first bytes of a source. */
async function headOf(source: Source): Promise<Buffer> {
  const stream = await source.open()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= headLength) break
  }
  return Buffer.concat(chunks)
}

/** Files that are not text, told by name: their first bytes are never those of a header. */
function refuseBinary(file: string, head: Buffer) {
  const start = head.subarray(0, 4).toString('latin1')
  if (start === 'PAR1') throw unknownFormat(file, 'c’est un fichier Parquet ; prenez le même en CSV')
  if (start.startsWith('\x1f\x8b'))
    throw unknownFormat(file, 'c’est un fichier gzip ; décompressez-le ou donnez un zip')
}

/**
 * Recognises a source by its first line, or its JSON, never by its name.
 * @throws {ReadError} when it is empty, of no known format, or lacks a required column
 */
export async function recognise(source: Source): Promise<Recognised> {
  const head = await headOf(source).catch((error: unknown) => Promise.reject(failure(source, error)))
  refuseBinary(source.file, head)
  const text = decodeText(head)
  const start = text.trimStart()[0]
  if (start === undefined) throw emptyFile(source.file)
  if (start === '{' || start === '[') return recogniseJson(source)
  const header = readHeader(text)
  const format = formatOf(source.file, header.names)
  return { source, format, columns: header.names, rows: () => csvRows(source, header, format) }
}

async function recogniseJson(source: Source): Promise<Recognised> {
  const load = async () => {
    const value = await readJson(source).catch((error: unknown) => Promise.reject(failure(source, error)))
    return unitsOfJson(source.file, value)
  }
  const { kind, label } = await load()
  const columns: readonly string[] = kind === 'establishments' ? establishmentColumns : enterpriseColumns
  async function* rows() {
    const { units } = await load()
    yield {
      rows: units.map((unit, rank): SourceRow => {
        const line = rank + 1
        return unit ? { line, fields: fieldsOf(unit, columns) } : { line, fault: 'row.unreadable', found: 0 }
      }),
      bytes: source.size,
      mended: [],
    }
  }
  return { source, format: { kind, label, unknownColumns: [], absentColumns: [] }, columns, rows }
}

/** The rows of a CSV after its header, block by block. */
async function* csvRows(source: Source, header: Header, { kind }: Format) {
  const { separator, newline, names } = header
  const place = names.findIndex((name) => name.toLowerCase() === (kind === 'enterprises' ? 'siren' : 'siret'))
  const looksLikeRow = (line: string) => {
    const fields = line.split(separator)
    return fields.length === names.length && /^"?\d{9,14}"?$/.test(fields[place]!.trim())
  }
  const splitter = new Splitter({ separator, newline, columns: names.length, looksLikeRow })
  let headed = false
  const withoutHeader = (rows: AnyRow[]) => {
    if (headed || rows.length === 0) return rows
    headed = true
    return rows.slice(1)
  }
  try {
    for await (const { text, bytes, mended } of decodeStream((await source.open()) as AsyncIterable<Buffer>)) {
      yield { rows: withoutHeader(splitter.push(text)), bytes, mended }
    }
    yield { rows: withoutHeader(splitter.push('', true)), bytes: 0, mended: [] }
  } catch (error) {
    throw failure(source, error)
  }
}

/** An error of the disk, of an archive or of the text, in words for the user. */
function failure(source: Source, error: unknown): ReadError {
  if (error instanceof LineTooLong) return lineTooLong(source.file)
  return error instanceof ReadError ? error : source.unreadable(error)
}
