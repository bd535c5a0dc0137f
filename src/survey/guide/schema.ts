import * as v from 'valibot'
import { disclosures, pillars } from '#accounts/model'
import { answers } from '#statements/model'
import type { Guide, GuideItem } from '../model.ts'

/** Short English words that never change: they are in addresses, answers and exports. */
const id = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), v.maxLength(40))
const words = v.pipe(
  v.string(),
  v.nonEmpty(),
  v.check((text) => text === text.trim() && !text.includes("'"), 'Write ’ for apostrophes, no space around'),
)
const label = v.strictObject({ fr: words, en: words })
const pillar = v.picklist(pillars.filter((one) => one !== 'register'))

const relevance = v.strictObject({
  when: v.optional(v.strictObject({ item: id, in: v.pipe(v.array(id), v.nonEmpty()) })),
  sectors: v.optional(v.pipe(v.array(id), v.nonEmpty())),
  metiers: v.optional(v.pipe(v.array(id), v.nonEmpty())),
})

const item = v.strictObject({
  id,
  pillar,
  section: id,
  kind: v.picklist(['answer', 'number', 'choice', 'text', 'place', 'enterprise', 'person', 'file']),
  media: v.optional(v.picklist(['picture', 'sound'])),
  label,
  question: label,
  help: v.optional(label),
  examples: v.optional(label),
  unit: v.optional(v.string()),
  choices: v.optional(v.pipe(v.array(v.strictObject({ id, label })), v.minLength(2))),
  iso26000: v.picklist(['6.2', '6.3', '6.4', '6.5', '6.6', '6.7', '6.8']),
  relevance: v.optional(relevance),
  strength: v.boolean(),
  ceiling: v.optional(v.picklist(disclosures)),
  windowDays: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

const guide = v.strictObject({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  title: label,
  publishedOn: v.pipe(v.string(), v.isoDate()),
  sections: v.pipe(v.array(v.strictObject({ id, pillar, label })), v.nonEmpty()),
  items: v.pipe(v.array(item), v.nonEmpty()),
})

/** What somebody may answer to an item that others depend on; null for kinds that have no closed list. */
const possible = ({ kind, choices }: GuideItem): readonly string[] | null =>
  kind === 'answer' ? answers : (choices?.map((one) => one.id) ?? null)

const repeated = (list: readonly string[]) => list.filter((one, index) => list.indexOf(one) !== index)

function itemFaults(one: GuideItem, before: ReadonlyMap<string, GuideItem>, { sections }: Guide): string[] {
  const section = sections.find(({ id }) => id === one.section)
  const when = one.relevance?.when
  const asked = when && before.get(when.item)
  const faults: [boolean, string][] = [
    [before.has(one.id), 'its id is used twice'],
    [!section, `its section ${one.section} is not known`],
    [section !== undefined && section.pillar !== one.pillar, 'its pillar is not the one of its section'],
    [(one.kind === 'choice') !== (one.choices !== undefined), 'choices go with the kind choice, and with it alone'],
    [repeated(one.choices?.map(({ id }) => id) ?? []).length > 0, 'a choice is there twice'],
    [(one.kind === 'number') !== (one.unit !== undefined), 'a unit goes with the kind number, and with it alone'],
    [(one.kind === 'file') !== (one.media !== undefined), 'media go with the kind file, and with it alone'],
    [one.strength && one.kind !== 'answer', 'a strength is answered by yes'],
    [one.strength && when !== undefined, 'a strength is asked without any answer before'],
    [one.strength && one.ceiling !== undefined, 'a strength is shown to all, it has no ceiling'],
    [one.kind === 'person' && one.ceiling !== 'body' && one.ceiling !== 'secret', 'a person is never shown to others'],
    [when !== undefined && !asked, `it depends on ${when?.item}, which is not asked before`],
    [!!asked && !when.in.every((given) => possible(asked)?.includes(given)), 'it waits for an impossible answer'],
  ]
  return faults.flatMap(([wrong, fault]) => (wrong ? [`${one.id}: ${fault}`] : []))
}

/** What is wrong in a guide beyond its shape, in words; empty when all is right. */
function faultsOf(guide: Guide): string[] {
  const before = new Map<string, GuideItem>()
  const order = guide.sections.map(({ id }) => id)
  const places = guide.items.map(({ section }) => order.indexOf(section))
  const faults = guide.items.flatMap((one) => {
    const found = itemFaults(one, before, guide)
    before.set(one.id, one)
    return found
  })
  return [
    ...faults,
    ...repeated(order).map((one) => `${one}: the section is there twice`),
    ...order.filter((_, index) => !places.includes(index)).map((one) => `${one}: the section has no item`),
    ...(places.every((place, index) => index === 0 || place >= places[index - 1]!)
      ? []
      : ['items do not follow the order of the sections']),
  ]
}

/**
 * A guide from the text of its file.
 * @throws {Error} naming what is wrong
 */
export function parseGuide(text: string, file: string): Guide {
  const parsed = v.safeParse(guide, JSON.parse(text))
  if (!parsed.success) {
    const [issue] = parsed.issues
    throw new Error(`${file}: ${v.getDotPath(issue)}: ${issue.message}`)
  }
  const read = parsed.output as Guide
  const faults = faultsOf(read)
  if (faults.length > 0) throw new Error(`${file}: ${faults.join('; ')}`)
  return read
}

/**
 * Checks that an item says the same thing in all versions: answers to it are kept together.
 * @throws {Error} naming the item
 */
export function requireStable(guides: readonly Guide[]): void {
  const known = new Map<string, GuideItem>()
  for (const { version, items } of guides)
    for (const one of items) {
      const before = known.get(one.id)
      if (before && (before.kind !== one.kind || before.media !== one.media || before.pillar !== one.pillar))
        throw new Error(`Version ${version} of the guide changes the kind, the media or the pillar of ${one.id}`)
      known.set(one.id, one)
    }
}
