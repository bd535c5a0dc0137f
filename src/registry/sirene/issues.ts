import type { RowIssue } from './model.ts'
import { problems, type Problem } from './problems.ts'

/** Columns whose values are codes, numbers or dates, which cannot hold a name. */
const withoutNames =
  /^(siren|nic|siret|x|y|epsg|qualite_xy|longitude|latitude|x_longitude|y_latitude|plg_code_commune|(statutDiffusion|date|tranche|annee|activite|etat|categorieJuridique|economie|code(Postal|Commune)|coordonnee|nomenclature|etablissementSiege).*)$/

/**
 * What a report may show of a value: a code, a date or a number as it is; whatever could be a name (any other column,
 * and words slipped into a column of codes) as its first letter and its length.
 */
export function maskValue(column: string, value: string): string {
  const text = value.trim()
  if (text === '') return ''
  if (withoutNames.test(column) && text.length <= 30 && !/\p{L}{3}/u.test(text) && /\d/.test(text)) return text
  return `${[...text][0]}… (${text.length} caractère${text.length > 1 ? 's' : ''})`
}

/** The issues of the rows read, until they are taken with their batch. */
export class Issues {
  #list: RowIssue[] = []
  /** Fields refused alone so far. */
  warnings = 0

  get length(): number {
    return this.#list.length
  }

  warn(file: string, line: number, column: string, value: string, reason: Problem) {
    this.warnings++
    const maskedValue = maskValue(column, value)
    this.#list.push({ file, line, column, maskedValue, reason, message: problems[reason], severity: 'warning' })
  }

  refuse(file: string, line: number, column: string, value: string, reason: Problem) {
    const maskedValue = maskValue(column, value)
    this.#list.push({ file, line, column, maskedValue, reason, message: problems[reason], severity: 'refused' })
  }

  /** Tells of a line that was read in another encoding than the rest of its file. */
  mendLine(file: string, line: number) {
    this.warnings++
    const reason = 'row.encoding'
    this.#list.push({
      file,
      line,
      column: null,
      maskedValue: null,
      reason,
      message: problems[reason],
      severity: 'warning',
    })
  }

  /** Refuses a whole row for its shape. */
  refuseRow(file: string, line: number, reason: Problem, message: string = problems[reason]) {
    this.#list.push({ file, line, column: null, maskedValue: null, reason, message, severity: 'refused' })
  }

  take(): RowIssue[] {
    const taken = this.#list
    this.#list = []
    return taken
  }
}
