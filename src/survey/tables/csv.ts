import { isUtf8 } from 'node:buffer'
import { CsvError, parse } from 'csv-parse/sync'
import { limits } from './model.ts'
import type { Table } from './model.ts'
import { openQuote, tooManyRows } from './refusals.ts'

const delimiters = [',', ';', '\t']

/** Text of bytes: UTF-8 or UTF-16 when they are marked so, UTF-8 when they are valid, else windows-1252. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  // The decoder removes the mark of order.
  return new TextDecoder(isUtf8(bytes) ? 'utf-8' : 'windows-1252').decode(bytes)
}

const cut = (text: string, delimiter: string, to?: number): string[][] =>
  parse(text, { delimiter, relax_quotes: true, relax_column_count: true, ...(to !== undefined && { to }) })

/** The first rows; its first line alone, or nothing, where the quotes do not go with the delimiter. */
function firstRows(text: string, delimiter: string): string[][] {
  for (const part of [text, /^[^\r\n]*/.exec(text)![0]]) {
    try {
      return cut(part, delimiter, 50)
    } catch {
      // The quotes that are never closed are told by the reading itself.
    }
  }
  return []
}

/** Cells of the first row and of the usual one. */
function widths(text: string, delimiter: string): [first: number, median: number] {
  const counts = firstRows(text, delimiter)
    .filter((row) => row.some((cell) => cell !== ''))
    .map(({ length }) => length)
  const sorted = counts.toSorted((a, b) => a - b)
  return [counts[0] ?? 0, sorted[Math.floor(sorted.length / 2)] ?? 0]
}

/** The delimiter that cuts the first rows in most columns, its first row and the usual one alike. */
export function guessDelimiter(text: string): string {
  const scored = delimiters.map((delimiter) => {
    const [first, median] = widths(text, delimiter)
    return { delimiter, both: Math.min(first, median), median }
  })
  return scored.toSorted((a, b) => b.both - a.both || b.median - a.median)[0]!.delimiter
}

/**
 * Reads a CSV (RFC 4180) of any usual delimiter and encoding; its only table bears the name of the file.
 * @throws {TableRefusal} when a quote is never closed, or there are too many rows
 */
export function readCsv(bytes: Buffer, file: string): Table[] {
  const text = decodeText(bytes)
  const name = file.replace(/\.\w+$/, '')
  try {
    const rows = cut(text, guessDelimiter(text), limits.rows + 1)
    // Empty rows at the end would count for nothing, but not in the middle of a file that is too long.
    if (rows.length > limits.rows) throw tooManyRows(file, name)
    return [{ name, rows }]
  } catch (error) {
    if (error instanceof CsvError) throw openQuote(file, Number(error['lines'] ?? 1))
    throw error
  }
}
