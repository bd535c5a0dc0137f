import * as v from 'valibot'
import type { Disclosure, Grant } from '#accounts/model'
import { isoDayOf } from '#accounts/model'
import { badInput, type FieldError, type Subject } from '#platform'
import { isDay } from '#platform/model'
import { wrongFields } from './errors.ts'
import { methods, type Method } from './model.ts'

/** What somebody wants to say, as a page or a program gives it. */
export interface Saying {
  subject: Subject
  item: string
  value: unknown
  /** As anybody, or by the right that one has: that of whoever holds the subject, or of a body. */
  as: 'citizen' | 'right'
  /** UUID, where the caller made it, so that it may be said again without being said twice. */
  id?: string
  /** The one body in whose name, or none (null): that of whoever holds the subject. Any right by default. */
  body?: string | null
  /** The right that let it in when it was received, which the caller has checked: it is not asked for again. */
  grant?: Grant
  /** ISO 8601 moment at which it was said, where that is known; now by default. */
  saidAt?: string
  /** Day on which it was so; today when absent. */
  saidOn?: string
  method: Method
  evidence?: string | null
  comment?: string | null
  /** Who may read what a body or a holder says; everybody when absent. */
  asked?: Disclosure
  /** The text of agreement that the artisan read, with its box ticked: needed for what is personal. */
  consent?: { textVersion: string; textLang: 'fr' | 'en' } | null
}

const today = () => isoDayOf(new Date().toISOString())

const optional = (longest: number, message: string) =>
  v.pipe(
    v.nullish(v.string(), ''),
    v.transform((text) => text.trim()),
    v.maxLength(longest, message),
    v.transform((text) => text || null),
  )

const schema = v.object({
  saidOn: v.pipe(
    v.nullish(v.string(), ''),
    v.transform((text) => text || today()),
    v.check(isDay, 'Donnez un jour, par exemple 2026-03-21.'),
    v.check((text) => text <= today(), 'Ce jour est à venir : donnez celui où vous l’avez constaté.'),
    v.check((text) => text >= '1900-01-01', 'Donnez un jour depuis 1900.'),
  ),
  method: v.picklist(methods, 'Dites comment vous le savez.'),
  evidence: v.pipe(
    optional(300, 'L’adresse de la source fait 300 caractères au plus.'),
    v.check(
      (text) => text === null || /^https?:\/\/[^\s"<>]+$/.test(text) || /^[0-9a-f-]{36}$/.test(text),
      'Donnez l’adresse entière de la page, avec https://.',
    ),
  ),
  comment: optional(1000, 'Le commentaire fait 1 000 caractères au plus.'),
})

/**
 * When, how and after what it is said.
 * @throws {UserError} 400 naming each wrong field
 */
export function checkSaying(saying: Saying): v.InferOutput<typeof schema> {
  const parsed = v.safeParse(schema, saying)
  if (parsed.success) return parsed.output
  throw wrongFields(
    parsed.issues.map((issue): FieldError => ({
      field: String(issue.path?.[0]?.key ?? ''),
      message: issue.message,
    })),
  )
}

/**
 * A reason, trimmed.
 * @throws {UserError} 400
 */
export function reasonOf(reason: string, required: boolean): string {
  const text = reason.trim()
  const message = text === '' ? 'Écrivez pourquoi, en une phrase.' : 'Écrivez 500 caractères au plus.'
  if ((required && text === '') || text.length > 500) throw badInput(message, [{ field: 'reason', message }])
  return text
}
