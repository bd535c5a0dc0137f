// What must hold at the quiet end of a history of the benchmark `sync`, told apart from the code under test.
import { isDeepStrictEqual } from 'node:util'
import type { Value } from '../../src/statements/model.ts'
import type { AnswerEntry } from '../../src/survey/model.ts'
import type { Row } from '../../src/survey/ui/device/journal.ts'
import { items } from './sync-acts.ts'
import type { ServerEntry } from './sync-server.ts'
import { sirets, type Phone, type Truth, type World } from './sync-world.ts'

export interface Findings {
  /** Told to be safe, and nowhere. */
  lost: string[]
  /** On the server more than once. */
  doubled: string[]
  /** Where a device, the server and the oracle do not say the same. */
  diverged: string[]
  /** Told to be safe, but only on a device that was erased, in no file: nobody could bring it back; not in `lost`. */
  erased: number
}

/** Two words of one voice on two devices: either may be the last where they were said within this time (ms). */
const together = 60_000

type Kept = ServerEntry & { entry: AnswerEntry }

const repeated = (ids: readonly string[]) => ids.filter((id, at) => ids.indexOf(id) < at)

function findDoubled({ server }: World): string[] {
  const said = [...server.acts.values()].flatMap((acts) => acts.map(({ id }) => id))
  return [...repeated(server.entries.map(({ entry }) => entry.id)), ...repeated(said)]
}

function findLost(world: World, rows: ReadonlyMap<Phone, Row[]>): Pick<Findings, 'lost' | 'erased'> {
  const { server, truths } = world
  const here = new Set([...rows.values()].flatMap((own) => own.map(({ entry }) => entry.id)))
  const kept = (id: string) => here.has(id) || server.find(id) !== null
  const missing = [...truths.values()].filter(({ entry, told }) => told && !kept(entry.id))
  const lost = missing.filter(({ erased }) => !erased).map(({ entry }) => entry.id)
  for (const id of world.toldAnswers) if (!kept(id) && !truths.get(id)?.erased) lost.push(id)
  const opened = new Set([...truths.values()].flatMap(({ entry }) => (entry.type === 'open' ? entry.contribution : [])))
  for (const id of world.toldVisits) if (!opened.has(id)) lost.push(id)
  return { lost, erased: missing.filter(({ erased }) => erased).length }
}

async function findLostFiles(world: World): Promise<string[]> {
  const here = new Set<string>()
  for (const { store, person } of world.phones)
    for (const { id, state, blob } of await store.listFiles(person.id))
      if (state === 'waiting' && blob.size > 0) here.add(id)
  return [...world.toldFiles].flatMap(([id, { erased }]) =>
    erased || here.has(id) || world.server.files.has(id) ? [] : `photo ${id}`,
  )
}

const isThere = (kept: ServerEntry | null, { entry, state }: Row) =>
  kept !== null && isDeepStrictEqual({ ...kept.entry }, { ...entry }) && (kept.state === 'held') === (state === 'held')

/** What a row says of itself that is not so on the server. */
function compareRow({ server }: World, row: Row): string[] {
  const { entry, state, message } = row
  const kept = server.find(entry.id)
  const right =
    state === 'sent' || state === 'held'
      ? isThere(kept, row)
      : kept === null && (state === 'refused' ? message !== null : entry.type === 'measure')
  return right ? [] : [`${entry.id} is called ${state} on the device`]
}

/** The answers of a visit that stand, as the server has them. */
function standingOf({ server }: World): Kept[] {
  const back = new Set(server.entries.flatMap(({ entry }) => (entry.type === 'retract' ? [entry.entry] : [])))
  return server.entries.filter((one): one is Kept => one.entry.type === 'answer' && !back.has(one.entry.id))
}

/** Two ids, or two words of two devices that were said so close to each other that either may be the last. */
function isSame({ truths }: World, a: string | undefined, b: string | undefined): boolean {
  const [one, other] = [truths.get(a ?? ''), truths.get(b ?? '')]
  if (a === b || !one || !other) return a === b
  return one.device !== other.device && Math.abs(one.time - other.time) < together
}

/** Whether a device that has the whole of a visit shows it as the server does. */
async function compareVisits(world: World, phone: Phone, rows: readonly Row[], standing: readonly Kept[]) {
  const wrong: string[] = []
  const sent = new Set(rows.filter(({ state }) => state === 'sent').map(({ entry }) => entry.id))
  for (const one of await phone.engine.listContributions()) {
    const { waiting, refused } = one.counts
    const theirs = world.server.entries.filter(({ entry }) => entry.contribution === one.id)
    if (waiting + refused > 0 || theirs.some(({ entry }) => !sent.has(entry.id))) continue
    // Where one of two clocks jumped, nobody knows which of their words was the last.
    const devices = new Set(theirs.map(({ device }) => device))
    if (devices.size > 1 && [...devices].some((device) => world.jumped.has(device))) continue
    for (const item of items) {
      const last = standing
        .filter(({ entry }) => entry.contribution === one.id && entry.item === item)
        .toSorted((a, b) => (a.saidAt < b.saidAt || (a.saidAt === b.saidAt && a.entry.id < b.entry.id) ? -1 : 1))
        .at(-1)
      const shown = one.answers.get(item)?.entry.id
      if (!isSame(world, shown, last?.entry.id))
        wrong.push(`${item} of visit ${one.id}: ${shown} here, ${last?.entry.id} there`)
    }
    const agreement = world.server.consentOf(one.id)?.id
    if (!isSame(world, one.consent?.entry.id, agreement)) wrong.push(`agreement of visit ${one.id}`)
  }
  return wrong
}

async function compareSeen(world: World, phone: Phone): Promise<string[]> {
  const wrong: string[] = []
  for (const siret of sirets) {
    const seen = await phone.engine.getSeen(siret)
    if (JSON.stringify(seen?.answers) !== JSON.stringify(world.server.answersOf(siret)))
      wrong.push(`${phone.id} sees otherwise what is said of ${siret}`)
  }
  return wrong
}

/** Whether somebody certainly said another word after this one. */
function isOvertaken(world: World, truth: Truth, others: readonly Truth[]): boolean {
  return others.some((other) =>
    other.device === truth.device
      ? other.order > truth.order
      : !world.jumped.has(truth.device) && !world.jumped.has(other.device) && other.time - truth.time > together,
  )
}

function countSides(values: readonly Value[]): [string, number][] {
  const sides = new Map<string, number>()
  for (const value of values) sides.set(JSON.stringify(value), (sides.get(JSON.stringify(value)) ?? 0) + 1)
  return [...sides].sort(([, a], [, b]) => b - a)
}

/**
 * The agreed value of one item of one enterprise against what the entries alone make of it: the last word of each body
 * and of the artisan, by when it was really said, then the value of most; none where two values have as many.
 */
function compareAgreed(world: World, siret: string, item: string, standing: readonly Kept[]): string | null {
  const { server, truths } = world
  const own = standing.filter(({ entry, state }) => {
    const visit = server.visits.get(entry.contribution)!
    return entry.item === item && state === 'taken' && visit.siret === siret
  })
  const agreed = server.agreed.get(`${siret} ${item}`) ?? null
  if (own.length === 0) return agreed === null ? null : 'a value of nothing'
  if (agreed === null) return 'no value'
  const chosen = new Set(agreed.sides.flatMap(({ statements }) => statements))
  const voices = Map.groupBy(own, ({ entry }) => server.visits.get(entry.contribution)!.body)
  const values: Value[] = []
  for (const [body, words] of voices) {
    const last = words.filter(({ entry }) => chosen.delete(entry.id))
    if (last.length !== 1) return `${last.length} words of ${body}`
    const others = words.map(({ entry }) => truths.get(entry.id)!)
    if (isOvertaken(world, truths.get(last[0]!.entry.id)!, others)) return `an old word of ${body}`
    values.push(last[0]!.entry.value)
  }
  if (chosen.size > 0) return 'words that do not stand'
  const [[first, most], second] = countSides(values) as [[string, number], [string, number] | undefined]
  const value = second?.[1] === most ? null : first
  if ((agreed.value === null ? null : JSON.stringify(agreed.value)) !== value) return 'another value'
  const state = value === null ? 'tied' : second ? 'majority' : 'agreed'
  return agreed.state === state && agreed.voices === voices.size ? null : `${agreed.state}, not ${state}`
}

/** Looks at a history's quiet end. */
export async function check(world: World): Promise<Findings> {
  const rows = new Map<Phone, Row[]>()
  for (const phone of world.phones) rows.set(phone, await phone.rows())
  const standing = standingOf(world)
  const diverged = [...world.wrong]
  for (const [phone, own] of rows) {
    for (const row of own) diverged.push(...compareRow(world, row))
    diverged.push(...(await compareVisits(world, phone, own, standing)), ...(await compareSeen(world, phone)))
  }
  for (const siret of sirets)
    for (const item of items) {
      const wrong = compareAgreed(world, siret, item, standing)
      if (wrong) diverged.push(`${item} of ${siret}: ${wrong}`)
    }
  const { lost, erased } = findLost(world, rows)
  return { lost: [...lost, ...(await findLostFiles(world))], doubled: findDoubled(world), diverged, erased }
}
