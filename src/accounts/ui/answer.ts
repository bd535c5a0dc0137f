/** What a refused form tells its page. */
export interface FormAnswer {
  /** Name of the form's action. */
  form: string
  error: string
  fields: { field: string; message: string }[]
  /** What was typed, to be typed no second time; the choices of a list, one a line. */
  values: Record<string, string>
}

/** The error of a field, null when another form or field was refused. */
export const errorOf = (answer: FormAnswer | null, form: string, field: string): string | null =>
  answer?.form === form && answer.fields.some((one) => one.field === field) ? answer.error : null

/** What was typed in a field of the refused form, else what it holds by default. */
export const typedIn = (answer: FormAnswer | null, form: string, field: string, otherwise = ''): string =>
  answer?.form === form ? (answer.values[field] ?? '') : otherwise

/** Whether a choice of a list was made in the refused form. */
export const chosenIn = (answer: FormAnswer | null, form: string, field: string, choice: string): boolean =>
  typedIn(answer, form, field).split('\n').includes(choice)

/** The error that no field shows. */
export const errorOutside = (answer: FormAnswer | null): string | null =>
  answer && answer.fields.length === 0 ? answer.error : null
