import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnswerEntry, ConsentEntry, Entry, OpenEntry, ProspectEntry, SyncRequest } from '../model.ts'
import { EntryRefused } from './refusal.ts'
import { momentOf, sameEntry, takeEntries, type EntryStore, type EntryTransaction, type KeptEntry } from './take.ts'

const start = Date.UTC(2026, 10, 25, 9)
const iso = (ms: number) => new Date(start + ms).toISOString()
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const none = { before: null, after: null }

interface Kept extends KeptEntry {
  saidAt: string
}

/** A server in memory: what a transaction wrote is there when it ends, or not at all. */
class Memory {
  entries = new Map<string, Kept>()
  visits = new Map<string, { author: string; held: boolean }>()
  prospects = new Set<string>()
  statements = new Map<string, string>()
  /** Throws at the write of that number, as a server that is killed. */
  dieAt = Infinity
  writes = 0

  store(author: string): EntryStore {
    return {
      author,
      latestGuide: 1,
      hasGuide: (version) => version === 1,
      hasItem: (item) => item !== 'unknown',
      transaction: async (work) => {
        const before = [this.entries, this.visits, this.prospects, this.statements] as const
        this.entries = new Map(this.entries)
        this.visits = new Map(this.visits)
        this.prospects = new Set(this.prospects)
        this.statements = new Map(this.statements)
        try {
          return await work(this.#within(author))
        } catch (error) {
          ;[this.entries, this.visits, this.prospects, this.statements] = before
          throw error
        }
      },
    }
  }

  #write() {
    if (++this.writes === this.dieAt) throw new Error('killed')
  }

  #within(author: string): EntryTransaction {
    const beside = (device: string, { at, id }: Entry) =>
      [...this.entries.values()]
        .filter((kept) => kept.device === device && kept.author === author)
        .map((kept) => ({ kept, side: kept.entry.at + kept.entry.id < at + id }))
    return {
      lock: async () => {},
      neighbours: async (device, entry) => {
        const moments = (side: boolean) =>
          beside(device, entry)
            .filter((one) => one.side === side)
            .map(({ kept }) => kept.saidAt)
            .sort()
        return { before: moments(true).at(-1) ?? null, after: moments(false)[0] ?? null }
      },
      findEntry: async (id) => this.entries.get(id) ?? null,
      findContribution: async (id) => this.visits.get(id) ?? null,
      hasProspect: async (id) => this.prospects.has(id),
      addProspect: async ({ id }: ProspectEntry) => {
        this.#write()
        this.prospects.add(id)
      },
      open: async ({ contribution, target, body }: OpenEntry) => {
        if (body === 'ended') throw new EntryRefused('refused', 'right.ended', 'La convention a pris fin.')
        this.#write()
        const held = 'prospect' in target
        this.visits.set(contribution, { author, held })
        return held ? 'held' : 'taken'
      },
      say: async ({ id, contribution, item }: AnswerEntry) => {
        this.#write()
        if (this.visits.get(contribution)!.held) return 'held'
        this.statements.set(id, item)
        return 'taken'
      },
      takeBack: async ({ id }: AnswerEntry) => {
        this.#write()
        this.statements.delete(id)
      },
      agree: async ({ contribution }: ConsentEntry) => {
        this.#write()
        return this.visits.get(contribution)!.held ? 'held' : 'taken'
      },
      keep: async (kept, saidAt) => {
        this.#write()
        this.entries.set(kept.entry.id, { ...kept, saidAt })
      },
    }
  }
}

const base = (n: number, contribution: number) => ({ id: uuid(n), contribution: uuid(contribution), at: iso(n) })
const open = (n: number, contribution: number, changes: Partial<OpenEntry> = {}): Entry => ({
  ...base(n, contribution),
  type: 'open',
  target: { siret: '73282932000074' },
  guide: 1,
  mode: 'full',
  body: 'chambre',
  ...changes,
})
const answer = (n: number, contribution: number, item = 'wood'): Entry => ({
  ...base(n, contribution),
  type: 'answer',
  item,
  value: { kind: 'answer', answer: 'yes' },
  comment: null,
})
const retract = (n: number, contribution: number, entry: number): Entry => ({
  ...base(n, contribution),
  type: 'retract',
  entry: uuid(entry),
})
const request = (...entries: Entry[]): SyncRequest => ({ protocol: 1, device: 'tablet', now: iso(1000), entries })

const take = async (memory: Memory, entries: Entry[], author = 'ada') =>
  (await takeEntries(memory.store(author), request(...entries), iso(1000))).map(({ outcome, code }) =>
    code ? `${outcome} ${code}` : outcome,
  )

test('each entry is taken once, in order, and told what became of it', async () => {
  const memory = new Memory()
  const visit = [open(1, 9), answer(2, 9), retract(3, 9, 2), answer(4, 9, 'water')]
  expect(await take(memory, visit)).toEqual(['taken', 'taken', 'taken', 'taken'])
  expect(await take(memory, visit)).toEqual(['known', 'known', 'known', 'known'])
  expect([...memory.statements.values()]).toEqual(['water'])
  expect(await take(memory, [{ ...visit[1]!, comment: 'x' } as Entry])).toEqual(['refused survey.conflict'])
  expect(await take(memory, [visit[1]!], 'bea')).toEqual(['refused survey.conflict'])
  expect(await take(memory, [answer(5, 9)], 'bea')).toEqual(['refused survey.not_yours'])
  expect(await take(memory, [open(6, 9), answer(7, 9, 'unknown'), retract(8, 9, 1)])).toEqual([
    'refused survey.conflict',
    'refused survey.unknown_item',
    'refused survey.not_an_answer',
  ])
})

test('what needs something that was refused with it is refused for the same reason; else it waits', async () => {
  const memory = new Memory()
  const late = open(1, 9, { body: 'ended' })
  expect(await take(memory, [late, answer(2, 9), retract(3, 9, 2)])).toEqual(Array(3).fill('refused right.ended'))
  expect(memory.entries.size).toBe(0)
  expect(await take(memory, [answer(2, 9)])).toEqual(['later survey.not_open'])
  expect(await take(memory, [open(4, 8, { guide: 2 }), answer(5, 8)])).toEqual(
    Array(2).fill('later survey.guide_too_new'),
  )
  expect(await take(memory, [open(6, 7), retract(8, 7, 77)])).toEqual(['taken', 'later survey.no_answer'])
})

test('a prospect comes before its visit, which is held', async () => {
  const memory = new Memory()
  const visit = open(2, 9, { target: { prospect: uuid(1) } })
  expect(await take(memory, [visit, answer(3, 9)])).toEqual(Array(2).fill('later survey.no_prospect'))
  const prospect: Entry = {
    ...base(1, 9),
    type: 'prospect',
    name: 'X',
    commune: '82121',
    address: null,
    metier: null,
    body: 'chambre',
  }
  expect(await take(memory, [prospect, visit, answer(3, 9)])).toEqual(['taken', 'held', 'held'])
  expect(await take(memory, [answer(3, 9)])).toEqual(['known held'])
})

test('moments: the skew is taken off, nothing is in the future or out of the order of its device', () => {
  const at = (ms: number) => new Date(ms).toISOString()
  const instant = fc.integer({ min: 0, max: 4e12 })
  fc.assert(
    fc.property(instant, instant, instant, (written, sent, now) => {
      const moment = momentOf(at(written), at(sent), at(now), none)
      expect(Date.parse(moment)).toBe(Math.min(now, Math.max(Date.UTC(1990), written + now - sent)))
    }),
  )
  // Texts sort as moments do within four figures of a year alone.
  const [first, last] = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']
  expect(momentOf(last, first, iso(50), none)).toBe(iso(50))
  expect(momentOf(first, last, iso(50), none)).toBe('1990-01-01T00:00:00.000Z')
  expect(momentOf(iso(0), iso(0), iso(50), { before: iso(80), after: null })).toBe(iso(50))
  expect(momentOf(iso(0), iso(0), iso(50), { before: iso(20), after: iso(30) })).toBe(iso(30))
  expect(momentOf(iso(0), iso(90), iso(100), { before: iso(20), after: iso(30) })).toBe(iso(20))
})

test('two entries are the same whatever the order of their fields', () => {
  expect(sameEntry({ ...answer(1, 9) }, JSON.parse('{"type":"answer"}') as Entry)).toBe(false)
  const { id, ...rest } = answer(1, 9)
  expect(sameEntry(answer(1, 9), { ...rest, id } as Entry)).toBe(true)
})

const visit = [open(1, 9), answer(2, 9), answer(3, 9, 'water'), retract(4, 9, 2), answer(5, 9, 'sun'), retract(6, 9, 5)]

/** Sends again what is not known to be kept, as a device does. */
async function sendUntilKept(memory: Memory, batches: readonly number[][], deaths: readonly number[]): Promise<void> {
  const told = new Set<string>()
  const dying = [...deaths]
  for (const batch of [...batches, ...Array.from({ length: 5 }, () => visit.map((_, i) => i))]) {
    memory.writes = 0
    memory.dieAt = dying.shift() ?? Infinity
    const entries = batch.map((i) => visit[i]!)
    // Moments of sending differ: each has the order of the device alone to hold to.
    const results = await takeEntries(memory.store('ada'), request(...entries), iso(1000)).catch(() => [])
    for (const { id, outcome } of results) if (['taken', 'known'].includes(outcome)) told.add(id)
    for (const id of told) expect(memory.entries.has(id)).toBe(true)
  }
}

test('whatever the order, the repetitions and the deaths of the server, the same comes out', async () => {
  const batches = fc.array(fc.array(fc.integer({ min: 0, max: visit.length - 1 }), { maxLength: 6 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(batches, fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 10 }), async (sent, deaths) => {
      const memory = new Memory()
      await sendUntilKept(memory, sent, deaths)
      memory.dieAt = Infinity
      await takeEntries(memory.store('ada'), request(...visit), iso(1000))
      expect([...memory.statements]).toEqual([[uuid(3), 'water']])
      expect(memory.entries.size).toBe(visit.length)
      const moments = visit.map(({ id }) => memory.entries.get(id)!.saidAt)
      expect(moments).toEqual(moments.toSorted())
    }),
    { numRuns: 500 },
  )
})
