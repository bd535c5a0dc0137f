/** What publishers write in place of a value that the holder does not want shown. */
export const isWithheld = (text: string): boolean => text.charCodeAt(0) === 91 && /^\[(ND|NON-DIFFUSIBLE)\]$/.test(text)

/** Index of each column in the fields of a row; -1 for an absent one. */
export type Index<Column extends string> = Record<Column, number>

/** Where the columns are in a header; letter case is free. */
export function indexOf<Column extends string>(columns: readonly Column[], header: readonly string[]): Index<Column> {
  const places = new Map(header.map((name, place) => [name.toLowerCase(), place] as const).reverse())
  return Object.fromEntries(columns.map((column) => [column, places.get(column.toLowerCase()) ?? -1])) as Index<Column>
}

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f]/g

/** Reads the fields of one row by the name of their column. */
export class Cells<Column extends string> {
  readonly index: Index<Column>
  readonly #withheld: number[]
  #fields: readonly string[] = []

  /** `withheld`: the columns which, once withheld, say that the holder opposed diffusion. */
  constructor(index: Index<Column>, withheld: readonly Column[]) {
    this.index = index
    this.#withheld = withheld.map((column) => index[column]).filter((place) => place >= 0)
  }

  load(fields: readonly string[]) {
    this.#fields = fields
  }

  has(column: Column): boolean {
    return this.index[column] >= 0
  }

  /** The value without spaces around it; empty when absent or withheld. */
  get(column: Column): string {
    const place = this.index[column]
    if (place < 0) return ''
    const text = this.#fields[place]!.trim()
    return isWithheld(text) ? '' : text
  }

  /** A free text, without control characters, which databases refuse. */
  text(column: Column): string {
    const text = this.get(column)
    return text.replace(controls, ' ').trim()
  }

  get anyWithheld(): boolean {
    for (const place of this.#withheld) if (isWithheld(this.#fields[place]!.trim())) return true
    return false
  }
}
