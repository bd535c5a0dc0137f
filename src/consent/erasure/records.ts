import { retire, sql, type Erased, type Executor, type Subject } from '#platform'

/** Every record that a subject must agree to, or the record itself, and the scans that prove an agreement. */
export async function listRecordsOf(db: Executor, subject: Subject): Promise<Subject[]> {
  const found = await sql<Subject>`
    with records as (
      select kind, id from consent.record where holder_kind = ${subject.kind} and holder_id = ${subject.id}
      union select kind, id from consent.record where kind = ${subject.kind} and id = ${subject.id}
    )
    select kind, id from records
    union select 'media', e.evidence from consent.event e join records r on r.kind = e.kind and r.id = e.record
      where e.evidence is not null`.execute(db)
  return found.rows
}

/**
 * Destroys what is known of these records' agreements, in the transaction that destroys their content; their ids stay,
 * as erased for good, and those that were public are retired.
 */
export async function eraseRecords(trx: Executor, kind: string, ids: readonly string[]): Promise<void> {
  const list = sql`${[...ids]}::text[]`
  await sql`select set_config('consent.erasing', 'on', true)`.execute(trx)
  await sql`delete from consent.event where kind = ${kind} and record = any(${list})`.execute(trx)
  await sql`select set_config('consent.erasing', 'off', true)`.execute(trx)
  const found = await sql<{ id: string }>`
    select id from consent.record where kind = ${kind} and id = any(${list}) and effective = 'public'`.execute(trx)
  await sql`update consent.record set asked = 'secret', body = null, holder_kind = null, holder_id = null, author = null,
      item = null, pillar = null, commune = null, metier = null, status = 'erased', effective = 'secret', uses = '{}',
      until = null, text_version = null, minor = false, identifying = true, version = nextval('consent.version'),
      changed_at = now()
    where kind = ${kind} and id = any(${list}) and status <> 'erased'`.execute(trx)
  await retire(
    trx,
    kind,
    found.rows.map(({ id }) => id),
  )
}

/** What consent itself destroys about a subject. */
export async function eraseConsents(trx: Executor, subject: Subject): Promise<Erased> {
  const records = await listRecordsOf(trx, subject)
  for (const kind of new Set(records.map((one) => one.kind)))
    await eraseRecords(
      trx,
      kind,
      records.filter((one) => one.kind === kind).map(({ id }) => id),
    )
  const unnamed = subject.kind === 'person' || subject.kind === 'guest' ? await forgetActor(trx, subject.id) : 0
  return { files: [], tables: records.length + unnamed > 0 ? ['consent.event', 'consent.record'] : [] }
}

/** What somebody wrote down for others stays, without who did. */
async function forgetActor(trx: Executor, person: string): Promise<number> {
  await sql`select set_config('consent.erasing', 'on', true)`.execute(trx)
  const events = await sql`update consent.event set actor = null where actor = ${person} returning 1`.execute(trx)
  await sql`select set_config('consent.erasing', 'off', true)`.execute(trx)
  const records = await sql`update consent.record set author = null where author = ${person} returning 1`.execute(trx)
  return events.rows.length + records.rows.length
}
