import * as v from 'valibot'
import { disclosures, purposes } from '#accounts/model'
import { badInput, UserError } from '#platform'
import { answers, placeQualities, type Value } from '#statements/model'
import { entryTypes, largestBatch, modes, protocol, type Entry, type EntryResult, type SyncRequest } from '../model.ts'
import { malformed, resultOf, typeTooNew } from './refusal.ts'

/** Text that the database can keep: no null character, no half of a character. */
const text = (longest: number) =>
  v.pipe(
    v.string(),
    v.maxLength(longest),
    v.check((one) => one.isWellFormed() && !one.includes('\0')),
  )
const filled = (longest: number) => v.pipe(text(longest), v.regex(/\S/))
const uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/))
const moment = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  v.check((one) => !Number.isNaN(Date.parse(one)) && new Date(one).toISOString() === one),
)
const slug = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,80}$/))
const siret = v.pipe(v.string(), v.regex(/^\d{14}$/))
const finite = v.pipe(v.number(), v.finite())

/** A value of any kind; whether it is one of its item is checked when it is said. */
const value = v.variant('kind', [
  v.strictObject({ kind: v.literal('answer'), answer: v.picklist(answers) }),
  v.strictObject({ kind: v.literal('number'), number: finite, unit: text(40) }),
  v.strictObject({ kind: v.literal('choice'), choice: slug }),
  v.strictObject({ kind: v.literal('text'), text: text(2000) }),
  v.strictObject({ kind: v.literal('place'), lon: finite, lat: finite, quality: v.picklist(placeQualities) }),
  v.strictObject({ kind: v.literal('period'), period: text(100) }),
  v.strictObject({ kind: v.literal('enterprise'), siret }),
  v.strictObject({ kind: v.literal('person'), person: text(100) }),
  v.strictObject({ kind: v.literal('file'), file: text(200) }),
]) satisfies v.GenericSchema<unknown, Value>

const base = { id: uuid, contribution: uuid, at: moment }
const target = v.union([v.strictObject({ siret }), v.strictObject({ prospect: uuid })])

/** One entry of a journal; nothing more than its fields, and texts of a bounded length. */
export const entrySchema = v.variant('type', [
  v.strictObject({
    ...base,
    type: v.literal('open'),
    target,
    guide: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)),
    mode: v.picklist(modes),
    body: v.nullable(uuid),
    reason: v.optional(text(200)),
  }),
  v.strictObject({
    ...base,
    type: v.literal('prospect'),
    name: filled(200),
    commune: v.pipe(v.string(), v.regex(/^[0-9A-Z]{5}$/)),
    address: v.nullable(text(300)),
    metier: v.nullable(slug),
    body: v.nullable(uuid),
  }),
  v.strictObject({ ...base, type: v.literal('answer'), item: slug, value, comment: v.nullable(text(1000)) }),
  v.strictObject({ ...base, type: v.literal('retract'), entry: uuid }),
  v.strictObject({
    ...base,
    type: v.literal('consent'),
    given: v.boolean(),
    audience: v.picklist(disclosures),
    uses: v.pipe(v.array(v.picklist(purposes)), v.maxLength(purposes.length)),
    textVersion: slug,
    textLang: v.picklist(['fr', 'en']),
  }),
]) satisfies v.GenericSchema<unknown, Entry>

const envelope = v.strictObject({
  protocol: v.literal(protocol),
  device: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  now: moment,
  entries: v.pipe(v.array(v.looseObject({ id: uuid })), v.maxLength(largestBatch)),
})

const updateYourPage = () =>
  new UserError(
    'survey.protocol',
    409,
    'Cette page et le serveur ne sont plus de la même version. Vos réponses restent sur l’appareil : mettez la page à jour (rechargez-la), puis envoyez de nouveau.',
  )

const unreadable = (field: string) => badInput(`Cet envoi n’est pas lisible (« ${field} »). Rechargez la page.`)

const fieldOf = (issues: readonly v.BaseIssue<unknown>[]) =>
  issues[0]?.path?.map(({ key }) => String(key)).join('.') ?? ''

/** An entry, or why it is not one: the others of the request are taken all the same. */
function parseEntry(input: { id: string; type?: unknown }): Entry | EntryResult {
  if (typeof input.type === 'string' && !entryTypes.some((one) => one === input.type))
    return resultOf(input.id, typeTooNew())
  const parsed = v.safeParse(entrySchema, input)
  return parsed.success ? parsed.output : resultOf(input.id, malformed(fieldOf(parsed.issues)))
}

/**
 * What a device sends, and what is answered at once of the entries that are none.
 * @throws {UserError} 400 when it is no request, or holds too many entries; 409 when page and server speak otherwise
 */
export function parseSync(input: unknown): { request: SyncRequest; refused: EntryResult[] } {
  const spoken = v.safeParse(v.looseObject({ protocol: v.number() }), input)
  if (!spoken.success) throw unreadable('protocol')
  if (spoken.output.protocol !== protocol) throw updateYourPage()
  const parsed = v.safeParse(envelope, input)
  if (!parsed.success) throw unreadable(fieldOf(parsed.issues))
  const entries: Entry[] = []
  const refused: EntryResult[] = []
  for (const one of parsed.output.entries.map(parseEntry)) {
    if ('outcome' in one) refused.push(one)
    else entries.push(one)
  }
  return { request: { ...parsed.output, entries }, refused }
}
