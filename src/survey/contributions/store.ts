import { findRecord } from '#consent'
import { sql, transaction, UserError, type App, type Database, type Executor, type User } from '#platform'
import { withdrawStatement } from '#statements'
import { findGuide, findGuideItem, latestGuide } from '../guide/guides.ts'
import type { AnswerEntry, ConsentEntry, Entry, OpenEntry, ProspectEntry } from '../model.ts'
import { agree } from './agreement.ts'
import { contributionKind, declareContribution } from './disclosure.ts'
import { communeUnknown, EntryRefused, erased, failed, unwritable } from './refusal.ts'
import { clauseOf, requireContribute, type About, type Asked } from './rights.ts'
import { findContribution, findKept, findNeighbours, findUnit, lockId, type Contribution, type Place } from './rows.ts'
import type { EntryStore, EntryTransaction, KeptEntry, KeptState } from './take.ts'
import {
  checkAnswer,
  insertContribution,
  insertEntry,
  insertProspect,
  sayAnswer,
  type Coming,
  type Opening,
} from './writing.ts'

interface Prospect extends Place {
  siret: string | null
}

async function findProspect(trx: Executor, id: string): Promise<Prospect | null> {
  const found = await sql<Prospect>`
    select siret, commune, metier from survey.prospect where id = ${id}::uuid`.execute(trx)
  return found.rows[0] ?? null
}

/** Entries in tables; what they say in statements and agreements, in the same transaction. */
class SqlEntries implements EntryTransaction {
  readonly #trx: Executor
  readonly #actor: User
  readonly #coming: Coming

  constructor(trx: Executor, actor: User, coming: Coming) {
    this.#trx = trx
    this.#actor = actor
    this.#coming = coming
  }

  async lock(device: string, contribution: string) {
    if (this.#coming.channel === 'device') await lockId(this.#trx, `${this.#actor.id} ${device}`)
    await lockId(this.#trx, contribution)
  }

  neighbours(device: string, entry: Entry) {
    // A form or a file has no clock of its own.
    if (this.#coming.channel !== 'device') return Promise.resolve({ before: null, after: null })
    return findNeighbours(this.#trx, this.#actor.id, device, entry)
  }

  findEntry(id: string) {
    return findKept(this.#trx, id)
  }

  async findContribution(id: string): Promise<Contribution | null> {
    const found = await findContribution(this.#trx, id)
    if (!found && (await findRecord(this.#trx, contributionKind, id))?.status === 'erased') throw erased()
    return found
  }

  async hasProspect(id: string) {
    // Whoever links it to the register waits, and finds this visit.
    await lockId(this.#trx, id)
    return (await findProspect(this.#trx, id)) !== null
  }

  keep(kept: KeptEntry, saidAt: string) {
    return insertEntry(this.#trx, kept, saidAt, this.#coming)
  }

  #about(subject: About['subject'], place: Place | null, body: string | null): About {
    return { subject, place, body, author: this.#actor.id }
  }

  async addProspect(entry: ProspectEntry) {
    const { id, commune, metier, body } = entry
    const known =
      await sql`select 1 from territory.public_territory where code = ${commune} and kind = 'commune'`.execute(
        this.#trx,
      )
    if (known.rows.length === 0) throw communeUnknown(commune)
    const about = this.#about({ kind: 'prospect', id }, { commune, metier }, body)
    await requireContribute(this.#trx, this.#actor, about, latestGuide().items)
    await insertProspect(this.#trx, this.#actor.id, entry)
  }

  async open(entry: OpenEntry, openedAt: string): Promise<KeptState> {
    const { target, body, guide, contribution } = entry
    const prospect = 'prospect' in target ? await findProspect(this.#trx, target.prospect) : null
    const siret = 'siret' in target ? target.siret : prospect!.siret
    const unit = siret === null ? null : await findUnit(this.#trx, siret)
    const place = unit ?? prospect
    const subject =
      'siret' in target ? { kind: 'enterprise', id: target.siret } : { kind: 'prospect', id: target.prospect }
    const about = this.#about(subject, place, body)
    const { grant, item } = await requireContribute(this.#trx, this.#actor, about, findGuide(guide)!.items)
    const opening: Opening = {
      siret,
      place: place ?? { commune: null, metier: null },
      clause: clauseOf(grant),
      held: unit === null,
      author: this.#actor.id,
      openedAt,
    }
    await insertContribution(this.#trx, entry, opening, this.#coming)
    if (unit === null) return 'held'
    await declareContribution(this.#trx, (await findContribution(this.#trx, contribution))!, item)
    return 'taken'
  }

  async say(entry: AnswerEntry, saidAt: string): Promise<KeptState> {
    checkAnswer(entry)
    const one = (await findContribution(this.#trx, entry.contribution))!
    const unit = one.siret === null || one.held ? null : await findUnit(this.#trx, one.siret)
    if (unit !== null) {
      await sayAnswer(this.#trx, this.#actor, one, entry, { saidAt })
      return 'taken'
    }
    const subject = { kind: 'enterprise', id: one.siret ?? one.id }
    // Of an enterprise that was never in the register nobody knows the place.
    const place = one.commune === null ? null : one
    const item: Asked = findGuideItem(entry.item)!
    await requireContribute(this.#trx, this.#actor, this.#about(subject, place, one.body), [item])
    return 'held'
  }

  async takeBack({ id }: AnswerEntry) {
    await withdrawStatement(this.#trx, this.#actor, id)
  }

  async agree(entry: ConsentEntry, saidAt: string): Promise<KeptState> {
    const one = (await findContribution(this.#trx, entry.contribution))!
    if (one.held) return 'held'
    await agree(this.#trx, this.#actor, one, entry, saidAt)
    return 'taken'
  }
}

/** Class 22 of SQLSTATE, « data exception »: what the entry says cannot be kept, however often it is sent. */
const isOfData = (error: unknown) => String((error as { code?: unknown } | null)?.code ?? '').startsWith('22')

/** What users may read of an error is told of the entry; any other error is ours, and the entry may be sent again. */
function refusalOf(log: App['log'], error: unknown): EntryRefused {
  if (error instanceof EntryRefused) return error
  if (error instanceof UserError && error.status < 500) return new EntryRefused('refused', error.code, error.message)
  log.error({ err: error }, 'an entry of a survey could not be taken')
  return isOfData(error) ? unwritable() : failed()
}

/** A part of a transaction that is open: what it wrote is taken back when it fails. */
async function nested<T>(trx: Executor, work: (trx: Executor) => Promise<T>): Promise<T> {
  await sql`savepoint survey_entry`.execute(trx)
  try {
    const result = await work(trx)
    await sql`release savepoint survey_entry`.execute(trx)
    return result
  } catch (error) {
    await sql`rollback to savepoint survey_entry`.execute(trx)
    throw error
  }
}

/**
 * The database as the place where the entries of a person go: each in a transaction of its own, or all in one that is open.
 */
export function createEntryStore(
  { db, log }: { db: Database | Executor; log: App['log'] },
  actor: User,
  coming: Coming,
): EntryStore {
  return {
    author: actor.id,
    latestGuide: latestGuide().version,
    hasGuide: (version) => findGuide(version) !== null,
    hasItem: (item) => findGuideItem(item) !== null,
    async transaction(work) {
      const take = (trx: Executor) => work(new SqlEntries(trx, actor, coming))
      try {
        return await ('kysely' in db ? transaction(db, take) : nested(db, take))
      } catch (error) {
        throw refusalOf(log, error)
      }
    },
  }
}
