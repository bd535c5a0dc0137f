import edtf from 'edtf'
import * as v from 'valibot'
import type { FieldError } from '#platform'
import { wrongFields } from './errors.ts'
import { answers, placeQualities, type Item, type Value, type ValueKind } from './model.ts'
import { units } from './units.ts'

const text = (longest: number) =>
  v.pipe(
    v.string('Écrivez votre réponse.'),
    v.transform((one) =>
      one
        .normalize('NFC')
        .trim()
        .replace(/[^\S\n]+/g, ' '),
    ),
    v.nonEmpty('Écrivez votre réponse.'),
    v.maxLength(longest, `Écrivez ${longest} caractères au plus.`),
  )

/** The address of a page as browsers write it; null when it is not one that may be linked to. */
function linkOf(address: string): string | null {
  const url = URL.parse(/^[a-z]+:/i.test(address) ? address : `https://${address}`)
  if (url?.protocol !== 'https:' || url.username || url.password || url.port) return null
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}$/.test(url.hostname) ? url.href : null
}

const link = v.pipe(
  text(300),
  v.transform(linkOf),
  v.string('Donnez une adresse qui commence par https://, par exemple https://mon-atelier.fr.'),
)

const period = v.pipe(
  v.string('Donnez une date ou une période.'),
  v.transform((one) => {
    try {
      return edtf(one.trim()).edtf
    } catch {
      return null
    }
  }),
  v.string('Donnez une année (1950), une période (1950/1960) ou une date approximative (1950~), au format EDTF.'),
)

const number = v.pipe(v.number('Donnez un nombre.'), v.finite('Donnez un nombre.'))
const degrees = (most: number, name: string) =>
  v.pipe(
    v.number(`Donnez la ${name} en degrés, par exemple ${most === 90 ? '44,0181' : '1,3552'}.`),
    v.check((one) => Math.abs(one) <= most, `La ${name} va de −${most} à ${most} degrés.`),
    v.transform((one) => Math.round(one * 1e6) / 1e6),
  )

/** The schema of a kind of value, for an item. */
function schemaOf(item: Pick<Item, 'kind' | 'choices' | 'longest' | 'link'>) {
  const schemas = {
    answer: () =>
      v.strictObject({
        kind: v.literal('answer'),
        answer: v.picklist(
          answers.filter((one) => !item.choices || item.choices.some(({ id }) => id === one)),
          'Choisissez une réponse.',
        ),
      }),
    number: () => v.strictObject({ kind: v.literal('number'), number, unit: v.picklist(units, 'Unité inconnue.') }),
    choice: () =>
      v.strictObject({
        kind: v.literal('choice'),
        choice: item.choices
          ? v.picklist(
              item.choices.map(({ id }) => id),
              'Choisissez dans la liste.',
            )
          : v.pipe(v.string('Choisissez dans la liste.'), v.regex(/^[a-z0-9-]{1,80}$/, 'Choisissez dans la liste.')),
      }),
    text: () => v.strictObject({ kind: v.literal('text'), text: item.link ? link : text(item.longest ?? 2000) }),
    place: () =>
      v.strictObject({
        kind: v.literal('place'),
        lon: degrees(180, 'longitude'),
        lat: degrees(90, 'latitude'),
        quality: v.picklist(placeQualities, 'Dites si la position est à l’adresse ou dans la rue.'),
      }),
    period: () => v.strictObject({ kind: v.literal('period'), period }),
    enterprise: () =>
      v.strictObject({
        kind: v.literal('enterprise'),
        siret: v.pipe(v.string('Donnez un SIRET.'), v.regex(/^\d{14}$/, 'Un SIRET a 14 chiffres.')),
      }),
    person: () => v.strictObject({ kind: v.literal('person'), person: text(100) }),
    file: () => v.strictObject({ kind: v.literal('file'), file: text(200) }),
  } satisfies Record<ValueKind, () => v.GenericSchema<unknown, Value>>
  return schemas[item.kind]() as v.GenericSchema<unknown, Value>
}

/**
 * A value of an item's kind, in its normal form.
 * @throws {UserError} 400 naming what is wrong: `answer`, `number`, `text`, `lon`, `lat`…
 */
export function parseValue(item: Pick<Item, 'kind' | 'choices' | 'longest' | 'link'>, input: unknown): Value {
  const parsed = v.safeParse(schemaOf(item), input)
  if (parsed.success) return parsed.output
  throw wrongFields(
    parsed.issues.map((issue): FieldError => ({
      field: String(issue.path?.[0]?.key ?? 'value'),
      message: issue.message,
    })),
  )
}

/** A number as people type it: « 3,5 ». Undefined when it is none. */
const typed = (text: string | undefined) => {
  const plain = (text ?? '').trim().replace(/\s/g, '').replace(',', '.').replace('−', '-')
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
}

/**
 * A value from the fields of a form, which bear the names of the value's own parts.
 * @throws {UserError} 400 naming each wrong field
 */
export function parseForm(item: Item, fields: Readonly<Record<string, string | undefined>>): Value {
  const { kind } = item
  const { answer, choice, text, period, siret, person, file, quality } = fields
  const parts: Record<ValueKind, Record<string, unknown>> = {
    answer: { answer },
    number: { number: typed(fields.number), unit: fields.unit ?? item.unit ?? '' },
    choice: { choice },
    text: { text },
    place: { lon: typed(fields.lon), lat: typed(fields.lat), quality },
    period: { period },
    enterprise: { siret: siret?.replace(/\s/g, '') },
    person: { person },
    file: { file },
  }
  return parseValue(item, { kind, ...parts[kind] })
}
