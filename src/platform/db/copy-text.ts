const special = /[\\\n\r\t]/g
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const escape = (text: string) =>
  /[\\\n\r\t]/.test(text) ? text.replace(special, (character) => escapes[character]!) : text

function field(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  if (typeof value === 'string') return escape(value)
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return escape(JSON.stringify(value))
  return String(value)
}

/**
 * Rows as PostgreSQL's COPY text format (https://www.postgresql.org/docs/15/sql-copy.html), UTF-8. An object is written
 * as JSON.
 */
export function copyText(rows: readonly (readonly unknown[])[]): Uint8Array {
  let text = ''
  for (const row of rows) {
    let line = ''
    for (let i = 0; i < row.length; i++) line += (i === 0 ? '' : '\t') + field(row[i])
    text += line + '\n'
  }
  return new TextEncoder().encode(text)
}
