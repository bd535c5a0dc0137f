import type { Lang } from '#platform/model'
import type { AccountMessages } from '../people/account/messages.ts'

/** What the last form of the account's page answered. */
export interface AccountAnswer {
  form: string
  error: string
  fields: { field: string; message: string }[]
}

/** The error of one field of one form, or null. */
export const fieldError = (answer: AccountAnswer | null, form: string, field: string): string | null =>
  answer?.form === form ? (answer.fields.find((one) => one.field === field)?.message ?? null) : null

/** A day, and the hour unless it says otherwise, as people in France read it. */
export const moment = (lang: Lang, iso: string, { hour = true } = {}): string =>
  new Intl.DateTimeFormat(lang === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'medium',
    ...(hour ? { timeStyle: 'short' as const } : {}),
    timeZone: 'Europe/Paris',
  }).format(new Date(iso))

/** « Firefox sur Linux », as far as it is known. */
export function deviceName(
  t: AccountMessages['sessions'],
  { browser, system }: { browser: string | null; system: string | null },
): string {
  return browser && system ? t.on(browser, system) : (browser ?? system ?? t.unknown)
}
