import { Splitter } from './splitter.ts'

/** The first line of a CSV, and how the others are written. */
export interface Header {
  separator: string
  newline: '\n' | '\r'
  names: string[]
}

const separators = [',', ';', '\t', '|']

/**
 * Reads the header of a CSV from the start of its text: the separator is the one of `, ; tab |` that is found most in it,
 * lines end with LF (or CRLF), or with CR alone.
 */
export function readHeader(text: string): Header {
  const end = /\r\n|\n|\r/.exec(text)
  const newline = end?.[0] === '\r' && end.index < text.length - 1 ? '\r' : '\n'
  const line = text.slice(0, end?.index ?? text.length)
  const unquoted = line.replace(/"[^"]*"/g, '')
  const counts = separators.map((separator) => unquoted.split(separator).length)
  const separator = separators[counts.indexOf(Math.max(...counts))]!
  const [row] = new Splitter({ separator, newline, columns: Math.max(...counts) }).push(line, true)
  const names = row && 'fields' in row ? row.fields : line.split(separator)
  return { separator, newline, names: names.map((name) => name.trim()) }
}
