/** Where something stands in a form: rows from 1, as a spreadsheet numbers them. */
export interface Position {
  sheet: string
  row: number
}

/** Why a form is not valid, in words for whoever wrote it. */
export interface Problem extends Position {
  column: string | null
  reason: string
}

/** A text in each language in which it is given; under '' where the column names none. */
export type Texts = Record<string, string>

/** What a row says in the columns of XLSForm, under their present names. */
interface Row {
  at: Position
  name: string
  /** Columns that have one value, such as `relevant`; those that XLSForm does not know keep their own name. */
  fields: Record<string, string>
  /** Columns that have a value per language, such as `label`. */
  texts: Record<string, Texts>
}

export type FormChoice = Row

export interface FormNode extends Row {
  /** Canonical: `text` for `add text prompt`, `select_one` for `select one from`. */
  type: string
  /** List of a select, of a loop, of an osm question; name of an included form. */
  list: string | null
  /** Whether a free answer is asked after the choice « other ». */
  orOther: boolean
  /** Null for a question. */
  children: FormNode[] | null
}

export type Lists = Record<string, FormChoice[]>

/** An XLSForm (xlsform.org), its aliases made canonical, whatever the file that holds it. */
export interface XlsForm {
  settings: Record<string, string>
  nodes: FormNode[]
  choices: Lists
  externalChoices: Lists
  osm: Lists
}

/** What was read: no form when it is not valid, and then at least one problem. */
export interface FormReading {
  form: XlsForm | null
  problems: Problem[]
}

/** All nodes, groups before what they hold. */
export const allNodes = (nodes: readonly FormNode[]): FormNode[] =>
  nodes.flatMap((node) => [node, ...(node.children ? allNodes(node.children) : [])])

/** Types that ask nothing of anybody. */
const silent = new Set(['note', 'calculate', 'hidden', 'audit', 'csv-external', 'xml-external'])

/** What somebody is asked, or a device notes. */
export const questionsOf = (form: XlsForm): FormNode[] =>
  allNodes(form.nodes).filter(({ children, type }) => children === null && !silent.has(type))
