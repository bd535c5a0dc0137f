import { fold } from '#platform/model'
import type { Value } from '#statements/model'
import { cut } from '../tables/cells.ts'
import type { RowFacts } from './match.ts'
import { itemOf, type Column, type DeliveryItem, type Meaning, type RowProblem } from './model.ts'
import { isBlank, readCell, readDay } from './values.ts'

/** A row of the file: its line, the header being above, and its cells. */
export interface FileRow {
  line: number
  cells: string[]
}

const cellsOf = (columns: readonly Column[], { cells }: FileRow, meaning: Meaning): string[] =>
  columns.flatMap((column, i) => (column.meaning === meaning && !isBlank(cells[i] ?? '') ? [cells[i]!.trim()] : []))

/** Comparing takes time by the square of a text: nothing that names an enterprise or a place is longer. */
const compared = 200

const shortCellsOf = (...of: Parameters<typeof cellsOf>) => cellsOf(...of).map((cell) => cut(cell, compared))

const first = (...of: Parameters<typeof cellsOf>) => shortCellsOf(...of)[0] ?? null

const digitsOf = (text: string | null) => text?.replace(/[\s\u00a0\u202f.'’-]/g, '') ?? ''

/** The département that a postcode begins with: `20` is Corsica, whose two cannot be told apart. */
function departementOf(postcode: string | null): string | null {
  if (postcode === null || postcode.startsWith('20')) return null
  return /^9[78]/.test(postcode) ? postcode.slice(0, 3) : postcode.slice(0, 2)
}

function postcodeOf(text: string | null): string | null {
  const digits = digitsOf(text)
  if (/^\d{5}$/.test(digits)) return digits
  return /^\d{4}$/.test(digits) ? `0${digits}` : null
}

/** A commune's cell with its postcode taken out: « 82000 Montauban ». */
function splitCommune(text: string | null): { name: string | null; postcode: string | null } {
  const [, postcode, name] = /^(\d{5})\s+(\D.*)$/.exec(text ?? '') ?? []
  return name ? { name, postcode: postcode! } : { name: text, postcode: null }
}

/** What names the commune of a row, for `resolveCommunes`; null when nothing does. */
export const communeTextOf = (columns: readonly Column[], row: FileRow): string | null =>
  splitCommune(first(columns, row, 'commune')).name

/** Names that say nothing: « Artisan », « Inconnu ». */
const empty = new Set(['artisan', 'inconnu', 'entreprise', 'a completer', 'nc', 'n c'])

/** What a row says of its enterprise. */
export function factsOf(
  columns: readonly Column[],
  row: FileRow,
  communes: ReadonlyMap<string, readonly { code: string; departement: string | null }[]>,
): RowFacts {
  const siret = digitsOf(first(columns, row, 'siret'))
  const siren = digitsOf(first(columns, row, 'siren'))
  const { name, postcode: beside } = splitCommune(first(columns, row, 'commune'))
  const postcode = postcodeOf(first(columns, row, 'postcode')) ?? beside
  const departement = departementOf(postcode)
  const known = name === null ? [] : (communes.get(name) ?? [])
  const inIt = known.filter((one) => (one.departement ?? departement) === departement)
  // Some postcodes begin with the number of the département beside theirs.
  const near = inIt.length > 0 ? inIt : known
  const isNumber = /^\d{9,14}$/.test(siret)
  return {
    siret: isNumber && siret.length > 9 ? siret : null,
    siren: /^\d{9}$/.test(siren)
      ? siren
      : isNumber
        ? siret.length === 9
          ? siret
          : siret.padStart(14, '0').slice(0, 9)
        : null,
    names: shortCellsOf(columns, row, 'name').filter((one) => !empty.has(fold(one))),
    address: cut(shortCellsOf(columns, row, 'address').join(' '), compared) || null,
    postcode,
    communes: near.map(({ code }) => code),
    departement: departement ?? (new Set(near.map((one) => one.departement)).size === 1 ? near[0]!.departement : null),
  }
}

export interface RowAnswer {
  item: string
  value: Value
}

export interface RowContent {
  answers: RowAnswer[]
  comment: string | null
  /** Day of the visit, ISO 8601; null when the row does not say. */
  saidOn: string | null
  problems: RowProblem[]
}

/** What a row says of practices, and what of it cannot be read. */
export function contentOf(
  columns: readonly Column[],
  row: FileRow,
  items: ReadonlyMap<string, DeliveryItem>,
  today: string,
): RowContent {
  const problems: RowProblem[] = []
  const answers: RowAnswer[] = []
  columns.forEach(({ meaning }, column) => {
    const item = items.get(itemOf(meaning) ?? '')
    const read = item ? readCell(item, row.cells[column] ?? '') : null
    if (read && 'value' in read) answers.push({ item: item!.id, value: read.value })
    else if (read) problems.push({ column, message: read.problem })
  })
  const dated = dateOf(columns, row, today)
  const numbered = numberProblem(columns, row)
  return {
    answers,
    comment: cut(cellsOf(columns, row, 'comment').join(' · '), 1000) || null,
    saidOn: 'day' in dated ? dated.day : null,
    problems: [...problems, ...('problem' in dated ? [dated.problem] : []), ...(numbered ? [numbered] : [])],
  }
}

function dateOf(
  columns: readonly Column[],
  row: FileRow,
  today: string,
): { day: string | null } | { problem: RowProblem } {
  const column = columns.findIndex(({ meaning }) => meaning === 'date')
  const text = column < 0 ? '' : (row.cells[column] ?? '')
  if (isBlank(text)) return { day: null }
  const day = readDay(text)
  if (day === null)
    return { problem: { column, message: `« ${cut(text, 40)} » n’est pas une date : écrivez 21/03/2026.` } }
  if (day > today) return { problem: { column, message: `Le ${cut(text, 40)} est à venir.` } }
  return day < '1990-01-01' ? { problem: { column, message: 'Cette date est trop ancienne.' } } : { day }
}

/** A number that a spreadsheet destroyed is worth saying: the file has to be made again. */
function numberProblem(columns: readonly Column[], row: FileRow): RowProblem | null {
  const column = columns.findIndex(({ meaning }) => meaning === 'siret')
  const text = column < 0 ? '' : (row.cells[column] ?? '').trim()
  if (isBlank(text) || /^\d{9,14}$/.test(digitsOf(text))) return null
  const message = /e\+?\d+$/i.test(text)
    ? 'Le tableur a abîmé ce SIRET (notation scientifique) : mettez la colonne au format texte.'
    : `« ${cut(text, 40)} » n’est pas un SIRET (14 chiffres).`
  return { column, message }
}
