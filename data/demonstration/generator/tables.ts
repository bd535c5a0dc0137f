import { readFileSync } from 'node:fs'

/** The rows of a CSV of this folder: semicolons, no quotes, a header that names the columns. */
export function readTable<Column extends string>(file: string, columns: readonly Column[]): Record<Column, string>[] {
  const [header, ...lines] = readFileSync(new URL(file, import.meta.url), 'utf8')
    .trim()
    .split('\n')
  if (header !== columns.join(';')) throw new Error(`${file} should have the columns ${columns.join(';')}`)
  return lines.map((line) => {
    const fields = line.split(';')
    if (fields.length !== columns.length) throw new Error(`${file} has a wrong line: ${line}`)
    return Object.fromEntries(columns.map((column, i) => [column, fields[i]!])) as Record<Column, string>
  })
}

/** Invented names of streets (`lane`), hamlets, business parks, and ends of names such as « du Vieux Pont » (`landmark`). */
export function readToponyms(kind: 'lane' | 'hamlet' | 'park' | 'landmark'): string[] {
  return readTable('toponyms.csv', ['kind', 'name']).flatMap((row) => (row.kind === kind ? [row.name] : []))
}
