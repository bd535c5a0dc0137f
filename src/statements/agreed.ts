import { emit, retire, sql, transaction, type EventHandler, type Executor, type Subject } from '#platform'
import { lockItem, readActs } from './acts.ts'
import { agree } from './agree.ts'
import { findKind } from './items.ts'
import type { Agreed } from './model.ts'

type Audience = 'all' | 'public'

/** Writes what came out for an audience, or that nothing did; says whether that is a change. */
async function keep(trx: Executor, { kind, id }: Subject, item: string, audience: Audience, agreed: Agreed | null) {
  const row = sql`subject_kind = ${kind} and subject_id = ${id} and item = ${item} and audience = ${audience}`
  if (!agreed) {
    const gone = await sql`delete from statements.agreed where ${row} returning 1`.execute(trx)
    return gone.rows.length > 0
  }
  const { state, value, support, voices, saidOn, ...detail } = agreed
  const json = JSON.stringify(detail)
  const shown = [
    ...new Set(agreed.sides.flatMap(({ statements }) => statements).concat(agreed.settlement?.chosen ?? [])),
  ]
  const written = await sql`
    insert into statements.agreed (subject_kind, subject_id, item, audience, state, value, support, voices, said_on, detail, statements)
    values (${kind}, ${id}, ${item}, ${audience}, ${state}, ${value === null ? null : JSON.stringify(value)}::jsonb, ${support},
      ${voices}, ${saidOn}::date, ${json}::jsonb, ${shown}::text[])
    on conflict (subject_kind, subject_id, item, audience) do update set state = excluded.state, value = excluded.value,
      support = excluded.support, voices = excluded.voices, said_on = excluded.said_on, detail = excluded.detail,
      statements = excluded.statements, version = nextval('statements.version'), computed_at = clock_timestamp()
    where (statements.agreed.state, statements.agreed.value, statements.agreed.said_on, statements.agreed.detail)
      is distinct from (excluded.state, excluded.value, excluded.said_on, excluded.detail)
    returning 1`.execute(trx)
  return written.rows.length > 0
}

/** Whoever took copies of what must no longer be shown is told. */
async function retireShown(trx: Executor, { kind, id }: Subject, item: string): Promise<void> {
  const found = await sql<{ statements: string[] }>`
    select statements from statements.agreed
    where subject_kind = ${kind} and subject_id = ${id} and item = ${item} and audience = 'public'`.execute(trx)
  await retire(trx, 'statement', found.rows[0]?.statements ?? [])
}

/**
 * Computes again what comes out of all that was said about one item of one subject, for all and for the public, in the
 * transaction of what changed. A change is told by the event `statements.agreed` {kind, id, item}.
 */
export async function recompute(trx: Executor, subject: Subject, item: string): Promise<void> {
  await lockItem(trx, subject, item)
  const known = await readActs(trx, subject, item)
  const facts = known.length > 0 ? await findKind(subject.kind)?.describe(trx, subject.id) : null
  const withheld = !facts || facts.withheld.includes(item)
  const open = withheld ? [] : known.filter(({ isPublic }) => isPublic)
  const [all, shown] = [agree(known.map(({ act }) => act)), agree(open.map(({ act }) => act))]
  if (withheld) await retireShown(trx, subject, item)
  const changed = [await keep(trx, subject, item, 'all', all), await keep(trx, subject, item, 'public', shown)]
  if (changed.includes(true)) await emit(trx, 'statements.agreed', { ...subject, item })
}

/** Computes again every item that something was said about, for subjects of which what may be shown has changed. */
export async function recomputeSubjects(trx: Executor, kind: string, ids: readonly string[]): Promise<void> {
  const found = await sql<{ id: string; item: string }>`
    select distinct subject_id as id, item from statements.statement
    where subject_kind = ${kind} and subject_id = any(${[...ids]}::text[]) order by 1, 2`.execute(trx)
  for (const { id, item } of found.rows) await recompute(trx, { kind, id }, item)
}

/** What may be shown of a statement has changed: so may what everybody reads as agreed. */
export const recomputeAfterConsent: EventHandler = {
  kind: 'consent.changed',
  name: 'statements.recompute',
  async handle({ db }, { payload }) {
    if (payload.kind !== 'statement') return
    await transaction(db, async (trx) => {
      const found = await sql<{ kind: string; subject: string; item: string }>`
        select subject_kind as kind, subject_id as subject, item from statements.statement
        where id = ${String(payload.id)}::uuid`.execute(trx)
      const row = found.rows[0]
      if (row) await recompute(trx, { kind: row.kind, id: row.subject }, row.item)
    })
  },
}
