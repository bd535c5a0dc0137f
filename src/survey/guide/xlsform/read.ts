import { decodeText } from '../../tables/csv.ts'
import { readTables, type Table } from '../../tables/read.ts'
import { checkForm } from './check.ts'
import { readColumn, type Column } from './columns.ts'
import { FormProblems } from './problems.ts'
import { NodeReader } from './nodes.ts'
import { readLists } from './lists.ts'
import { formSheets, markdownTables, type Sheet } from './sheets.ts'
import type { FormReading, XlsForm } from './model.ts'

/** Tables of another form by its name, for `include`; null when there is none. */
export type Included = (name: string) => readonly Table[] | null

const firstValues = (sheet: Sheet | undefined): Record<string, string> => {
  const columns = sheet?.headers.map(readColumn) ?? []
  const cells = sheet?.rows[0]?.cells ?? []
  return Object.fromEntries(
    columns.flatMap(({ name }, at) => (name !== '' && cells[at] ? [[name, cells[at]] as const] : [])),
  )
}

const hasColumn = (columns: readonly Column[], name: string) => columns.some((column) => column.name === name)

/** The survey of a form, with a reason when there is none. */
function surveyOf(sheets: ReadonlyMap<string, Sheet>, problems: FormProblems): Sheet | null {
  const survey = sheets.get('survey')
  if (!survey) {
    const [first] = sheets.values()
    const names = [...sheets.values()].map(({ name }) => `« ${name} »`).join(', ')
    problems.add(
      { sheet: first?.name ?? '', row: 1 },
      null,
      `Il manque la feuille « survey » (feuilles trouvées : ${names || 'aucune'}) : ce fichier n’est pas un formulaire XLSForm.`,
    )
    return null
  }
  if (hasColumn(survey.headers.map(readColumn), 'type')) return survey
  problems.add(
    { sheet: survey.name, row: survey.headerRow },
    'type',
    'Il manque la colonne « type » : ce fichier n’est pas un formulaire XLSForm.',
  )
  return null
}

function readSheets(
  tables: readonly Table[],
  included: Included,
  problems: FormProblems,
  path: string[],
): XlsForm | null {
  const sheets = formSheets(tables)
  const survey = surveyOf(sheets, problems)
  if (!survey) return null
  const lists = readLists(sheets, problems)
  const include = (name: string): XlsForm | null => {
    const found = path.includes(name) || path.length >= 5 ? null : included(name)
    return found && readSheets(found, included, problems, [...path, name])
  }
  const reader = new NodeReader(survey, problems, include)
  const nodes = reader.read()
  for (const inner of reader.included) {
    for (const kind of ['choices', 'externalChoices', 'osm'] as const) lists[kind] = { ...inner[kind], ...lists[kind] }
  }
  return { settings: { ...firstValues(sheets.get('settings')), ...reader.settings }, nodes, ...lists }
}

/**
 * Reads the sheets of an XLSForm, or its sections in a CSV, as pyxform does; a form that has any problem is not given.
 * @param included finds the form that a row of type `include` names
 */
export function readXlsform(tables: readonly Table[], included: Included = () => null): FormReading {
  const problems = new FormProblems()
  const form = readSheets(tables, included, problems, [])
  if (form) checkForm(form, problems)
  return problems.list.length > 0 ? { form: null, problems: problems.list } : { form, problems: [] }
}

/**
 * The tables of a form in a workbook, in a CSV, or in the tables of Markdown.
 * @throws {UserError} 400 when the file cannot be read
 */
export async function readFormTables(bytes: Uint8Array, name: string): Promise<Table[]> {
  if (bytes.length < 1_000_000 && bytes[0] === 0x7c) return markdownTables(decodeText(Buffer.from(bytes)), name)
  return readTables(bytes, name)
}
