import type { Grant, ProtectedRecord } from '#accounts'
import type { Disclosure, Pillar, Purpose } from '#accounts/model'
import { emit, retire, sql, type Actor, type Database, type Executor, type Subject } from '#platform'
import {
  agreedScope,
  effectiveDisclosure,
  transition,
  undeclared,
  type AgeClass,
  type ConsentEvent,
  type RecordState,
  type Signatory,
} from './machine.ts'
import type { ConsentRecord, Way } from './model.ts'

/** What a decision on rights needs to know of a record; what is absent is not known. */
export interface RecordContext {
  /** Person or guest who wrote it. */
  author?: string | null
  item?: string
  pillar?: Pillar
  commune?: string | null
  metier?: string | null
}

/** What the ledger keeps beside the event itself: how, by whom, on which text. */
export interface EventDetail {
  actor: string | null
  way?: Way
  guardian?: string | null
  textVersion?: string
  textLang?: string
  evidence?: string | null
}

interface EventRow {
  type: 'declare' | 'ask' | 'give' | 'narrow' | 'refuse' | 'withdraw' | 'expire'
  at: string
  asked: Disclosure
  holder_kind: string | null
  holder_id: string | null
  identifying: boolean
  audience: Disclosure
  uses: Purpose[]
  until: string | null
  signed_by: Signatory
  age_class: AgeClass
}

/** SQL of a moment as ISO 8601 in UTC. */
export const isoText = (column: string) =>
  sql.raw<string | null>(`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`)

/** A subject as the pure rule names it. */
export const keyOf = (subject: Subject | null) => (subject ? `${subject.kind}:${subject.id}` : null)

/** What reads. */
export const reader = (db: Database | Executor): Executor => ('kysely' in db ? db.kysely : db)

function toEvent(row: EventRow): ConsentEvent {
  const scope = { audience: row.audience, uses: row.uses, until: row.until }
  switch (row.type) {
    case 'declare': {
      const holder = row.holder_kind === null ? null : { kind: row.holder_kind, id: row.holder_id! }
      return { type: 'declare', asked: row.asked, holder: keyOf(holder), identifying: row.identifying }
    }
    case 'give':
      return { type: 'give', by: row.signed_by, ageClass: row.age_class, scope }
    case 'narrow':
      return { type: 'narrow', scope }
    case 'expire':
      return { type: 'expire', at: row.at }
    default:
      return { type: row.type }
  }
}

/** The state of a record: its events, one after the other. */
export async function readState(db: Executor, kind: string, id: string): Promise<RecordState> {
  const found =
    await sql<EventRow>`select type, ${isoText('at')} as at, asked, holder_kind, holder_id, identifying, audience,
      uses, ${isoText('until')} as until, signed_by, age_class
    from consent.event where kind = ${kind} and record = ${id} order by position`.execute(db)
  return found.rows.reduce((state, row) => transition(state, toEvent(row)) ?? state, undeclared)
}

/** A record as it is now; null when it was never declared. */
export async function findRecord(db: Database | Executor, kind: string, id: string): Promise<ConsentRecord | null> {
  type Row = Omit<ConsentRecord, 'holder'> & { holder_kind: string | null; holder_id: string | null }
  const found = await sql<Row>`select kind, id, asked, body, holder_kind, holder_id, identifying, author, item, pillar,
      commune, metier, status, minor, uses, ${isoText('until')} as until, text_version as "textVersion",
      case when until <= now() then 'secret' else effective end as effective
    from consent.record where kind = ${kind} and id = ${id}`.execute(reader(db))
  const row = found.rows[0]
  if (!row) return null
  const { holder_kind, holder_id, ...rest } = row
  return { ...rest, holder: holder_kind === null ? null : { kind: holder_kind, id: holder_id! } }
}

async function insertEvent(trx: Executor, { kind, id }: Subject, event: ConsentEvent, at: string, detail: EventDetail) {
  const declared = event.type === 'declare' ? event : null
  const [holderKind, ...holderId] = declared?.holder?.split(':') ?? []
  const given = event.type === 'give' ? event : null
  const scope = event.type === 'give' || event.type === 'narrow' ? event.scope : null
  await sql`insert into consent.event (kind, record, at, type, actor, asked, holder_kind, holder_id, identifying,
      audience, uses, until, way, signed_by, age_class, guardian, text_version, text_lang, evidence)
    values (${kind}, ${id}, ${at}, ${event.type}, ${detail.actor}, ${declared?.asked ?? null}, ${holderKind ?? null},
      ${declared?.holder ? holderId.join(':') : null}, ${declared?.identifying ?? null}, ${scope?.audience ?? null},
      ${scope ? [...scope.uses] : null}::text[], ${scope?.until ?? null}, ${detail.way ?? null}, ${given?.by ?? null},
      ${given?.ageClass ?? null}, ${detail.guardian ?? null}, ${detail.textVersion ?? null}, ${detail.textLang ?? null},
      ${detail.evidence ?? null})`.execute(trx)
}

/** Writes a state over the record's row; the version moves when what may be shown does. */
async function saveState(trx: Executor, { kind, id }: Subject, state: RecordState, at: string, text?: string) {
  const scope = agreedScope(state)
  const effective = effectiveDisclosure(state, at)
  await sql`update consent.record set asked = ${state.asked}, identifying = ${state.identifying},
      status = ${state.status}, minor = ${state.minor}, effective = ${effective}, uses = ${[...(scope?.uses ?? [])]}::text[],
      until = ${scope?.until ?? null}, changed_at = ${at},
      text_version = ${scope ? sql`coalesce(${text ?? null}, text_version)` : null},
      version = nextval('consent.version')
    where kind = ${kind} and id = ${id}`.execute(trx)
  return effective
}

/** What the decision on rights sees: whoever collected a record, for its body, may write down what the holder says. */
export function protectedOf({ kind, id, holder, body, author, ...one }: ConsentRecord): ProtectedRecord {
  return {
    item: one.item ?? kind,
    pillar: one.pillar ?? 'register',
    subject: holder ?? { kind, id },
    commune: one.commune,
    metier: one.metier,
    disclosure: body === null ? 'secret' : 'body',
    body,
    author,
  }
}

/** A guest signs what concerns him; whoever wrote what concerns nobody decides of it. */
export function ownGrant(actor: Actor, { holder, author }: ConsentRecord): Grant | null {
  if (actor === null || actor === 'operator') return null
  const own = holder ? holder.kind === actor.kind && holder.id === actor.id : author === actor.id
  return own ? { allowed: true, by: 'subject' } : null
}

/** What was written last, whatever its term; two events of one record follow each other. */
async function lock(trx: Executor, { kind, id }: Subject) {
  const found = await sql<Pick<ConsentRecord, 'status' | 'effective'>>`
    select status, effective from consent.record where kind = ${kind} and id = ${id} for update`.execute(trx)
  return found.rows[0]
}

/**
 * Appends an event and makes the record follow, in the transaction of the caller: whoever lists what is public sees it
 * at the commit, and what stops being public is retired.
 * @returns the disclosure in force after it, or null when the event is not possible in the record's state
 */
export async function apply(
  trx: Executor,
  subject: Subject,
  event: ConsentEvent,
  detail: EventDetail,
): Promise<Disclosure | null> {
  const at = event.type === 'expire' ? event.at : new Date().toISOString()
  const before = await lock(trx, subject)
  const next = transition(await readState(trx, subject.kind, subject.id), event)
  if (!next || !before || before.status === 'erased') return null
  await insertEvent(trx, subject, event, at, detail)
  const effective = await saveState(trx, subject, next, at, detail.textVersion)
  await emit(trx, 'consent.changed', { kind: subject.kind, id: subject.id })
  if (before.effective === 'public' && effective !== 'public') await retire(trx, subject.kind, [subject.id])
  return effective
}
