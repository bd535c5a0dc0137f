import { parse } from 'csv-parse/sync'

/** One row of a CSV, with the number of the line where it starts. */
export interface CsvRow {
  line: number
  fields: string[]
}

/** Cuts a small CSV (RFC 4180), empty rows left out; the first line says which of `;` and `,` separates. */
export function parseCsv(text: string): CsvRow[] {
  const header = /^[^\r\n]*/.exec(text)![0]
  const rows = parse(text, {
    delimiter: header.includes(';') ? ';' : ',',
    bom: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    raw: true,
  }) as unknown as { record: string[]; raw: string }[]
  let line = 1
  const out: CsvRow[] = []
  for (const { record, raw } of rows) {
    if (record.some((field) => field !== '')) out.push({ line, fields: record })
    // The parser's own count takes a CRLF inside quotes for two lines.
    line += raw.match(/\r\n|\r|\n/g)?.length ?? 0
  }
  return out
}

/**
 * A CSV field (RFC 4180) that a spreadsheet cannot take for a formula: a text that starts like one gets an apostrophe
 * (OWASP, CSV injection). Numbers keep their sign.
 */
export function csvField(value: unknown, separator = ','): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  let text = String(value)
  if (/^[=+\-@\t\r]/.test(text)) text = `'${text}`
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line of a CSV, ended as RFC 4180 says. */
export const csvLine = (values: readonly unknown[], separator = ','): string =>
  `${values.map((value) => csvField(value, separator)).join(separator)}\r\n`
