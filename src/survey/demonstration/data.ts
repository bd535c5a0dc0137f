import { readFileSync } from 'node:fs'
import type { Disclosure } from '#accounts/model'
import type { Value } from '#statements/model'
import { findGuideItem } from '../guide/guides.ts'
import type { MeetingKind } from '../meetings/model.ts'
import type { Entry, Mode } from '../model.ts'

/** Item, then a choice, a number or a text, then what was said beside it. */
type WrittenAnswer = [item: string, value: string | number, comment?: string]

interface Told {
  /** Fixed ids of `bodies.json`. */
  body: string
  author: string
  /** Days before the day of the loading. */
  daysAgo: number
  answers: WrittenAnswer[]
}

/** One visit of `survey.json`; `body` null: the artisan's own word; `consent` null: nobody has answered yet. */
export interface DemonstrationVisit extends Omit<Told, 'body'> {
  id: number
  siret: string
  body: string | null
  mode: Mode
  consent: Exclude<Disclosure, 'secret'> | 'refused' | null
}

export interface DemonstrationProspect extends Told {
  name: string
  commune: string
  address: string | null
  metier: string
}

interface Said {
  visit: number
  item: string
}
export type DemonstrationAct =
  | { act: 'settle'; by: string; chosen: Said; over: Said[]; reason: string }
  | { act: 'contest'; by: string; siret: string; item: string; reason: string }

export interface DemonstrationMeeting {
  body: string
  author: string
  kind: MeetingKind
  title: string
  /** Days after the day of the loading. */
  inDays: number
  at: string
  until: string
  place: string
  agenda: string
  /** Name, organisation, and whether the person came. */
  people?: [name: string, organisation: string, present: boolean][]
}

export interface DemonstrationSurvey {
  visits: DemonstrationVisit[]
  prospects: DemonstrationProspect[]
  acts: DemonstrationAct[]
  meetings: DemonstrationMeeting[]
}

const read = (file: string) =>
  JSON.parse(readFileSync(new URL(`../../../data/demonstration/${file}`, import.meta.url), 'utf8')) as unknown

/** The fictional survey. Read at once: inside a transaction nothing but the database may be awaited. */
export const readDemonstrationSurvey = () => read('survey.json') as DemonstrationSurvey

/** Ids of the fictional bodies, which the accounts load and remove, and of the people who act for them. */
export function readDemonstrationIds(): { bodies: string[]; people: string[] } {
  const { bodies, artisans } = read('bodies.json') as {
    bodies: { id: string; people: { id: string }[] }[]
    artisans: { id: string }[]
  }
  const people = [...bodies.flatMap((one) => one.people), ...artisans].map(({ id }) => id)
  return { bodies: bodies.map(({ id }) => id), people }
}

const idOf = (kind: number, n: number) => `00000000-de00-7000-8${kind}-${String(n).padStart(12, '0')}`

export const visitId = (visit: number): string => idOf(100, visit)
export const prospectId = (n: number): string => idOf(102, n)
/** Entry of a visit: 0 opens it, 1 agrees, the answers follow. */
const entryId = (visit: number, n: number) => idOf(101, visit * 100 + n)
const firstAnswer = 2

/** Id of the statement that an answer of a visit is. */
export function answerId({ visits }: DemonstrationSurvey, { visit, item }: Said): string {
  const { answers } = visits.find(({ id }) => id === visit)!
  return entryId(visit, firstAnswer + answers.findIndex(([one]) => one === item))
}

function valueOf(id: string, written: string | number): Value {
  const { kind, unit } = findGuideItem(id)!
  if (kind === 'number') return { kind, number: Number(written), unit: unit! }
  return { kind, [kind]: written } as Value
}

/** An entry without what its place in a journal gives it. */
type Unsigned<E> = E extends Entry ? Omit<E, 'id' | 'contribution' | 'at'> : never

/** What a device would have sent: the moments are a minute apart. */
class Journal {
  readonly entries: Entry[] = []
  readonly #visit: number
  readonly #start: number

  constructor(visit: number, start: number) {
    this.#visit = visit
    this.#start = start
  }

  add(n: number, entry: Unsigned<Entry>, id = entryId(this.#visit, n)) {
    const at = new Date(this.#start + n * 60_000).toISOString()
    this.entries.push({ ...entry, id, contribution: visitId(this.#visit), at })
  }

  answer(answers: readonly WrittenAnswer[]) {
    for (const [index, [item, value, comment = null]] of answers.entries())
      this.add(firstAnswer + index, { type: 'answer', item, value: valueOf(item, value), comment })
  }
}

/** Mornings, at an hour of their own. */
const startOf = (daysAgo: number, n: number, today: number) =>
  today - daysAgo * 86_400_000 + (8 + (n % 4)) * 3_600_000 + (n % 6) * 600_000

/**
 * The entries of a visit, in their order.
 * @param today midnight of the day of the loading, UTC, in milliseconds
 * @param textVersion of the agreement that was read
 */
export function entriesOf(
  { id, siret, body, mode, consent, daysAgo, answers }: DemonstrationVisit,
  guide: number,
  today: number,
  textVersion: string,
): Entry[] {
  const journal = new Journal(id, startOf(daysAgo, id, today))
  journal.add(0, { type: 'open', target: { siret }, guide, mode, body })
  if (consent !== null)
    journal.add(1, {
      type: 'consent',
      given: consent !== 'refused',
      audience: consent === 'refused' ? 'secret' : consent,
      uses: consent === 'refused' ? [] : ['atlas', 'survey', 'publication'],
      textVersion,
      textLang: 'fr',
    })
  journal.answer(answers)
  return journal.entries
}

/** The entries of a visit of somebody whom the register does not know. */
export function prospectEntries(
  { name, commune, address, metier, body, daysAgo, answers }: DemonstrationProspect,
  n: number,
  guide: number,
  today: number,
): Entry[] {
  const visit = 900 + n
  const journal = new Journal(visit, startOf(daysAgo, visit, today))
  const prospect = prospectId(n)
  journal.add(0, { type: 'prospect', name, commune, address, metier, body }, prospect)
  journal.add(1, { type: 'open', target: { prospect }, guide, mode: 'full', body })
  journal.answer(answers)
  return journal.entries
}
