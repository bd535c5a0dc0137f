import { fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit'
import type { FormAnswer } from '#accounts/ui/answer.ts'
import { UserError } from '#platform'

/** Texts of a form that was sent; a field that it lacks is empty. */
export interface FormTexts {
  get(name: string): string
  all(name: string): string[]
}

function readTexts(data: FormData): FormTexts {
  const texts = (name: string) => data.getAll(name).filter((one): one is string => typeof one === 'string')
  return { get: (name) => texts(name)[0] ?? '', all: texts }
}

/** What was typed; the choices of a list, one a line. */
const valuesOf = (data: FormData) =>
  Object.fromEntries([...new Set(data.keys())].map((name) => [name, readTexts(data).all(name).join('\n')]))

/**
 * An action of a page: does its work, then shows the page that it answers; what a user may mend comes back with what
 * was typed.
 * @param form name of the action
 */
export const formAction =
  <Event extends RequestEvent>(form: string, work: (event: Event, texts: FormTexts) => Promise<string>) =>
  async (event: Event): Promise<ActionFailure<FormAnswer>> => {
    const data = await event.request.formData()
    let next: string
    try {
      next = await work(event, readTexts(data))
    } catch (error) {
      if (!(error instanceof UserError) || error.status === 404 || error.status === 401) throw error
      return fail(error.status, { form, error: error.message, fields: error.fields, values: valuesOf(data) })
    }
    redirect(303, next)
  }
