import type { Position, Problem } from './model.ts'

/** At most that many are told: a file that is no form would give one per row. */
const most = 100

/** What is wrong in a form, in the order in which it was found. */
export class FormProblems {
  readonly list: Problem[] = []

  add({ sheet, row }: Position, column: string | null, reason: string): void {
    if (this.list.length < most) this.list.push({ sheet, row, column, reason })
  }
}
