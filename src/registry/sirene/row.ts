import { Cells, type Index } from './cells.ts'
import type { Issues } from './issues.ts'
import type { Problem } from './problems.ts'

const daysOfMonths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** What is wrong with a date written YYYY-MM-DD; null when nothing is. `today` is its latest value. */
export function dateProblem(text: string, today: string): Problem | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return 'date.malformed'
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8))
  if (day < 1 || day > (daysOfMonths[month - 1] ?? 0)) return 'date.malformed'
  if (month === 2 && day === 29 && !isLeap(Number(text.slice(0, 4)))) return 'date.malformed'
  return text < '1800-01-01' || text > today ? 'date.out_of_range' : null
}

const timeOfDay = /^T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z?$/

/** What the rows of one file share. */
export interface RowContext {
  file: string
  issues: Issues
  /** Latest date that a row may hold, YYYY-MM-DD. */
  today: string
}

/** Reads and checks the fields of one row: a wrong field is told and counts as empty. */
export class Row<Column extends string> extends Cells<Column> {
  readonly context: RowContext
  line = 0

  constructor(index: Index<Column>, withheld: readonly Column[], context: RowContext) {
    super(index, withheld)
    this.context = context
  }

  warn(column: Column, reason: Problem) {
    this.context.issues.warn(this.context.file, this.line, column, this.get(column), reason)
    return null
  }

  refuse(column: Column, reason: Problem) {
    this.context.issues.refuse(this.context.file, this.line, column, this.get(column), reason)
    return null
  }

  /** A code of a given form. */
  matching(column: Column, form: RegExp, reason: Problem): string | null {
    const text = this.get(column)
    if (text === '') return null
    return form.test(text) ? text : this.warn(column, reason)
  }

  date(column: Column): string | null {
    const text = this.get(column)
    if (text === '') return null
    const problem = dateProblem(text, this.context.today)
    return problem ? this.warn(column, problem) : text
  }

  /** A date, with or without the time of day. */
  dateTime(column: Column): string | null {
    const text = this.get(column)
    if (text === '') return null
    const problem = dateProblem(text.slice(0, 10), this.context.today)
    if (problem) return this.warn(column, problem)
    return text.length === 10 || timeOfDay.test(text.slice(10)) ? text : this.warn(column, 'date.malformed')
  }

  /** A year from 1900 to this one. */
  year(column: Column): number | null {
    const text = this.get(column)
    if (text === '') return null
    const valid = /^(?:19|20)\d\d$/.test(text) && text <= this.context.today.slice(0, 4)
    return valid ? Number(text) : this.warn(column, 'year.malformed')
  }

  flag(column: Column, yes: string, no: string): boolean | null {
    const text = this.get(column)
    if (text === '') return null
    if (text === yes) return true
    return text === no ? false : this.warn(column, 'boolean.malformed')
  }
}
